"""The day played again, minute by minute; with a slider, or without a script by the hour."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from fengqiao.access.acting import acting
from fengqiao.access.doors import signed_act_from
from fengqiao.across.cockpit import drawing, replaying, wording
from fengqiao.across.cockpit.pages.asked import View, towns, view_of
from fengqiao.across.cockpit.pages.day import DESKS
from fengqiao.base.act import Act
from fengqiao.cases import registry
from fengqiao.loop.alphabet import TRANSITIONS
from fengqiao.people import queries as people

DONE = {transition.move: transition.done for transition in TRANSITIONS}
DAY = 1440


@never_cache
@require_GET
def day_replay(request: HttpRequest) -> HttpResponse:
    """Show how things stood at a minute; only that part of the page, if it is asked for."""
    act = signed_act_from(request)
    view = view_of(request, act)
    most = _minute_now(act) if view.is_today else DAY
    minute = _minute(request, most)
    with acting(act):
        context = _told(view, minute)
    if request.GET.get("part") == "1":
        return render(request, "cockpit/moment.html", context)
    whole = [hour for hour in range(25) if hour * 60 <= most]
    hours = [{"at": f"{hour:02}:00", "link": view.address("day_replay", at=f"{hour:02}:00"), "here": hour * 60 == minute} for hour in whole]
    context |= {"minute": minute, "most": most, "towns": towns(act, view), "back": view.address("day"), "hours": hours}
    return render(request, "cockpit/replay.html", context)


def _minute_now(act: Act) -> int:
    at = act.at.astimezone(people.zone())
    return at.hour * 60 + at.minute


def _minute(request: HttpRequest, most: int) -> int:
    """Read a minute of the day, as 540 or 09:00; without one, noon, or now."""
    asked = request.GET.get("at", "")
    hour, colon, rest = asked.partition(":")
    if asked.isdecimal() and len(asked) < 5:
        return min(int(asked), most)
    if colon and hour.isdecimal() and rest.isdecimal() and len(asked) < 6:
        return min(int(hour) * 60 + int(rest), most)
    return min(720, most) if most == DAY else most


def _told(view: View, minute: int) -> dict[str, Any]:
    at = replaying.moment(view.scope, view.day, view.today, minute)
    places = sorted(at.towns.items(), key=lambda pair: (-pair[1], pair[0]))
    states = [(state.title.say(gettext), at.states.get(state, 0), "") for state in DESKS]
    return {
        "view": view, "moment": at, "clock": f"{minute // 60:02}:{minute % 60:02}", "by_state": drawing.bars(states),
        "by_place": drawing.bars([(wording.area(code), n, "") for code, n in places]),
        "latest": [
            {"at": one.at, "done": DONE[one.move].say(gettext) if one.move in DONE else one.move, "case": one.case, "number": one.number,
             "kind": registry.loop(one.kind).title.say(gettext), "place": wording.area(one.town)}
            for one in replaying.latest(view.scope, view.day, minute)
        ],
    }  # fmt: skip
