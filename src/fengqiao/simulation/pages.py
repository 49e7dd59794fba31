"""The stories page of the demo: play a matter through, being one person after the other. Shut where people work in earnest."""

import random
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from fengqiao.access.pages import demo_accounts
from fengqiao.base.clock import now
from fengqiao.cases.models import Case
from fengqiao.people import queries as people
from fengqiao.people.models import Person
from fengqiao.people.yunxi.staff import DEMO_PASSWORD
from fengqiao.simulation import stories
from fengqiao.simulation.cast import Cast
from fengqiao.simulation.stories import STORIES, Step, Story
from fengqiao.simulation.tours import TOURS

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BEGUN = "story_{key}"


def _only_in_demo() -> None:
    if settings.MODE == "serve" or not people.district().demo:
        raise Http404


@never_cache
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show which stories there are, and whom one can be."""
    _only_in_demo()
    told = [{"key": story.key, "title": story.title.say(gettext), "about": story.about.say(gettext), "steps": len(story.steps),
             "minutes": story.minutes} for story in STORIES.values()]  # fmt: skip
    return render(request, "simulation/stories.html", {"stories": told, "accounts": demo_accounts(), "password": DEMO_PASSWORD})


@never_cache
@require_GET
def tours(request: HttpRequest) -> HttpResponse:
    """Show whose tours there are."""
    _only_in_demo()
    told = [{**one, "stops": len(TOURS[one["username"]])} for one in demo_accounts() if one["username"] in TOURS]
    return render(request, "simulation/tours.html", {"tours": sorted(told, key=lambda one: list(TOURS).index(one["username"]))})


@never_cache
@require_GET
def tour(request: HttpRequest, persona: str) -> HttpResponse:
    """Show one person's screens in order; without a script it is a plain list."""
    _only_in_demo()
    one = next((one for one in demo_accounts() if one["username"] == persona), None)
    if persona not in TOURS or one is None:
        raise Http404
    stops = [{"address": stop.address, "title": stop.title.say(gettext), "what": stop.what.say(gettext)} for stop in TOURS[persona]]
    context = {"persona": one, "stops": stops, "signed_in": request.user.is_authenticated and request.user.get_username() == persona}
    return render(request, "simulation/tour.html", context)


@never_cache
@require_GET
def story(request: HttpRequest, key: str) -> HttpResponse:
    """Show a story with how far it has come."""
    _only_in_demo()
    told, at = _story(key), now()
    since = _begun(request, told)
    found = stories.cases_of(told, since, at) if since else []
    steps = [_shown(step, number, found) for number, step in enumerate(told.steps, start=1)]
    following = next((step["number"] for step in steps if not step["done"]), 0) if since else 0
    for step in steps:
        step["turn"] = step["number"] == following
    context = {
        "key": key, "title": told.title.say(gettext), "about": told.about.say(gettext), "begun": since is not None, "steps": steps,
        "over": since is not None and not following,
    }  # fmt: skip
    return render(request, "simulation/story.html", context)


@require_POST
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a story anew: whatever happens from now on belongs to it."""
    _only_in_demo()
    _story(key)
    _remember(request, key, now())
    return redirect("story", key=key)


@require_POST
def happen(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Let the next step happen by itself."""
    _only_in_demo()
    told, at = _story(key), now()
    since = _begun(request, told)
    if since is None or not 1 <= number <= len(told.steps):
        return redirect("story", key=key)
    step, found = told.steps[number - 1], stories.cases_of(told, since, at)
    done = [_shown(one, place, found)["done"] for place, one in enumerate(told.steps, start=1)]
    if False not in done or done.index(False) != number - 1:
        return redirect("story", key=key)
    case = found[step.nth][0] if len(found) > step.nth else None
    stories.play_step(told, step, case, at, Cast(random.Random(at.timestamp())))
    return redirect(f"{reverse('story', kwargs={'key': key})}#step-{number}")


@require_POST
def act_as(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's people, or sign out to be a resident, and go where the story goes on."""
    _only_in_demo()
    following = request.POST.get("next", "/desk/")
    if not url_has_allowed_host_and_scheme(following, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        following = "/desk/"
    kept = {name: value for name, value in request.session.items() if name.startswith("story_")}
    account = request.POST.get("account", "")
    person = Person.objects.filter(username=account, demo=True, is_active=True).first() if account else None
    if account and person is None:
        raise Http404
    logout(request)
    if person is not None:
        login(request, person, backend=BACKEND)
    request.session.update(kept)
    return redirect(following)


def _story(key: str) -> Story:
    if key not in STORIES:
        raise Http404
    return STORIES[key]


def _begun(request: HttpRequest, told: Story) -> datetime | None:
    begun = request.session.get(BEGUN.format(key=told.key))
    return datetime.fromisoformat(begun) if begun else None


def _remember(request: HttpRequest, key: str, at: datetime) -> None:
    request.session[BEGUN.format(key=key)] = (at - timedelta(seconds=1)).isoformat()


def _shown(step: Step, number: int, found: list[tuple[Case, set[str]]]) -> dict[str, Any]:
    case, moves = found[step.nth] if len(found) > step.nth else (None, set())
    return {
        "number": number, "title": step.title.say(gettext), "what": step.what.say(gettext), "see": step.see.say(gettext),
        "account": step.who,
        "who": _named(step.who), "done": bool(moves & set(step.done)), "link": _link(step, case), "case": case,
        "receipt": stories.receipt(case) if case is not None and step.opens in ("receipt", "code") else None,
    }  # fmt: skip


def _named(username: str) -> str:
    if not username:
        return gettext("A resident, without an account")
    found = next((one for one in demo_accounts() if one["username"] == username), None)
    return f"{found['title']} · {found['name']}" if found else username


def _link(step: Step, case: Case | None) -> str:
    if step.opens == "new":
        return "/desk/new/incident"
    if step.opens == "code":
        token = stories.code()
        return f"/q/{token}/" if token else "/report/"
    if step.opens == "receipt":
        return "/query/"
    return f"/desk/cases/{case.id}" if case is not None else ""


urlpatterns = [
    path("stories/", index, name="stories"),
    path("stories/act/", act_as, name="story_act"),
    path("stories/tours/", tours, name="tours"),
    path("stories/tours/<slug:persona>/", tour, name="tour"),
    path("stories/<slug:key>/", story, name="story"),
    path("stories/<slug:key>/begin/", begin, name="story_begin"),
    path("stories/<slug:key>/happen/<int:number>/", happen, name="story_happen"),
]
