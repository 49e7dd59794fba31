"""From the code on the wall to the receipt: what is it, where is it, is it one of these, and, if you like, who are you?"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fengqiao.access import doors, throttle
from fengqiao.access.acting import acting
from fengqiao.access.doors import act_from, machine_act
from fengqiao.access.sessions import address
from fengqiao.across.intake import queries, services
from fengqiao.across.intake.forms import STEP_TITLES, STEPS, ReportForm
from fengqiao.across.intake.pages import grounds, held
from fengqiao.across.intake.pages.origins import Origin, origin_of
from fengqiao.across.intake.schemas import FiledFor
from fengqiao.across.intake.seeds import DEMO_CODES
from fengqiao.across.intake.terms import AIM_CATEGORY, AIM_HELP, AIM_TITLES, Aim
from fengqiao.base.act import Act
from fengqiao.base.clock import now
from fengqiao.base.errors import FengqiaoError, Invalid, TooMany
from fengqiao.base.words import _
from fengqiao.cases import views
from fengqiao.cases.claims import KeyUsedOtherwise
from fengqiao.cases.models import Case
from fengqiao.cases.schemas import Place, Report
from fengqiao.kits.files import services as files
from fengqiao.people import queries as people

SENT_BEFORE = _("This report had already arrived; this is its receipt. What you changed afterwards was not sent: send it as a new report.")
NOT_HERE = _("This point is not in our district. Tap nearer to where it is.")
OF_FIELD = {"text": "what", "photo": "what", "address": "where", "lon": "where", "lat": "where"}


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Say what this is, and offer the three things people come for."""
    doors.refresh()
    urgent, others = ([row for row in queries.redirects() if row.urgent is wanted] for wanted in (True, False))
    actor = act_from(request).actor if request.user.is_authenticated else None
    context = {
        "demo": settings.DEMO, "demo_code": DEMO_CODES[0][0], "redirects": urgent, "others": others,
        "codes": bool(actor and actor.may("codes:make")), "rules": bool(actor and actor.may("settings:edit")),
    }  # fmt: skip
    return render(request, "intake/start.html", context)


@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """Say whom to call, in letters one can read with trembling hands."""
    doors.refresh()
    return render(request, "intake/help_now.html", {"urgent": [row for row in queries.redirects() if row.urgent]})


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Let somebody without a code choose the community."""
    doors.refresh()
    town = people.area(request.GET.get("town", ""))
    rows = people.parts(town.code) if town else people.towns()
    language = views.language()
    found = [{"code": row.code, "name": row.called(language)} for row in rows]
    return render(request, "intake/places.html", {"town": town.called(language) if town else "", "rows": found})


@require_safe
def landing(request: HttpRequest, token: str = "", area: str = "") -> HttpResponse:
    """Say where one is and what is kept, and ask what it is about."""
    origin = origin_of(request, token=token, area=area, count=request.method == "GET")
    notice = queries.notice(now())
    aims = [{"title": gettext(AIM_TITLES[aim]), "help": gettext(AIM_HELP[aim]), "url": _next_of(origin, aim)} for aim in Aim]
    return render(request, "intake/landing.html", {"origin": origin, "notice": queries.called(notice, "text"), "aims": aims})


def _next_of(origin: Origin, aim: Aim) -> str:
    return origin.url(aim, AIM_CATEGORY[aim]) if aim in AIM_CATEGORY else origin.url(aim)


@require_safe
def kinds(request: HttpRequest, aim: str, token: str = "", area: str = "") -> HttpResponse:
    """Offer the kinds of matter, those people usually mean first."""
    origin, aim = origin_of(request, token=token, area=area), _aim(aim)
    groups = [
        {"title": group.title, "open": group.open, "kinds": [(name, origin.url(aim, code)) for code, name in group.kinds]}
        for group in queries.kinds_for(aim)
    ]
    usual, others = [group for group in groups if group["open"]], [group for group in groups if not group["open"]]
    return render(request, "intake/kinds.html", {"origin": origin, "aim": gettext(AIM_TITLES[aim]), "usual": usual, "others": others})


def _aim(text: str) -> Aim:
    try:
        return Aim(text)
    except ValueError:
        raise Http404 from None


@never_cache
def form(request: HttpRequest, aim: str, category: str, token: str = "", area: str = "") -> HttpResponse:
    """Go through the steps; every step carries what was said before, and the last one sends."""
    origin = origin_of(request, token=token, area=area)
    if not queries.category_name(category):
        raise Http404
    if queries.is_sealed(category):
        return render(request, "intake/in_person.html", {"origin": origin, "category_name": queries.category_name(category)})
    if request.method != "POST":
        given = {"category": category, "address": origin.address, "lon": origin.lon, "lat": origin.lat}
        return _page(request, origin, "what", ReportForm(initial=given, step="what"), doors.form_token())
    return Steps(request, origin, _aim(aim)).answer()


class Steps:
    """One request on its way through the form."""

    def __init__(self, request: HttpRequest, origin: Origin, aim: Aim) -> None:
        self.request, self.origin, self.aim = request, origin, aim
        self.token, self.address = grounds.token_of(request), address(request)
        act = act_from(request)
        self.officer = bool(act.actor.org)
        self.act = services.as_channel(act, services.channel_of(act, origin.channel), queries.notice(now()).version)
        self.step = request.POST.get("step", "what")
        if self.step not in STEP_TITLES:
            raise Http404
        self.data = request.POST.copy()
        self.wrong: dict[str, str] = {}

    def answer(self) -> HttpResponse:
        """Show the next step, the same one with what is wrong, or the receipt."""
        self._keep_photos()
        back = self.request.POST.get("back", "")
        if back in STEPS:
            return self._show(back)
        if "tap.x" in self.data:
            self._take_point()
            return self._show("where", tapped=True)
        checked = ReportForm(self.data, self.request.FILES, step=self.step, officer=self.officer)
        if not checked.is_valid() or self.wrong:
            for name, sentence in self.wrong.items():
                checked.add_error(name if name in checked.fields else None, sentence)
            return self._again(checked)
        return self._on(checked)

    def _on(self, checked: ReportForm) -> HttpResponse:
        said = checked.cleaned_data
        if self.step == "what":
            return self._show("where")
        if self.step in ("where", "same"):
            near = [] if self.step == "same" or said["checked"] else self._nearby(said)
            self.data["checked"] = "on"
            return self._show("same", near=near) if near else self._show("who")
        try:
            case = self._send(said)
        except (Invalid, TooMany) as error:
            return self._sorry(checked, error)
        held.remember(self.request, case.number, services.numbers.receipt_code(case.number), fresh=True)
        return redirect("receipt", number=case.number)

    def _sorry(self, checked: ReportForm, error: Invalid | TooMany) -> HttpResponse:
        before = services.opened_before(self.act) if isinstance(error, KeyUsedOtherwise) else None
        if before is not None:
            # Sent before, and the answer was lost on the way; what stands on this telephone was changed since. It is there once.
            held.remember(self.request, before, services.numbers.receipt_code(before), fresh=True)
            messages.info(self.request, gettext(SENT_BEFORE))
            return redirect("receipt", number=before)
        fields = error.fields if isinstance(error, Invalid) else {}
        for name, sentence in fields.items():
            told = gettext(sentence) if isinstance(sentence, str) else str(sentence)
            checked.add_error(name if name in checked.fields else None, told)
        if not fields:
            checked.add_error(None, error.say(gettext))
        return self._again(checked)

    def _send(self, said: dict[str, Any]) -> Case:
        point = Place(lon=said["lon"], lat=said["lat"]) if said["lon"] is not None and said["lat"] is not None else None
        report = Report(
            category=said["category"], text=said["text"], address=said["address"], place=point, area=self.origin.area[:15],
            photos=grounds.ids(said["photos"]), name=said["name"], phone=grounds.phone(said["phone"]),
        )  # fmt: skip
        if said.get("consent"):
            report = FiledFor(**report.facts(), consent=said["consent"])
        with acting(self.act):
            throttle.count(self.act, "report", self.address, settings.FENGQIAO_ANONYMOUS_REPORTS)
            return services.report(self.act, report, area=self.origin.area, code=self.origin.token)

    def _nearby(self, said: dict[str, Any]) -> list[queries.Near]:
        point = (said["lon"], said["lat"]) if said["lon"] is not None and said["lat"] is not None else None
        about = f"{said['text']} {said['address']}"
        return queries.nearby(self.act.at, category=said["category"], area=self.origin.area, point=point, text=about)

    def _keep_photos(self) -> None:
        kept = grounds.ids(self.data.get("photos", ""))
        for upload in self.request.FILES.getlist("photo")[: grounds.MOST - len(kept)]:
            try:
                with acting(self.act):
                    throttle.count(self.act, "photo", self.address, settings.FENGQIAO_ANONYMOUS_PHOTOS)
                    kept.append(files.keep(self.act, upload).id)
            except FengqiaoError as error:
                self.wrong["photo"] = f"{upload.name}: {error.say(gettext)}"
        self.data["photos"] = " ".join(map(str, kept))

    def _take_point(self) -> None:
        point = grounds.tapped(self.origin.village, self.data.pop("tap.x")[-1], self.data.pop("tap.y")[-1])
        if point is None:
            self.wrong["address"] = gettext(NOT_HERE)
        else:
            self.data["lon"], self.data["lat"] = map(str, point)

    def _show(self, step: str, **more: Any) -> HttpResponse:
        self.data.pop("step", None)
        plain = {name: value for name, value in self.data.items() if name != "csrfmiddlewaretoken"}
        shown = ReportForm(initial=plain, step=step, officer=self.officer)
        if self.wrong:
            more["sorry"] = list(self.wrong.values())
        return _page(self.request, self.origin, step, shown, self.token, **more)

    def _again(self, checked: ReportForm) -> HttpResponse:
        """Show the step in which something is wrong, with all that was typed."""
        wrong = next((OF_FIELD.get(name, "who") for name in checked.errors), self.step)
        step = wrong if STEPS.index(wrong) <= STEPS.index(self.step if self.step in STEPS else "where") else self.step
        again = ReportForm(self.data, self.request.FILES, step=step, officer=self.officer)
        again.full_clean()
        for name, sentences in checked.errors.items():
            for sentence in sentences:
                if sentence not in again.errors.get(name, []):
                    again.add_error(name if name in again.fields else None, sentence)
        return _page(self.request, self.origin, step, again, self.token, status=422)


def _page(request: HttpRequest, origin: Origin, step: str, shown: ReportForm, token: str, status: int = 200, **more: Any) -> HttpResponse:
    category = shown["category"].value() or ""
    point = (shown["lon"].value(), shown["lat"].value())
    context = {
        "origin": origin, "form": shown, "step": step, "title": gettext(STEP_TITLES[step]), "form_token": token,
        "place": STEPS.index(step) + 1 if step in STEPS else 2, "of": len(STEPS), "back": grounds.BEFORE.get(step, ""),
        "photos": len(grounds.ids(shown["photos"].value() or "")), "violence": queries.is_violence(category),
        "urgent": queries.urgent_for(shown["text"].value() or ""), "category_name": queries.category_name(category),
        "map": grounds.map_of(origin.village, *point) if step == "where" else None,
        # What was typed is kept on a person's own telephone; not at a desk others use, and not where somebody may be watching.
        "kept_here": not request.user.is_authenticated and not queries.is_violence(category), "fresh": request.method != "POST", **more,
    }  # fmt: skip
    return render(request, "intake/form.html", context, status=status)


@never_cache
@require_POST
def follow(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Follow a report that is there already instead of sending another."""
    act: Act = act_from(request)
    throttle.count(act, "report", address(request), settings.FENGQIAO_ANONYMOUS_REPORTS)
    with acting(machine_act("intake", act.at)):
        case, code = services.follow(act, case_id)
    held.remember(request, case.number, code, fresh=True)
    return redirect("receipt", number=case.number)


@require_safe
def map_image(request: HttpRequest, area: str) -> HttpResponse:
    """Draw a community, with a mark where it is."""
    drawn = grounds.drawn(area, request.GET.get("lon", ""), request.GET.get("lat", ""))
    if drawn is None:
        raise Http404
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response["Cache-Control"] = "private, max-age=600"
    return response
