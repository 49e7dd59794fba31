"""What a day was like: counted anew from the events, within what the reader may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from fengqiao.across.cockpit.measures import Share, median
from fengqiao.base.errors import NotFound
from fengqiao.base.words import _
from fengqiao.cases.figures import OPEN, SETS, Figure
from fengqiao.cases.models import Case
from fengqiao.cases.queries import COLUMNS
from fengqiao.people import queries as people

BACK = 28
PAGE = 50

FLOW = """
SELECT (e.at AT TIME ZONE %(zone)s)::date AS day,
  count(*) FILTER (WHERE e.source = ''),
  count(*) FILTER (WHERE e.source <> '' AND position(e.source in %(open)s) > 0 AND NOT position(e.target in %(open)s) > 0),
  count(*) FILTER (WHERE e.source <> '' AND NOT position(e.source in %(open)s) > 0 AND position(e.target in %(open)s) > 0)
FROM case_event e JOIN cases c ON c.id = e.case_id
WHERE e.at >= %(since)s AND {area} GROUP BY 1
UNION ALL
SELECT NULL, count(*), 0, 0 FROM cases c WHERE position(c.state in %(open)s) > 0 AND {area}
"""
SPREAD = """
SELECT extract(hour FROM c.created_at AT TIME ZONE %(zone)s)::int, c.channel,
  CASE WHEN c.confidentiality < 2 THEN left(c.category, 2) ELSE 'sealed' END, count(*)
FROM cases c WHERE c.created_at >= %(since)s AND c.created_at < %(until)s AND {area}
GROUP BY GROUPING SETS ((1), (2), (3))
"""
TIMES = """
SELECT extract(epoch FROM min(e.at) FILTER (WHERE e.move = ANY(%(moves)s)) - c.created_at) / 3600
FROM cases c JOIN case_event e ON e.case_id = c.id
WHERE c.id IN (SELECT d.case_id FROM case_event d WHERE d.at >= %(since)s AND d.at < %(until)s AND d.move = ANY(%(moves)s)) AND {area}
GROUP BY c.id, c.created_at
"""


class NoSuchRows(NotFound):
    """There is no list of this name."""

    message = _("There is no list called “{name}”.")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which ground is looked at, within what the reader may see anyway."""

    area: str = ""

    @property
    def sql(self) -> str:
        # C4 is in no figure of a day (handbook C4: a yearly total of the district only).
        return f"c.confidentiality < 4 AND {'c.area >= %(low)s AND c.area < %(high)s' if self.area else 'true'}"

    @property
    def values(self) -> dict[str, str]:
        return {"low": self.area, "high": f"{self.area}~"}


@dataclass(frozen=True, slots=True)
class Flow:
    """What came and went on one day; the morning's and the evening's stock follow from all the others."""

    day: date
    new: int
    ended: int
    reopened: int
    opening: int

    @property
    def closing(self) -> int:
        """How many are open in the evening: what was there, and came, and came back, less what went."""
        return self.opening + self.new + self.reopened - self.ended


def edges(day: date) -> tuple[datetime, datetime]:
    """Return when a day begins and ends where the district lies."""
    start = datetime.combine(day, time(), people.zone())
    return start, datetime.combine(day + timedelta(days=1), time(), people.zone())


def flows(scope: Scope, day: date, today: date, back: int = BACK) -> list[Flow]:
    """Return the flows of a day and the days before it, oldest first; one statement, so that they agree with each other."""
    since, _end = edges(day - timedelta(days=back))
    rows = _all(FLOW, scope, {"since": since, "open": OPEN})
    counted = {row[0]: row[1:] for row in rows if row[0] is not None}
    stock = next(row[1] for row in rows if row[0] is None)
    found: list[Flow] = []
    for back_from in range((max(today, *counted, day) - day).days + back + 1):
        at = max(today, *counted, day) - timedelta(days=back_from)
        new, ended, reopened = counted.get(at, (0, 0, 0))
        opening = stock - new - reopened + ended
        if at <= day:
            found.append(Flow(at, new, ended, reopened, opening))
        stock = opening
    return found[::-1]


def spread(scope: Scope, day: date) -> tuple[dict[int, int], dict[str, int], dict[str, int]]:
    """Return how a day's reports spread over hours, channels and classes; what is confidential is one class (decision 22)."""
    since, until = edges(day)
    hours: dict[int, int] = {}
    channels: dict[str, int] = {}
    classes: dict[str, int] = {}
    for hour, channel, category, count in _all(SPREAD, scope, {"since": since, "until": until}):
        if hour is not None:
            hours[hour] = count
        elif channel is not None:
            channels[channel] = count
        else:
            classes[category or ""] = count
    return hours, channels, classes


def hours_until(scope: Scope, day: date, *moves: str) -> tuple[float | None, int]:
    """Return the median of hours from the report to the first of these moves, of the cases that made it on a day; and how many."""
    since, until = edges(day)
    values = [float(row[0]) for row in _all(TIMES, scope, {"since": since, "until": until, "moves": list(moves)}) if row[0] is not None]
    return median(values), len(values)


def sizes(scope: Scope, names: Sequence[str], since: datetime, until: datetime, kinds: Sequence[str] = ()) -> dict[str, int]:
    """Return how many cases lie in each of these sets."""
    counted = ", ".join(f"count(*) FILTER (WHERE {SETS[name]})" for name in names)
    named = "c.kind = ANY(%(kinds)s)" if kinds else "true"
    sql = f"SELECT {counted} FROM cases c WHERE {named} AND {scope.sql} AND ({' OR '.join(f'({SETS[name]})' for name in names)})"
    row = _all(sql, scope, {"since": since, "until": until, "kinds": list(kinds)})[0]
    return dict(zip(names, row, strict=True))


def share(scope: Scope, figure: Figure, since: datetime, until: datetime) -> tuple[Share, int]:
    """Count an indicator; the second number is what it must be read beside (of how many were asked at all)."""
    names = [name for name in dict.fromkeys((figure.part, figure.whole, figure.beside)) if name]
    found = sizes(scope, names, since, until, figure.kinds)
    return Share(found[figure.part], found[figure.whole]), found.get(figure.beside, 0)


def rows(
    scope: Scope, name: str, since: datetime, until: datetime, *, extra: Mapping[str, str], after: tuple[Any, ...] | None = None
) -> list[Case]:
    """Return the cases behind a number, newest first."""
    if name not in SETS:
        raise NoSuchRows(name=name)
    where = [f"({SETS[name]})", scope.sql]
    values: dict[str, Any] = {"since": since, "until": until, "zone": str(people.zone())}
    if extra.get("channel"):
        where.append("c.channel = %(channel)s")
    if extra.get("category"):
        where.append("CASE WHEN c.confidentiality < 2 THEN left(c.category, 2) ELSE 'sealed' END = %(category)s")
    if extra.get("hour"):
        where.append("extract(hour FROM c.created_at AT TIME ZONE %(zone)s) = %(hour)s")
    if extra.get("kinds"):
        where.append("c.kind = ANY(%(kinds)s)")
        values["kinds"] = extra["kinds"].split(",")
    if after:
        where.append("(c.created_at, c.id) < (%(after_at)s, %(after_id)s)")
        values |= {"after_at": after[0], "after_id": after[1]}
    names = ", ".join(f'c."{column}"' for column in COLUMNS)
    sql = f"SELECT {names} FROM cases c WHERE {' AND '.join(where)} ORDER BY c.created_at DESC, c.id DESC LIMIT {PAGE + 1}"
    return [Case(**dict(zip(COLUMNS, row, strict=True))) for row in _all(sql, scope, {**extra, **values})]


def _all(sql: str, scope: Scope, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{area}", scope.sql), {"zone": str(people.zone()), **scope.values, **values})
        return list(cursor.fetchall())
