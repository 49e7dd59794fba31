"""The state of the district at any minute of a day: the evening before, as it is counted, and what happened since midnight."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from fengqiao.across.cockpit import counting, queries
from fengqiao.across.cockpit.counting import NOW, Scope
from fengqiao.cases.figures import OPEN
from fengqiao.people import queries as people

SINCE_MIDNIGHT = """
SELECT left(c.area, 9), e.source, e.target, count(*) FROM case_event e JOIN cases c ON c.id = e.case_id
WHERE e.at >= %(since)s AND e.at < %(until)s AND e.source <> e.target AND {scope} GROUP BY 1, 2, 3
"""
LAST = """
SELECT e.at, e.move, c.id, c.number, c.kind, left(c.area, 9) FROM case_event e JOIN cases c ON c.id = e.case_id
WHERE e.at >= %(since)s AND e.at < %(until)s AND e.source <> e.target AND {scope} ORDER BY e.at DESC, e.id DESC LIMIT 8
"""


@dataclass(frozen=True, slots=True)
class Moment:
    """How things stood at a minute: what had come and gone that day, and what was open, by state and by town."""

    at: datetime
    opening: int
    new: int
    reopened: int
    ended: int
    states: Mapping[str, int]
    towns: Mapping[str, int]

    @property
    def open(self) -> int:
        return self.opening + self.new + self.reopened - self.ended


@dataclass(frozen=True, slots=True)
class Happening:
    """One of the last things that happened before a minute."""

    at: datetime
    move: str
    case: UUID
    number: str
    kind: str
    town: str


def moment(scope: Scope, day: date, today: date, minute: int) -> Moment:
    """Return how things stood so many minutes after a day's midnight."""
    since, until = _edges(day, minute)
    names = [*(f"state.{letter}" for letter in OPEN), "open", "new", "ended", "reopened"]
    counts = counting.counted(scope, day, today + timedelta(days=1), names)
    last = today + timedelta(days=1)
    states = Counter({letter: counts.of(f"state.{letter}", NOW) - counts.of(f"state.{letter}", day, last) for letter in OPEN})
    towns = _towns_at_midnight(scope, day, last)
    new = reopened = ended = 0
    for town, source, target, n in _all(SINCE_MIDNIGHT, scope, since, until):
        was, is_open = source in OPEN and bool(source), target in OPEN
        states[target] += n if is_open else 0
        states[source] -= n if was else 0
        towns[town] += n * (is_open - was)
        new += n if not source else 0
        reopened += n if source and is_open and not was else 0
        ended += n if was and not is_open else 0
    came = counts.of("new", day, last) + counts.of("reopened", day, last) - counts.of("ended", day, last)
    standing = {letter: states[letter] for letter in OPEN}
    return Moment(until, counts.stands("open") - came, new, reopened, ended, standing, {code: n for code, n in towns.items() if n})


def _towns_at_midnight(scope: Scope, day: date, last: date) -> Counter[str]:
    now = counting.by_area(scope, NOW, NOW, ["open"])
    since = counting.by_area(scope, day, last, ["new", "reopened", "ended"])
    towns = Counter({code: found["open"] for code, found in now.items()})
    for code, found in since.items():
        towns[code] -= found.get("new", 0) + found.get("reopened", 0) - found.get("ended", 0)
    return towns


def latest(scope: Scope, day: date, minute: int) -> list[Happening]:
    """Return the last steps before a minute of a day."""
    return [Happening(*row) for row in _all(LAST, scope, *_edges(day, minute))]


def _edges(day: date, minute: int) -> tuple[datetime, datetime]:
    since, end = queries.edges(day)
    # Minutes of the clock on the wall: a day on which it is put forward or back ends when it ends.
    return since, min(end, since + timedelta(minutes=minute)) if minute < 1440 else end


def _all(sql: str, scope: Scope, since: datetime, until: datetime) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{scope}", scope.sql), {**scope.values, "since": since, "until": until, "zone": str(people.zone())})
        return list(cursor.fetchall())
