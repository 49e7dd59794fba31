"""Persons and their posts: find, add, correct, appoint, block, sign out everywhere, second factor, first password."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fengqiao.access import catalogue
from fengqiao.access import services as access
from fengqiao.across.configuration import queries, services
from fengqiao.across.configuration.forms import AppointForm, PersonForm, StandInForm
from fengqiao.across.configuration.pages.desk import act_of
from fengqiao.audit.models import Deed
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError, Invalid
from fengqiao.base.words import Words, _
from fengqiao.people import accounts, models
from fengqiao.people import queries as people
from fengqiao.people.services import NoSuchPerson, Post

DEEDS: dict[str, Words] = {
    "person_added": _("Account made"), "person_changed": _("Corrected"), "person_blocked": _("Blocked"), "person_let_in": _("Let in again"),
    "password_given": _("New first password"), "second_factor_reset": _("Second factor reset"),
    "signed_out_everywhere": _("Signed out everywhere"),
    "person_appointed": _("Appointed"), "appointment_ended": _("Appointment ended"),
}  # fmt: skip
DONE: dict[str, Words] = {
    "block": _("Blocked, and signed out everywhere."), "let-in": _("May sign in again."), "sign-out": _("Signed out everywhere."),
    "factor": _("The second factor is gone, and so are the sessions. A new one is set up at the next sign-in."),
    "end": _("The appointment ends."),
}  # fmt: skip
PASSWORD = _("New first password of {name}: {password} — it is shown this once. Hand it over in person.")


@never_cache
@login_required
@require_safe
def persons(request: HttpRequest) -> HttpResponse:
    """List and search accounts."""
    act = act_of(request, people=True)
    q, blocked = request.GET.get("q", "").strip(), request.GET.get("blocked", "")
    found = models.Person.objects.order_by("username")
    if q:
        found = found.filter(Q(username__icontains=q) | Q(name__icontains=q) | Q(name_en__icontains=q))
    if blocked == "acting":
        day = services.today(act)
        found = found.filter(appointments__temporary=True, appointments__since__lte=day, appointments__until__gt=day).distinct()
    elif blocked:
        found = found.filter(is_active=False)
    page = queries.paged(found, found.count(), queries.whole(request.GET.get("page", "")))
    held = models.Appointment.objects.filter(person__in=[row.pk for row in page.rows]).select_related("organisation")
    posts: dict[UUID, list[str]] = {}
    for one in held:
        posts.setdefault(one.person_id, []).append(f"{_post(one.post)} · {_called(one.organisation)}")
    rows = [{"person": row, "called": _called(row), "posts": posts.get(row.pk, [])} for row in page.rows]
    return render(request, "configuration/persons.html", {"found": page, "rows": rows, "q": q, "blocked": blocked})


@never_cache
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Make an account."""
    act = act_of(request, people=True)
    form = PersonForm(request.POST or None, initial={"language": "zh-hans"})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            made = accounts.add_person(act, said.pop("username"), accounts.Told(**said))
            messages.success(request, gettext("The account is there. Give it a post and a first password."))
            return redirect("settings_person", id=made.pk)
        except FengqiaoError as error:
            _beside(form, error)
    return render(request, "configuration/person_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@login_required
def person(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one account: correct it, appoint, and what else can be done."""
    act = act_of(request, people=True)
    found = models.Person.objects.filter(pk=id).select_related("contact").first()
    if found is None:
        raise NoSuchPerson
    go, contact = request.POST.get("go", ""), getattr(found, "contact", None)
    known = {
        "name": found.name, "name_en": found.name_en, "language": found.language, "phone": contact.phone if contact else "",
        "email": contact.email if contact else "", "account": contact.account if contact else "",
    }  # fmt: skip
    form = PersonForm(request.POST if go == "correct" else None, initial=known, known=True)
    appoint = AppointForm(request.POST if go == "appoint" else None, posts=_posts(), initial={"since": services.today(act)})
    stand_in = StandInForm(request.POST if go == "stand-in" else None, initial={"first": services.today(act)})
    try:
        if go == "stand-in" and stand_in.is_valid():
            _stand_in(request, act, id, stand_in.cleaned_data)
            return redirect("settings_person", id=id)
        if go == "correct" and form.is_valid():
            accounts.change_person(act, id, accounts.Told(**form.cleaned_data))
            messages.success(request, gettext("Corrected."))
            return redirect("settings_person", id=id)
        if go == "appoint" and appoint.is_valid():
            _appoint(act, id, appoint.cleaned_data)
            messages.success(request, gettext("Appointed. It counts from the day you gave."))
            return redirect("settings_person", id=id)
    except FengqiaoError as error:
        _beside({"correct": form, "stand-in": stand_in}.get(go, appoint), error)
    context = {
        "person": found, "called": _called(found), "form": form,
        "appoint": appoint, "held": _held(id, services.today(act)), "mine": act.actor.person == str(id),
        "stand_in": stand_in, "colleagues": _colleagues(id),
        "deeds": _deeds(id), "organisations": [(row.code, row.called(get_language() or "")) for row in people.organisations()],
    }  # fmt: skip
    return render(request, "configuration/person.html", context, status=422 if form.errors or appoint.errors or stand_in.errors else 200)


@never_cache
@login_required
@require_POST
def do(request: HttpRequest, id: UUID, deed: str) -> HttpResponse:
    """Do one thing to an account; the page has said before what it means."""
    act = act_of(request, people=True)
    found = models.Person.objects.filter(pk=id).first()
    if found is None:
        raise NoSuchPerson
    try:
        if deed == "password":
            password = accounts.give_password(act, id)
            access.sign_out_everywhere(act, found)
            messages.warning(request, PASSWORD.say(gettext, {"name": found.name, "password": password}))
        elif deed in DONE:
            _do(act, found, deed, request)
            messages.success(request, gettext(DONE[deed]))
        else:
            raise Http404
    except FengqiaoError as error:
        messages.error(request, error.say(gettext))
    return redirect("settings_person", id=id)


def _do(act: Act, found: models.Person, deed: str, request: HttpRequest) -> None:
    if deed == "block":
        accounts.block(act, found.pk)
        access.sign_out_everywhere(act, found)
    elif deed == "let-in":
        accounts.let_in(act, found.pk)
    elif deed == "sign-out":
        access.sign_out_everywhere(act, found)
    elif deed == "factor":
        access.reset_second_factor(act, found)
    else:
        try:
            appointment, until = UUID(request.POST.get("appointment", "")), date.fromisoformat(request.POST.get("until", ""))
        except ValueError:
            raise Invalid from None
        services.end_appointment(act, found.pk, appointment, until)


def _appoint(act: Act, id: UUID, said: dict[str, Any]) -> None:
    try:
        organisation = people.organisation_by_code(said["organisation"])
    except FengqiaoError as error:
        raise Invalid(fields={"organisation": error.say(gettext)}) from error
    area = said["area"] or organisation.area
    if people.area(area) is None:
        raise Invalid(fields={"area": gettext("There is no area with the code “%(code)s”.") % {"code": area}})
    post = Post(said["post"], organisation.id, area, said["since"], said["until"], said["temporary"])
    services.appoint(act, id, post)


def _stand_in(request: HttpRequest, act: Act, id: UUID, said: dict[str, Any]) -> None:
    other = models.Person.objects.filter(username__iexact=said["substitute"].strip(), is_active=True).first()
    if other is None:
        raise Invalid(fields={"substitute": gettext("Nobody signs in with this name.")})
    made = services.stand_in(act, id, other.pk, said["first"], said["last"] + timedelta(days=1))
    told = ngettext("%(who)s stands in with %(count)s post.", "%(who)s stands in with %(count)s posts.", len(made))
    messages.success(request, told % {"who": other.name, "count": len(made)})


def _colleagues(id: UUID) -> list[tuple[str, str]]:
    """Return who works in the same organisations, to be offered first."""
    bodies = models.Appointment.objects.filter(person_id=id).values("organisation_id")
    near = models.Person.objects.filter(appointments__organisation_id__in=bodies, is_active=True).exclude(pk=id).distinct()
    return [(row.username, row.name) for row in near[:100]]


def _beside(form: Any, error: FengqiaoError) -> None:
    fields = {name: gettext(said) for name, said in getattr(error, "fields", {}).items() if name in form.fields}
    for name, said in fields.items():
        form.add_error(name, said)
    if not fields:
        form.add_error(None, error.say(gettext))


def _posts() -> list[tuple[str, str]]:
    tongue = get_language() or ""
    found = [
        (key, post.title_in(tongue)) for key, post in catalogue.posts().items() if key not in ("machine", "import", "anonymous_reporter")
    ]
    return sorted(found, key=lambda one: one[1])


def _held(id: UUID, today: date) -> list[dict[str, Any]]:
    rows = models.Appointment.objects.filter(person_id=id).select_related("organisation", "area")
    return [
        {
            "row": row, "post": _post(row.post), "organisation": _called(row.organisation), "area": _called(row.area),
            "over": row.until is not None and row.until <= today, "earliest": max(row.since, today),
        }
        for row in rows
    ]  # fmt: skip


def _deeds(id: UUID) -> list[dict[str, Any]]:
    rows = Deed.objects.filter(about=str(id), what__in=DEEDS).order_by("-at")[:20]
    return [
        {"at": row.at, "what": gettext(DEEDS[row.what]), "who": queries.who(row.actor), "post": _post(row.said.get("post", ""))}
        for row in rows
    ]


def _post(key: str) -> str:
    return catalogue.post(key).title_in(get_language() or "") if key else ""


def _called(row: Any) -> str:
    return str(((get_language() or "").startswith("en") and row.name_en) or row.name)
