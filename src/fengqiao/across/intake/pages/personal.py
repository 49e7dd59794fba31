"""Privacy and my data (L9 §17, §44-50): what is kept and why; see it, and ask for a copy, a correction or deletion.

Asking opens a case with a limit: it goes to the privacy officer, and whatever is refused is refused with its reason.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fengqiao.access import doors, throttle
from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.access.sessions import address
from fengqiao.across.intake import queries, services
from fengqiao.across.intake.forms import DataForm, LookUpForm
from fengqiao.across.intake.pages import held, receipts
from fengqiao.across.intake.terms import DATA_REQUEST, PERSONAL_DATA
from fengqiao.base.clock import now
from fengqiao.base.words import _
from fengqiao.cases import erasing, forms, registry, views
from fengqiao.cases.models import Case, Link
from fengqiao.cases.schemas import Report
from fengqiao.loop.alphabet import ACTIVE, state_of
from fengqiao.people import queries as people

SHOWN = 50
REQUEST = _("Request about personal data kept with {number}: {wish}. {text}")
TWICE = _(
    "You have asked about this report already, under number {number}. Wait for the answer to that request; you can ask again afterwards."
)
GONE = _("What you reported was deleted on {day} at your request. There is nothing left that could be deleted.")
EXPIRED = _("What you reported was deleted on {day}, because the time for which it is kept was over.")
DELETING = ("photo", "contact", "all")


LINE = _("{what}: {said}")


@dataclass(frozen=True, slots=True)
class Earlier:
    """A request that was made about the same report."""

    number: str
    at: datetime
    state: str
    open: bool


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept, why, how long and for whom, and how one gets to one's own data."""
    doors.refresh()
    notice = queries.notice(now())
    officers = people.organisations(field="data")
    context = {
        "notice": notice, "text": queries.called(notice, "text"), "form": LookUpForm(),
        "officer": officers[0].called(views.language()) if officers else "",
    }  # fmt: skip
    return render(request, "intake/privacy.html", context)


@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; somebody with an account finds their reports here at once."""
    form = LookUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = receipts.opened(request, form)
        if number:
            return redirect("my_data_of", number=number)
    context = {"form": form, "own": _own(request) if request.user.is_authenticated else []}
    return render(request, "intake/my_data.html", context, status=422 if form.errors else 200)


def _own(request: HttpRequest) -> list[dict[str, object]]:
    act = doors.act_from(request)
    with acting(act):
        rows = Case.objects.filter(reporter=act.actor.person).order_by("-created_at")[:SHOWN]
        return [{"number": row.number, "at": row.created_at, "what": queries.category_name(row.category)} for row in rows]


@never_cache
def mine(request: HttpRequest, number: str) -> HttpResponse:
    """Show what is kept with a report, and take a request about it."""
    if not held.may_ask(request, number):
        return redirect("my_data")
    act = held.act_of(request, number)
    with acting(act):
        found = queries.status(act, number)
        told = views.told_of(found.case) if found and found.mine else None
        erased = erasing.erased_at(found.case) if found else None
        expired = erasing.erased_at(found.case, erasing.BY_SCHEDULE) if found else None
        until = erasing.kept_until(found.case) if found else None
    if found is None or not found.mine:
        raise Http404
    earlier = _earlier(found.case)
    form = DataForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _may_ask(form, earlier, erased, expired):
        return _ask(request, found, form)
    photos = [file for stage in found.stages if stage.move == "report" for file in stage.files]
    context = {
        "found": found, "told": told, "photos": photos, "form": form, "form_token": doors.form_token(), "earlier": earlier,
        "erased": erased, "expired": expired, "until": until, "waiting": any(one.open for one in earlier),
    }  # fmt: skip
    return render(request, "intake/my_data_of.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def copy(request: HttpRequest, number: str) -> HttpResponse:
    """Give a copy of what is kept, as a plain text to take along (L9 §45)."""
    if not held.may_ask(request, number):
        return redirect("my_data")
    act = held.act_of(request, number)
    with acting(act):
        found = queries.status(act, number)
        told = views.told_of(found.case) if found and found.mine else None
    if found is None or not found.mine:
        raise Http404
    kept = {
        _("Number"): number, _("Kind of matter"): queries.category_name(found.case.category), _("Now"): found.state,
        _("What you wrote"): found.text, _("Place"): found.case.address, _("Your name"): told.name if told else "",
        _("Telephone"): told.phone if told else "", _("Privacy notice shown"): told.consent if told else "",
    }  # fmt: skip
    lines = [LINE.say(gettext, {"what": gettext(what), "said": said or "–"}) for what, said in kept.items()]
    for stage in reversed(found.stages):
        said = " · ".join(filter(None, (stage.title, stage.who, stage.outcome, stage.text)))
        lines.append(LINE.say(gettext, {"what": date_format(localtime(stage.at), "Y-m-d H:i"), "said": said}))
    answer = HttpResponse("\ufeff" + "\r\n".join(lines) + "\r\n", content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.case.number}.txt"'
    return answer


def _earlier(case: Case) -> list[Earlier]:
    """Return what was asked about a report before: the house looks, for whoever asks has shown that the report is theirs."""
    with acting(machine_act("intake", now())):
        rows = list(Case.objects.filter(links__other=case.id, links__relation=Link.Relation.CONCERNS).order_by("-created_at")[:SHOWN])
    return [
        Earlier(
            row.number,
            row.created_at,
            gettext(registry.loop(row.kind, row.loop_version).title_of(state_of(row.state))),
            row.state in ACTIVE,
        )
        for row in rows
    ]


def _may_ask(form: DataForm, earlier: list[Earlier], erased: datetime | None, expired: datetime | None) -> bool:
    waiting = next((one for one in earlier if one.open), None)
    if waiting:
        form.add_error(None, TWICE.say(gettext, {"number": waiting.number}))
    elif (gone := erased or expired) and form.cleaned_data["wish"] in DELETING:
        sentence = GONE if erased else EXPIRED
        form.add_error(None, sentence.say(gettext, {"day": gone.astimezone(people.zone()).date().isoformat()}))
    return not form.errors


def _ask(request: HttpRequest, found: queries.Status, form: DataForm) -> HttpResponse:
    """Open a case about the request; its number is the receipt."""
    wish = form.cleaned_data["wish"]
    told = {"number": found.case.number, "wish": str(dict(DataForm.WISHES)[wish]), "text": form.cleaned_data["text"]}
    act = services.as_channel(doors.act_from(request), found.case.channel, queries.notice(found.case.created_at).version)
    area = people.area(found.case.area)
    asks = forms.asks_of(registry.loop(DATA_REQUEST), "report") or Report
    asked = asks.model_validate({"category": PERSONAL_DATA, "text": REQUEST.say(gettext, told).strip(), "wish": wish})
    throttle.count(act, "report", address(request), settings.FENGQIAO_ANONYMOUS_REPORTS)
    with acting(act):
        where = area.code if area else found.case.area
        case = services.report(act, asked, kind=DATA_REQUEST, area=where, about=found.case.id)  # type: ignore[arg-type]
    held.remember(request, case.number, services.numbers.receipt_code(case.number), fresh=True)
    return redirect("receipt", number=case.number)
