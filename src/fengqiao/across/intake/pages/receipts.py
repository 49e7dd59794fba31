"""The receipt, and how a matter stands for whoever holds it: read, rate, ask again, appeal, withdraw."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fengqiao.access import doors
from fengqiao.access.acting import acting
from fengqiao.access.sessions import address
from fengqiao.across.intake import lookups, queries
from fengqiao.across.intake.forms import LookUpForm, RateForm, WhyForm
from fengqiao.across.intake.pages import held
from fengqiao.across.intake.pages.qr import qr_svg
from fengqiao.across.intake.pages.wording import meaning
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.words import Words, _
from fengqiao.cases import numbers, schemas
from fengqiao.cases import services as cases
from fengqiao.cases.claims import UnknownCase
from fengqiao.kits.notices import queries as notices

FORMS: dict[str, type[Any]] = {"rate": RateForm, "reopen": WhyForm, "appeal": WhyForm, "withdraw": WhyForm}
THANKS: dict[str, Words] = {
    "rate": _("Thank you. Your rating is noted."),
    "reopen": _("It will be handled again. You find it here under the same number."),
    "appeal": _("Your appeal is noted. The district decides it within ten working days; the answer stands here."),
    "withdraw": _("Your report is withdrawn."),
}
WRONG = _("Number and code do not belong together. Check both; capital or small letters do not matter.")


@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Show number and code for a short while, to be photographed, written down or printed."""
    code = held.shown(request, number)
    if not code:
        return redirect("status", number=number) if held.code_of(request, number) else redirect(f"{reverse('query')}?number={number}")
    act = held.act_of(request, number)
    with acting(act):
        found = queries.status(act, number)
    if found is None:
        raise Http404
    url = request.build_absolute_uri(f"{reverse('query')}?number={number}")
    return render(request, "intake/receipt.html", {"found": found, "number": number, "code": code, "url": url, "qr": qr_svg(url, scale=3)})


@never_cache
def look_up(request: HttpRequest) -> HttpResponse:
    """Find a matter by number and code."""
    if request.method != "POST":
        return render(request, "intake/query.html", {"form": LookUpForm(initial={"number": request.GET.get("number", "")})})
    form = LookUpForm(request.POST)
    if form.is_valid():
        number = opened(request, form)
        if number:
            return redirect("status", number=number)
    return render(request, "intake/query.html", {"form": form}, status=422)


def opened(request: HttpRequest, form: LookUpForm) -> str:
    """Open a receipt for this session, or say on the form that it is none; the two answers take the same way."""
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    act = held.act_of(request, number, code)
    with acting(act):
        lookups.check(act, address(request), number)
        found = queries.status(act, number) is not None
        lookups.note(act, address(request), number, right=found)
    if not found:
        form.add_error(None, gettext(WRONG))
        return ""
    held.remember(request, number, code)
    return str(number)


@never_cache
@require_safe
def status(request: HttpRequest, number: str) -> HttpResponse:
    """Tell in plain words how a matter stands."""
    return _status(request, number)


def _status(request: HttpRequest, number: str, *, wrong: Any = None, move: str = "", code: int = 200) -> HttpResponse:
    if not held.may_ask(request, number):
        return redirect(f"{reverse('query')}?number={number}")
    act = held.act_of(request, number)
    with acting(act):
        found = queries.status(act, number)
        if found is None:
            return redirect(f"{reverse('query')}?number={number}")
        if found.goes_on and found.mine and queries.was_converted(found.case, found.goes_on.case):
            held.remember(request, found.goes_on.case.number, numbers.receipt_code(found.goes_on.case.number))
    forms = {name: wrong if name == move else FORMS[name]() for name, may in found.may.items() if may}
    told = notices.told(found.case.id) if found.mine else []
    context = {
        "found": found,
        "meaning": meaning(found),
        "told": told,
        "forms": forms,
        "form_token": doors.form_token(),
        "open": move,
        "goes_on_held": _held(request, found),
    }
    return render(request, "intake/status.html", context, status=code)


def _held(request: HttpRequest, found: queries.Status) -> bool:
    return bool(found.goes_on and held.code_of(request, found.goes_on.case.number))


@never_cache
@require_POST
def move(request: HttpRequest, number: str, move: str) -> HttpResponse:
    """Make one of the moves that whoever reported may make."""
    if move not in FORMS:
        raise Http404
    form = FORMS[move](request.POST)
    if not form.is_valid():
        return _status(request, number, wrong=form, move=move, code=422)
    act = held.act_of(request, number)
    try:
        with acting(act):
            case = queries.cases.by_number(number)
            if case is None:
                raise UnknownCase
            cases.dispatch(act, case.id, move, _asked(move, form.cleaned_data))
    except FengqiaoError as error:
        form.add_error(None, error.say(gettext))
        return _status(request, number, wrong=form, move=move, code=409)
    messages.success(request, gettext(THANKS[move]))
    return redirect("status", number=number)


def _asked(move: str, said: dict[str, Any]) -> schemas.Asked:
    if move == "rate":
        return schemas.Rate(rating=said["stars"], text=said["text"])
    asks = schemas.DEFAULTS[move]
    return asks(**{"text" if move == "appeal" else "reason": said["reason"]})
