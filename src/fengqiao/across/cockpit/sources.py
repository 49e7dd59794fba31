"""Where figures come from, as rows; and which source is silent, since when.

A source that brought something on most days of the last two weeks and has brought nothing since yesterday is silent: a band that
rests on it says so, because a quiet day and a broken line look the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from fengqiao.across.cockpit import counting, queries
from fengqiao.across.cockpit.counting import Counts, Scope
from fengqiao.base.act import Channel
from fengqiao.base.words import Words, _
from fengqiao.cases import registry
from fengqiao.cases.figures import Source
from fengqiao.cases.terms import CHANNEL_TITLES
from fengqiao.people import queries as people

LOOK_BACK, USUAL = 14, 10
LONG_BACK = 366
LAST = """
SELECT max(c.created_at) FROM cases c
WHERE c.created_at >= %(since)s AND c.created_at < %(until)s AND {scope} AND (c.kind = ANY(%(kinds)s) OR c.channel = ANY(%(channels)s))
"""
EACH = _("With every event")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the registry: a source, when it last brought something, and whether it is silent."""

    source: Source
    channels: tuple[str, ...] = ()
    seen: datetime | None = None
    silent: bool = False


def silent(scope: Scope, counts: Counts, today: date) -> list[Line]:
    """Return the sources that are silent, with the moment since when; counts go back two weeks at least."""
    ways = counting.counted(scope, today - timedelta(days=LOOK_BACK + 2), today, prefix="new.channel.")
    lines = []
    for source, channels in _known():
        days = _days(counts, ways, source.kinds, channels, today)
        if _fell_silent(days, today):
            lines.append(Line(source, channels, _last(scope, max(days), source.kinds, channels), True))
    return lines


def registered(scope: Scope, today: date) -> list[Line]:
    """Return every source and layer with when it last brought something."""
    first = today - timedelta(days=LONG_BACK)
    counts = counting.counted(scope, first, today, ["new"])
    ways = counting.counted(scope, first, today, prefix="new.channel.")
    lines = []
    for source, channels in _known():
        days = _days(counts, ways, source.kinds, channels, today)
        seen = _last(scope, max(days), source.kinds, channels) if days else None
        lines.append(Line(source, channels, seen, _fell_silent(days, today)))
    return lines


def _known() -> list[tuple[Source, tuple[str, ...]]]:
    """Return what modules say of themselves, the kinds of case they do not speak of, and the ways by which reports come in."""
    offered = list(registry.sources())
    told = {kind for source in offered for kind in source.kinds}
    for loop in registry.loops():
        if loop.key not in told:
            origin = _("What is reported of this kind, and every step since")
            offered.append(Source(loop.key, loop.title, "district_dispatcher", origin, EACH, "cockpit:see", (loop.key,)))
    ways = [(_way(str(channel)), (str(channel),)) for channel in Channel]
    return [*((source, ()) for source in offered), *ways]


def _way(channel: str) -> Source:
    title = CHANNEL_TITLES.get(channel, Words(channel))
    return Source(f"channel.{channel}", title, "intake_clerk", _("Reports that come in this way"), EACH, "cockpit:see")


def _days(counts: Counts, ways: Counts, kinds: Sequence[str], channels: Sequence[str], today: date) -> set[date]:
    """Return the days on which something came from a source."""
    of_kinds: Mapping[tuple[date, str, str], int] = counts.by
    names = {f"new.channel.{channel}" for channel in channels}
    found = {day for (day, what, kind), n in of_kinds.items() if n and what == "new" and kind in kinds}
    found |= {day for (day, what, _kind), n in ways.by.items() if n and what in names}
    return {day for day in found if day <= today and day != counting.NOW}


def _fell_silent(days: set[date], today: date) -> bool:
    yesterday = today - timedelta(days=1)
    before = {yesterday - timedelta(days=back) for back in range(1, LOOK_BACK + 1)}
    return len(days & before) >= USUAL and not days & {yesterday, today}


def _last(scope: Scope, day: date, kinds: Sequence[str], channels: Sequence[str]) -> datetime | None:
    since, until = queries.edges(day)
    values = {**scope.values, "since": since, "until": until, "kinds": list(kinds), "channels": list(channels)}
    with connection.cursor() as cursor:
        cursor.execute(LAST.replace("{scope}", scope.sql), values)
        found: datetime | None = cursor.fetchone()[0]
    return found.astimezone(people.zone()) if found else None
