"""What a day was like: its sum, its numbers and the rows behind each, within what the reader may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from fengqiao.across.cockpit import counting
from fengqiao.across.cockpit.counting import SEALED, Counts, Scope
from fengqiao.across.cockpit.measures import Share
from fengqiao.across.cockpit.models import DayFold
from fengqiao.base.errors import NotFound
from fengqiao.base.words import _
from fengqiao.cases.figures import HAPPENED, OPEN, OPEN_THEN, SETS, STANDS, Figure
from fengqiao.cases.models import Case
from fengqiao.cases.queries import COLUMNS
from fengqiao.people import queries as people

BACK = 28
PAGE = 50

# How many results each handler reported on each day they reported any. Nobody is named, nobody is compared: what a day's work is.
PER_HANDLER = f"""
SELECT count(*) FROM case_event e JOIN cases c ON c.id = e.case_id
WHERE e.at >= %(since)s AND e.at < %(until)s AND {HAPPENED["fed_back"]} AND {{scope}} AND e.actor_kind = 'person'
GROUP BY e.actor, (e.at AT TIME ZONE %(zone)s)::date
"""


class NoSuchRows(NotFound):
    """There is no list of this name."""

    message = _("There is no list called “{name}”.")


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


@dataclass(frozen=True, slots=True)
class Row:
    """A case behind a number, and the moment for which it is there."""

    case: Case
    at: datetime
    mark: UUID


def edges(day: date, last: date | None = None) -> tuple[datetime, datetime]:
    """Return when a day begins, and when it (or the last of several) ends, where the district lies."""
    start = datetime.combine(day, time(), people.zone())
    return start, datetime.combine((last or day) + timedelta(days=1), time(), people.zone())


def flows(counts: Counts, day: date, today: date, back: int = BACK) -> list[Flow]:
    """Return the flows of a day and the days before it, oldest first; counts go from ``back`` days before to the last day known."""
    stock, found = counts.stands("open"), []
    moved: dict[date, list[int]] = {}
    for (at, what, _kind), n in counts.by.items():
        if what in ("new", "ended", "reopened"):
            moved.setdefault(at, [0, 0, 0])[("new", "ended", "reopened").index(what)] += n
    last = max(today, day, *moved)
    for back_from in range((last - day).days + back + 1):
        at = last - timedelta(days=back_from)
        new, ended, reopened = moved.get(at, (0, 0, 0))
        opening = stock - new - reopened + ended
        if at <= day:
            found.append(Flow(at, new, ended, reopened, opening))
        stock = opening
    return found[::-1]


def share(counts: Counts, figure: Figure, first: date, last: date) -> tuple[Share, int]:
    """Return an indicator; the second number is what it must be read beside (of how many were asked at all)."""
    part, whole, beside = (counts.of(name, first, last, figure.kinds) if name else 0 for name in (figure.part, figure.whole, figure.beside))
    return Share(part, whole), beside


def per_handler(scope: Scope, since: datetime, until: datetime) -> list[int]:
    """Return how many results each handler reported on each day they reported any."""
    return [row[0] for row in _all(PER_HANDLER.replace("{scope}", scope.sql), scope, {"since": since, "until": until})]


# --- rows behind a number ------------------------------------------------------------------------------------------------


def rows(
    scope: Scope, name: str, since: datetime, until: datetime, *, extra: Mapping[str, str], after: tuple[datetime, UUID] | None = None
) -> list[Row]:
    """Return what is behind a number, the latest first: cases with the moment at which it happened to them.

    A case that ended twice on a day is there twice, as it was counted.
    """
    if name not in SETS:
        raise NoSuchRows(name=name)
    happened = name in HAPPENED
    at, mark = ("e.at", "e.id") if happened else ("c.created_at", "c.id")
    where = [f"({HAPPENED.get(name) or STANDS.get(name) or OPEN_THEN})", scope.sql]
    values: dict[str, Any] = {"since": since, "until": until}
    if happened:
        where.append("e.at >= %(since)s AND e.at < %(until)s")
    where += _narrowed(extra, at, values)
    if after:
        where.append(f"({at}, {mark}) < (%(after_at)s, %(after_id)s)")
        values |= {"after_at": after[0], "after_id": after[1]}
    names = ", ".join(f'c."{column}"' for column in COLUMNS)
    source = "case_event e JOIN cases c ON c.id = e.case_id" if happened else "cases c"
    sql = f"SELECT {at}, {mark}, {names} FROM {source} WHERE {' AND '.join(where)} ORDER BY 1 DESC, 2 DESC LIMIT {PAGE + 1}"
    return [Row(Case(**dict(zip(COLUMNS, row[2:], strict=True))), row[0], row[1]) for row in _all(sql, scope, values)]


def _narrowed(extra: Mapping[str, str], at: str, values: dict[str, Any]) -> Sequence[str]:
    """Return the conditions of a narrower number: one hour, channel, class, state, owner or some kinds."""
    conditions = {
        "channel": "c.channel = %(channel)s",
        "category": f"coalesce(nullif({SEALED}, ''), 'none') = %(category)s",
        "state": "c.state = %(state)s",
        "lead": "coalesce(c.lead::text, 'none') = %(lead)s",
        "hour": f"extract(hour FROM {at} AT TIME ZONE %(zone)s) = %(hour)s",
        "kinds": "c.kind = ANY(%(kinds)s)",
    }
    wanted = {name: extra[name] for name in conditions if extra.get(name)}
    values |= {name: value.split(",") if name == "kinds" else value for name, value in wanted.items()}
    return [conditions[name] for name in wanted]


def _all(sql: str, scope: Scope, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"zone": str(people.zone()), **scope.values, **values})
        return list(cursor.fetchall())


def counts_of(scope: Scope, first: date, today: date) -> Counts:
    """Return how often everything happened on each day from one on, and what stands now."""
    names = (*HAPPENED, *STANDS, *(f"state.{letter}" for letter in OPEN))
    return counting.counted(scope, first, max(today, first) + timedelta(days=1), names)


def is_behind() -> bool:
    """Tell whether an update counts something that was not counted of all cases yet."""
    return DayFold.objects.filter(behind=True).exists()
