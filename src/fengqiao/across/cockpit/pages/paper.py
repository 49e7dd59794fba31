"""The day on paper (A4), and its figures as a table that other programs read."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from fengqiao.access.acting import acting
from fengqiao.access.doors import signed_act_from
from fengqiao.across.cockpit import wording
from fengqiao.across.cockpit.numbers import Duration, Number
from fengqiao.across.cockpit.pages.asked import View, view_of
from fengqiao.across.cockpit.pages.day import pictured
from fengqiao.kits.web.tables import taken_away
from fengqiao.people import queries as people

COLUMNS = ("figure", "title", "definition", "value", "low", "high", "unit", "method", "first_day", "last_day", "area", "counted_at")


@never_cache
@require_GET
def day_paper(request: HttpRequest) -> HttpResponse:
    """Show the day for printing."""
    act = signed_act_from(request)
    view = view_of(request, act)
    with acting(act):
        context = {**pictured(act, view), "ground": _ground(view), "who": act.actor.name, "back": view.address("day")}
    return render(request, "cockpit/paper.html", context)


@never_cache
@require_GET
def day_figures(request: HttpRequest) -> HttpResponse:
    """Give every figure of the day with its definition, interval and time."""
    act = signed_act_from(request)
    view = view_of(request, act)
    with acting(act):
        found = pictured(act, view)
    ground, counted_at = _ground(view), found["as_of"].isoformat(timespec="seconds")
    rows = [COLUMNS, *((*row, ground, counted_at) for row in _lines(found))]
    return taken_away(rows, f"day-{view.day.isoformat()}.csv")


def _ground(view: View) -> str:
    if view.scope.area:
        return wording.area(view.scope.area)
    lows = [low for low, _high in view.scope.ranges if low] or [people.district().area]
    return ", ".join(wording.area(low) for low in lows)


def _lines(found: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    flow, day = found["flow"], found["view"].day
    counted = gettext("count of events")
    yield "opening", gettext("open in the morning"), "", flow.opening, "", "", "cases", gettext("follows from what stands now"), day, day
    yield "closing", gettext("Open in the evening"), "", flow.closing, "", "", "cases", gettext("follows from what stands now"), day, day
    for group in ("happened", "late", "going", "well"):
        yield from (_line(number) for number in found[group])
    yield _line(found["handlers"])
    for bars, key in ((found["by_channel"], "channel"), (found["by_place"], "place"), (found["by_class"], "class")):
        for bar in (*bars[0], *bars[1]):
            yield f"new.{key}", bar.label, gettext("Reported"), bar.count, "", "", "cases", counted, day, day
    for bar in found["desks"]:
        yield "open.state", bar.label, gettext("Open"), bar.count, "", "", "cases", counted, day, day
    for row in found["durations"]:
        yield from _timed(row, found)


def _line(number: Number) -> tuple[Any, ...]:
    share = number.low is not None and number.key != "per_handler_day"
    unit = "share" if share else "cases"
    low, high = ("" if one is None else round(one, 4) for one in (number.low, number.high))
    value = "" if number.value is None else round(number.value, 4)
    return number.key, number.title, number.meaning, value, low, high, unit, number.method, number.first, number.last


def _timed(row: Duration, found: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    method = gettext("order statistics; classes 12% wide")
    for name, (value, low, high) in (("median", row.values[:3]), ("p90", row.values[3:])):
        told = ["" if one is None else round(one, 3) for one in (value, low, high)]
        yield f"hours_{row.key}_{name}", row.title, row.meaning, *told, "hours", method, row.first, found["view"].day
