"""The hub, the list of a subject, and the page on which one thing is changed: tried first, then let count."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fengqiao.access.acting import acting
from fengqiao.access.doors import act_from
from fengqiao.across.configuration import policies, queries, services, subjects
from fengqiao.across.configuration.forms import WhenForm
from fengqiao.across.configuration.models import Change
from fengqiao.across.configuration.pages import years
from fengqiao.across.configuration.subjects import Facts, Subject
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError, Invalid
from fengqiao.base.words import _

# What other rooms keep, each with the name of its page; a page that is not there is not shown.
ELSEWHERE = (
    ("rules", _("Who takes what"), _("Routing rules with their reasons, tried on past cases.")),
    ("codes", _("QR codes"), _("Posters for villages, stairwells and shops.")),
    ("duty", _("Rosters"), _("Who has duty, and who stands in.")),
)
WAITS = _("Noted. It waits for a second person to confirm it.")
COUNTS_NOW = _("It counts from now on.")
COUNTS_FROM = _("It will count from {day}.")


def act_of(request: HttpRequest, *, people: bool = False) -> Act:
    """Return the act of somebody who may change settings."""
    act = act_from(request)
    policies.check(act, people=people)
    return act


@never_cache
@login_required
@require_safe
def hub(request: HttpRequest) -> HttpResponse:
    """Show everything that can be set, and what waits."""
    act = act_of(request)
    last = queries.last_changes()
    rows = [
        {
            "title": gettext(subject.title), "meaning": gettext(subject.meaning), "last": last.get(key),
            "address": reverse("settings_posts") if key == "permission" else reverse("settings_list", args=[key]),
        }
        for key, subject in subjects.SUBJECTS.items()
    ]  # fmt: skip
    waiting = [queries.shown(change) for change in queries.changes(state=Change.State.WAITING)[:20]]
    planned = [queries.shown(change) for change in queries.changes(state=Change.State.PLANNED).order_by("since")[:20]]
    context = {"rows": rows, "elsewhere": _elsewhere(), "waiting": waiting, "planned": planned, "people": act.actor.may(policies.PEOPLE)}
    return render(request, "configuration/hub.html", context)


def _elsewhere() -> list[dict[str, str]]:
    found = []
    for name, title, meaning in ELSEWHERE:
        try:
            found.append({"title": gettext(title), "meaning": gettext(meaning), "address": reverse(name)})
        except NoReverseMatch:
            continue
    return found


@never_cache
@login_required
@require_safe
def listing(request: HttpRequest, key: str) -> HttpResponse:
    """Show all there is of a subject."""
    act = act_of(request)
    subject = subjects.of(key)
    sort, q = request.GET.get("sort", ""), request.GET.get("q", "")
    found = queries.listed(subject.rows(services.today(act)), q=q, sort=sort, page=queries.whole(request.GET.get("page", "")))
    heads = [
        {
            "title": gettext(title), "sort": f"-{place}" if sort == str(place) else str(place),
            "now": sort.removeprefix("-") == str(place), "down": sort.startswith("-"),
        }
        for place, title in enumerate(subject.columns)
    ]  # fmt: skip
    planned = queries.changes(subject=key, state=Change.State.PLANNED).count()
    rows = [(row, list(zip((head["title"] for head in heads), row.cells, strict=True))) for row in found.rows]
    context = {**_of(subject), "heads": heads, "found": found, "rows": rows, "q": q, "sort": sort, "planned": planned}
    return render(request, "configuration/list.html", context)


@never_cache
@login_required
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Add one of a subject."""
    act = act_of(request)
    subject = subjects.of(key)
    if not subject.adds:
        raise Http404
    return _change(request, act, subject, "", None)


@never_cache
@login_required
def edit(request: HttpRequest, key: str, about: str) -> HttpResponse:
    """Change one of a subject."""
    act = act_of(request)
    subject = subjects.of(key)
    facts = subject.now(about, services.today(act))
    if facts is None:
        raise Http404
    return _change(request, act, subject, about, facts)


def _change(request: HttpRequest, act: Act, subject: Subject, about: str, facts: Facts | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    initial = subject.to_form(about, facts) if facts is not None else {name: request.GET[name] for name in request.GET}
    table, wrong = years.brought(request, subject, initial.get("table", ""), about)
    if table is not None:
        data, initial = None, {**initial, **request.POST.dict(), "table": table}
    form = subject.make_form(about, data, initial)
    when = WhenForm(data, initial={"since": services.today(act)}, effective=subject.effective)
    if wrong:
        messages.error(request, wrong)
    more: dict[str, Any] = {}
    if data is not None and form.is_valid() and when.is_valid():
        name, after = subject.from_form(form.cleaned_data)
        try:
            if request.POST.get("go") == "count":
                return _count(request, act, subject, about or name, after, when.cleaned_data)
            more = _try(act, subject, about or name, after, when)
        except FengqiaoError as error:
            _beside(form, when, error)
    context = {
        **_of(subject), **more, "about": about, "called": subject.called(about) if about else "", "form": form, "when": when,
        **years.drawn(subject, about, form),
        "history": [queries.shown(change) for change in queries.changes(subject=subject.key, about=about)[:10]] if about else [],
    }  # fmt: skip
    return render(request, "configuration/change.html", context, status=422 if form.errors or when.errors else 200)


def _try(act: Act, subject: Subject, about: str, after: Facts, when: WhenForm) -> dict[str, Any]:
    """Say what would change and what it touches."""
    day = services.today(act)
    before, since = subject.now(about, day), when.cleaned_data.get("since") or day
    facts = subject.checked(about, after, day)
    if since < day:
        raise services.TooEarly(fields={"since": services.TooEarly().say(gettext)})
    if before == facts:
        raise services.NothingChanges
    with acting(act):
        told = subject.touches(act, about, before, facts, since)
    return {
        "tried": True, "touches": told, "differences": queries.differences(subject, before, facts), "since": since,
        "second": subject.needs_second(about, before, facts), "fresh": before is None, "would": subject.called(about),
    }  # fmt: skip


def _count(request: HttpRequest, act: Act, subject: Subject, about: str, after: Facts, when: dict[str, Any]) -> HttpResponse:
    with acting(act):
        change = services.propose(act, subject, about, after, since=when.get("since") or services.today(act), reason=when["reason"])
    say(request, change)
    return redirect("settings_change", id=change.id)


def say(request: HttpRequest, change: Change) -> None:
    """Tell what became of a change."""
    if change.state == Change.State.WAITING:
        messages.warning(request, gettext(WAITS))
    elif change.state == Change.State.PLANNED:
        messages.success(request, COUNTS_FROM.say(gettext, {"day": change.since.isoformat()}))
    else:
        messages.success(request, gettext(COUNTS_NOW))


def _beside(form: Any, when: Any, error: FengqiaoError) -> None:
    """Put an error beside its field, or above the form."""
    fields = error.fields if isinstance(error, Invalid) else {}
    placed = False
    for one in (form, when):
        for name in set(fields) & set(one.fields):
            one.add_error(name, fields[name])
            placed = True
    if not placed:
        form.add_error(None, error.say(gettext))


def _of(subject: Subject) -> dict[str, Any]:
    return {
        "key": subject.key, "title": gettext(subject.title), "meaning": gettext(subject.meaning), "adds": subject.adds,
        "is_year": subject.key == "year",
    }  # fmt: skip
