"""The day in the district in four bands; on a wall, the same from four metres."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from fengqiao.access.acting import acting
from fengqiao.access.doors import signed_act_from
from fengqiao.across.cockpit import baselines, counting, drawing, numbers, queries, sources, wording
from fengqiao.across.cockpit.baselines import Base
from fengqiao.across.cockpit.counting import NOW, Counts
from fengqiao.across.cockpit.numbers import PERIOD
from fengqiao.across.cockpit.pages.asked import View, towns, view_of
from fengqiao.base.act import Act
from fengqiao.loop.alphabet import ACTIVE, State
from fengqiao.people import queries as people

MOST_BARS = 8
DESKS = tuple(state for state in State if state in ACTIVE)


@never_cache
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """Show a day in four bands."""
    act = signed_act_from(request)
    view = view_of(request, act)
    with acting(act):
        context = {**pictured(act, view), "towns": towns(act, view), "bases": baselines.names()}
    return render(request, "cockpit/wall.html" if view.wall else "cockpit/day.html", context)


def pictured(act: Act, view: View) -> dict[str, Any]:
    """Return everything a day's page says, as plain rows."""
    counts = queries.counts_of(view.scope, view.day - timedelta(days=2 * PERIOD), view.today)
    today = counting.counted(view.scope, view.day, view.day)
    flows = queries.flows(counts, view.day, view.today)
    base = _base(view)
    return {
        "view": view, "as_of": act.at.astimezone(people.zone()), "yesterday": view.other(view.day - timedelta(days=1)),
        "tomorrow": "" if view.is_today else view.other(view.day + timedelta(days=1)), "flow": flows[-1],
        "links": {name: view.rows(name) for name in ("new", "ended", "reopened", "open_then")}, "base": base,
        "base_label": numbers.base_label(base) if base else "", "period": PERIOD,
        "happened": numbers.happened(flows, counts, base, view.rows), **_spread(view, today),
        "late": numbers.late(counts, view.day, view.rows) if view.is_today else [],
        "desks": _desks(view, counts) if view.is_today else [], "owners": _owners(view, today) if view.is_today else [],
        "going": numbers.going(counts, view.day, view.rows), "durations": numbers.durations(view.scope, counts, view.day, view.rows),
        "handlers": numbers.handler_day(view.scope, counts, view.day, view.rows),
        "well": numbers.well(counts, view.day, base, view.rows),
        "silent": _silent(view, counts), "behind": queries.is_behind(),
        "pages": {name: view.address(f"day_{name}") for name in PAGES},
        "wall": view.address("day", wall="1"),
    }  # fmt: skip


PAGES: tuple[str, ...] = ("replay", "paper", "figures", "baselines", "registry", "levels")


def _silent(view: View, counts: Counts) -> list[dict[str, Any]]:
    """Return which sources are silent, today."""
    lines = sources.silent(view.scope, counts, view.today) if view.is_today else []
    return [{"title": line.source.title.say(gettext), "seen": line.seen} for line in lines]


def _base(view: View) -> Base | None:
    """Return what is compared with: a period of one's own, else an imported baseline."""
    if view.own:
        return baselines.own(view.scope, *view.own)
    return baselines.imported(view.base, view.scope.area) if view.base else None


def _spread(view: View, counts: Counts) -> dict[str, Any]:
    """Return how the day's reports spread over hours, channels, towns and kinds."""
    hours, channels, classes = (counts.under(f"new.{of}.", view.day) for of in ("hour", "channel", "class"))
    level = 12 if len(view.scope.area) >= 9 else 9
    places = {code: found["new"] for code, found in counting.by_area(view.scope, view.day, view.day, ["new"], level).items()}
    hourly = drawing.columns([(f"{hour:02}", hours.get(f"{hour:02}", 0)) for hour in range(24)])
    return {
        "by_hour": [(column, view.rows("new", hour=str(hour))) for hour, column in enumerate(hourly)],
        "by_channel": _bars([(wording.channel(key), n, view.rows("new", channel=key)) for key, n in _most(channels)]),
        "by_class": _bars([(wording.matter(key), n, view.rows("new", category=key or "none")) for key, n in _most(classes)]),
        "by_place": _bars([(wording.area(key), n, view.rows("new", area=key)) for key, n in _most(places)]),
    }


def _most(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _bars(rows: list[tuple[str, int, str]]) -> tuple[list[drawing.Bar], list[drawing.Bar]]:
    """Return the longest bars, and the rest of them to be unfolded."""
    found = drawing.bars(rows)
    return found[:MOST_BARS], found[MOST_BARS:]


def _desks(view: View, counts: Counts) -> list[drawing.Bar]:
    """Return how many stand at each step of the chain, now."""
    return drawing.bars(
        [(state.title.say(gettext), counts.of(f"state.{state}", NOW), view.rows("open", state=str(state))) for state in DESKS]
    )


def _owners(view: View, counts: Counts) -> tuple[list[drawing.Bar], list[drawing.Bar]]:
    """Return who has the open cases, now: organisations, never persons."""
    return _bars([(wording.owner(key), n, view.rows("open", lead=key or "none")) for key, n in _most(counts.under("by.", NOW))])
