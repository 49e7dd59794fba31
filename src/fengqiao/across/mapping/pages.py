"""The map in words and for paper, drawn by the server: for old machines, for whoever does not see pictures, and for the wall."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from pydantic import ValidationError

from fengqiao.access.acting import acting
from fengqiao.access.doors import signed_act_from
from fengqiao.across.cockpit.counting import Scope
from fengqiao.across.mapping import colours, ground, policies, queries
from fengqiao.base.act import Act
from fengqiao.base.errors import Invalid
from fengqiao.base.words import _
from fengqiao.cases import registry
from fengqiao.cases.api import Wanted
from fengqiao.cases.figures import OPEN
from fengqiao.cases.queries import Filter
from fengqiao.kits.maps import drawing
from fengqiao.people import queries as people
from fengqiao.people.terms import Level

BELOW = {Level.DISTRICT: Level.TOWN, Level.TOWN: Level.VILLAGE, Level.VILLAGE: Level.GRID}
DIGITS = {Level.TOWN: 9, Level.VILLAGE: 12, Level.GRID: 15}
SHADES = 4


class NoSuchView(Invalid):
    """The address asks for what cannot be."""

    message = _("The address of this map is damaged. Open the map anew.")


@never_cache
@require_GET
def plain(request: HttpRequest) -> HttpResponse:
    """Show how many cases lie where, and the five-colour map, without any script."""
    act = signed_act_from(request)
    policies.check_map(act.actor)
    wanted, area = _wanted(request, act), _area(request, act)
    with acting(act):
        context = _picture(act, wanted, area, request.GET)
        if request.GET.get("part") == "picture":
            return HttpResponse(context["picture"], content_type="image/svg+xml")
        if act.actor.may("cockpit:see"):
            context["five"] = _five(request, act, area)
    return render(request, "mapping/plain.html", {**context, "as_of": act.at.astimezone(people.zone())})


def _wanted(request: HttpRequest, act: Act) -> Filter:
    names = set(Wanted.model_fields) - {"after", "limit", "area"}
    try:
        asked = Wanted.model_validate({key: value for key, value in request.GET.items() if key in names and value})
    except ValidationError:
        raise NoSuchView from None
    if not (asked.box or asked.state or asked.q):
        asked = asked.model_copy(update={"state": OPEN})
    return asked.filter(act.at)


def _area(request: HttpRequest, act: Act) -> str:
    """Return which area is looked into: the one asked for, else the reader's own if a map can be drawn of it."""
    own = act.actor.ranges[0][0] if len(act.actor.ranges) == 1 else ""
    for code in (request.GET.get("area", ""), own):
        row = people.area(code)
        if row and row.level in BELOW:
            return code
    return people.district().area


def _picture(act: Act, wanted: Filter, area: str, asked: Any) -> dict[str, Any]:
    """Return the drawing of an area's parts, shaded by how many cases lie in each, and the same as rows."""
    language = get_language() or ""
    row = people.areas()[area]
    level = BELOW[Level(row.level)]
    counts = queries.by_place(act.actor, wanted, DIGITS[level], area)
    most = max(counts.values(), default=0)
    kept = {key: value for key, value in asked.items() if key not in ("area", "part") and value}
    parts = [part for part in people.areas().values() if part.level == level and part.code.startswith(area) and not part.retired]
    rows = [
        {
            "name": part.called(language), "n": counts.get(part.code, 0), "deeper": _address(kept, part.code) if level in BELOW else "",
            "list": f"/desk/?{urlencode({'box': 'all', **kept, 'area': part.code})}",
        }
        for part in parts
    ]  # fmt: skip
    points: list[tuple[float, float]] = []
    box = ground.extent(area)
    if level == Level.GRID and box:
        points = [(lon, lat) for _id, lon, lat, _rung, _state in queries.seen(act.actor, wanted, box, queries.NEAR).points]
    picture = drawing.area_map(
        level, area, language=language, label=gettext("Map of {name}").format(name=row.called(language)),
        shades={code: -(-SHADES * n // most) for code, n in counts.items()},
        links={part.code: _address(kept, part.code) for part in parts} if level in BELOW and asked.get("part") != "picture" else {},
        points=points,
    )  # fmt: skip
    above = people.areas()[row.parent] if row.parent in people.areas() and people.areas()[row.parent].level in BELOW else None
    return {
        "picture": picture, "rows": rows, "name": row.called(language), "area": area, "total": sum(counts.values()),
        "above": {"name": above.called(language), "url": _address(kept, above.code)} if above else None,
        "desk_map": f"/desk/map?{urlencode(kept)}" if kept else "/desk/map",
    }  # fmt: skip


def _address(kept: dict[str, str], area: str) -> str:
    return f"?{urlencode({**kept, 'area': area})}"


def _five(request: HttpRequest, act: Act, area: str) -> dict[str, Any] | None:
    """Return the five-colour map of an indicator on the reader's ground."""
    figures = registry.figures()
    if not figures:
        return None
    key, safe = request.GET.get("indicator") or "on_time_rate", request.GET.get("safe") == "1"
    level = Level.TOWN if people.areas()[area].level == Level.DISTRICT else Level.VILLAGE
    within = area if level == Level.TOWN else area[:9]
    figure = colours.indicator(key)
    found = colours.coloured(Scope.of(act.actor, within), figure, act.at.astimezone(people.zone()).date(), level)
    fills, language = colours.SAFE_FILLS if safe else colours.FILLS, get_language() or ""
    rows = []
    for one in found:
        low, high = one.share.interval or (0.0, 0.0)
        rows.append({
            "name": people.areas()[one.area].called(language), "word": colours.WORDS[one.colour].say(gettext), "part": one.share.part,
            "whole": one.share.whole, "value": 100 * (one.share.value or 0), "low": 100 * low, "high": 100 * high,
            "url": f"/day/?{urlencode({'area': one.area})}",
        })  # fmt: skip
    picture = drawing.area_map(
        level, within, language=language, label=figure.title.say(gettext), fills={one.area: fills.get(one.colour, "") for one in found}
    )
    legend = [(fills.get(colour, ""), word.say(gettext)) for colour, word in colours.WORDS.items()]
    choices = [(one.key, one.title.say(gettext), one.key == key) for one in figures]
    return {
        "picture": picture, "rows": rows, "title": figure.title.say(gettext), "meaning": figure.meaning.say(gettext),
        "legend": legend, "choices": choices, "safe": safe, "days": colours.PERIOD,
    }  # fmt: skip


urlpatterns = [path("map/", plain, name="map")]
