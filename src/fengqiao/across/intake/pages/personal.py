"""My data (L9 §44-50): see what is kept, and ask for a copy, a correction or deletion. Asking opens a case with a limit."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from fengqiao.access import doors, throttle
from fengqiao.access.acting import acting
from fengqiao.access.sessions import address
from fengqiao.across.intake import queries, services
from fengqiao.across.intake.forms import DataForm, LookUpForm
from fengqiao.across.intake.pages import held, receipts
from fengqiao.across.intake.terms import PERSONAL_DATA
from fengqiao.base.words import _
from fengqiao.cases import views
from fengqiao.cases.models import Case
from fengqiao.cases.schemas import Report
from fengqiao.people import queries as people

SHOWN = 50
REQUEST = _("Request about personal data kept with {number}: {wish}. {text}")


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
    if found is None or not found.mine:
        raise Http404
    form = DataForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _ask(request, found, form)
    photos = [file for stage in found.stages if stage.move == "report" for file in stage.files]
    context = {"found": found, "told": told, "photos": photos, "form": form, "form_token": doors.form_token()}
    return render(request, "intake/my_data_of.html", context, status=422 if form.errors else 200)


def _ask(request: HttpRequest, found: queries.Status, form: DataForm) -> HttpResponse:
    """Open a case about the request; its number is the receipt."""
    wish = dict(DataForm.WISHES)[form.cleaned_data["wish"]]
    text = REQUEST.say(gettext, {"number": found.case.number, "wish": wish, "text": form.cleaned_data["text"]})
    act = services.as_channel(doors.act_from(request), found.case.channel, queries.notice(found.case.created_at).version)
    area = people.area(found.case.area)
    throttle.count(act, "report", address(request), settings.FENGQIAO_ANONYMOUS_REPORTS)
    with acting(act):
        case = services.report(act, Report(category=PERSONAL_DATA, text=text.strip()), area=area.code if area else found.case.area)
    held.remember(request, case.number, services.numbers.receipt_code(case.number), fresh=True)
    return redirect("receipt", number=case.number)
