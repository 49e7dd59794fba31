"""Counts kept by day and ground, and never a moment behind: the table, less what moved since, plus that counted anew.

Every case adds to the counts what its events say (`PARTS`). A pass takes the cases with newly published events, takes out what
each added before and adds what it adds now. Whoever reads does the same, in one statement, for the cases whose events were
not folded in yet. So a number is exact at every moment, and its list, which asks the same conditions, has as many rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from fengqiao.base.act import Actor
from fengqiao.cases.figures import HAPPENED, OPEN, STANDS
from fengqiao.people import queries as people

NOW = date(1, 1, 1)
LEVELS = (6, 9, 12)
SEALED = "CASE WHEN c.confidentiality < 2 THEN left(c.category, 2) ELSE 'sealed' END"

_ONE = ",\n    ".join(f"('{name}', ({sql})::int)" for name, sql in HAPPENED.items())
_STATES = ",\n    ".join(f"('state.{letter}', (e.target = '{letter}')::int - (e.source = '{letter}')::int)" for letter in OPEN)
_STAND = ",\n    ".join(f"('{name}', ({sql})::int)" for name, sql in STANDS.items())
# How long after its report something happened, in classes 12% wide (a twentieth of a power of ten of minutes).
TIMED = ("assigned", "signed", "fed_back", "closed")
_CLASS = "lpad(floor(20 * log((extract(epoch FROM e.at - c.created_at) / 60 + 1)::numeric))::text, 3, '0')"
_LONG = ",\n    ".join(f"('h.{name}.' || {_CLASS}, ({HAPPENED[name]})::int)" for name in TIMED)
_HOUR = "to_char(e.at AT TIME ZONE %(zone)s, 'HH24')"
# What cases add to the counts; C4 is in no figure of a day (handbook C4: a yearly total of the district only).
PARTS = f"""
SELECT c.id AS case_id, c.last_seq AS seq, c.area, c.compartment, c.kind, (e.at AT TIME ZONE %(zone)s)::date AS day,
  m.what, sum(m.n)::int AS n
FROM {{some}} AS chosen JOIN cases c ON c.id = chosen.case_id JOIN case_event e ON e.case_id = c.id
CROSS JOIN LATERAL (VALUES
    {_ONE},
    {_STATES},
    {_LONG},
    ('new.hour.' || {_HOUR}, (e.source = '')::int),
    ('new.channel.' || c.channel, (e.source = '')::int),
    ('new.class.' || {SEALED}, (e.source = '')::int)) AS m(what, n)
WHERE c.confidentiality < 4 AND m.n <> 0
GROUP BY c.id, c.last_seq, c.area, c.compartment, c.kind, day, m.what
UNION ALL
SELECT c.id, c.last_seq, c.area, c.compartment, c.kind, DATE '0001-01-01', m.what, m.n
FROM {{some}} AS chosen JOIN cases c ON c.id = chosen.case_id
CROSS JOIN LATERAL (VALUES
    {_STAND},
    ('by.' || coalesce(c.lead::text, ''), (position(c.state in '{OPEN}') > 0)::int),
    ('state.' || c.state, (position(c.state in '{OPEN}') > 0)::int)) AS m(what, n)
WHERE c.confidentiality < 4 AND m.n <> 0
"""
# Stamped events above the mark, and those that are not stamped yet. The relay stamps in order, so none appears below.
MOVED = """
SELECT DISTINCT o.case_id FROM case_outbox o WHERE o.published_seq IS NULL
UNION SELECT o.case_id FROM case_outbox o WHERE o.published_seq > (SELECT upto FROM day_fold WHERE id = 1)
"""
KEPT = "SELECT d.case_id, d.area, d.compartment, d.kind, (p->>0)::date AS day, p->>1 AS what, (p->>2)::int AS n"
COUNTED = f"""
WITH moved AS MATERIALIZED ({MOVED}),
now_adds AS MATERIALIZED (SELECT * FROM ({PARTS.replace("{some}", "moved")}) x),
adds AS (
  SELECT area, compartment, kind, day, what, n FROM now_adds
  UNION ALL
  SELECT k.area, k.compartment, k.kind, k.day, k.what, -k.n FROM
    ({KEPT} FROM day_case d JOIN moved ON moved.case_id = d.case_id CROSS JOIN LATERAL jsonb_array_elements(d.parts) p) k
)
SELECT {{by}}, what, kind, sum(n)::int FROM (
  SELECT area, day, what, kind, n FROM day_count WHERE {{kept}} AND {{seated}} AND {{wanted}}
  UNION ALL
  SELECT area, day, what, kind, n FROM adds WHERE {{ground}} AND {{seated}} AND {{wanted}}
) AS counts GROUP BY 1, 2, 3 HAVING sum(n) <> 0
"""


# Nothing waits to be folded in: the table alone is exact, and its statement is planned in a tenth of the time.
ANYTHING = f"SELECT EXISTS ({MOVED})"
FOLDED = """
SELECT {by}, what, kind, sum(n)::int FROM day_count WHERE {kept} AND {seated} AND {wanted} GROUP BY 1, 2, 3 HAVING sum(n) <> 0
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which ground is looked at: the reader's own ranges, or a part of them; and which compartments they sit in.

    The cockpit shows a ground. A case elsewhere that the reader may open because of an order for it is not of it.
    """

    ranges: tuple[tuple[str, str], ...]
    compartments: tuple[str, ...] = ()
    area: str = ""

    @classmethod
    def of(cls, actor: Actor, area: str = "") -> "Scope":
        """Return the ground of an actor, narrowed to an area if one was chosen."""
        low, high = area, f"{area}~"
        ranges = tuple((max(low, one), min(high, two)) for one, two in actor.ranges if max(low, one) < min(high, two))
        return cls(ranges, actor.compartments, area)

    def ground(self, column: str = "c.area") -> str:
        """Return the condition that an area lies in it."""
        return "(" + " OR ".join(f"({column} >= %(low{i})s AND {column} < %(high{i})s)" for i in range(len(self.ranges))) + " OR false)"

    @property
    def seated(self) -> str:
        return "true" if "*" in self.compartments else "compartment = ANY(%(compartments)s)"

    @property
    def sql(self) -> str:
        """Return the condition on a case ``c`` that it is of this ground, and in figures at all."""
        return f"c.confidentiality < 4 AND {self.ground()} AND {self.seated.replace('compartment =', 'c.compartment =')}"

    @property
    def values(self) -> dict[str, Any]:
        edges = {f"{edge}{i}": pair[side] for i, pair in enumerate(self.ranges) for side, edge in enumerate(("low", "high"))}
        return {**edges, "compartments": ["", *self.compartments]}

    @property
    def fine(self) -> bool:
        """Tell whether the ground is finer than what is kept."""
        return any(len(low) > LEVELS[-1] for low, _high in self.ranges)

    @property
    def kept(self) -> str:
        """Return the condition that a kept count is of this ground: each range by the coarsest level whose areas it holds whole."""
        levels = [next((level for level in LEVELS if len(low) <= level), 0) for low, _high in self.ranges]
        parts = [f"(level = {level} AND area >= %(low{i})s AND area < %(high{i})s)" for i, level in enumerate(levels)]
        return f"({' OR '.join([*parts, 'false'])})"


@dataclass(slots=True)
class Counts:
    """What happened by day, what and kind of case; what stands now has the day of ``NOW``."""

    by: Mapping[tuple[date, str, str], int]

    def of(self, what: str, first: date, last: date | None = None, kinds: Sequence[str] = ()) -> int:
        """Return how often it happened from one day to another."""
        until = last or first
        return sum(n for (day, name, kind), n in self.by.items() if name == what and first <= day <= until and (not kinds or kind in kinds))

    def stands(self, what: str) -> int:
        """Return how many stand so now."""
        return self.of(what, NOW)

    def under(self, prefix: str, first: date, last: date | None = None) -> dict[str, int]:
        """Return the counts of all names that begin so, by the rest of their name."""
        found: Counter[str] = Counter()
        for (day, name, _kind), n in self.by.items():
            if name.startswith(prefix) and first <= day <= (last or first):
                found[name[len(prefix) :]] += n
        return {name: n for name, n in found.items() if n}


def counted(scope: Scope, first: date, last: date, whats: Iterable[str] = (), prefix: str = "") -> Counts:
    """Return what happened from one day to another, and what stands now; all of it, or some names, or those that begin so."""
    return Counts({(day, what, kind): n for day, what, kind, n in _all(scope, first, last, whats, prefix=prefix)})


def by_area(
    scope: Scope, first: date, last: date, whats: Iterable[str], level: int = 9, kinds: Sequence[str] = ()
) -> dict[str, dict[str, int]]:
    """Return counts by area of a level (9 town, 12 village) and what; from ``NOW`` to ``NOW`` is what stands."""
    found: dict[str, dict[str, int]] = {}
    for area, what, kind, n in _all(scope, first, last, whats, level):
        if kinds and kind not in kinds:
            continue
        counts = found.setdefault(area, {})
        counts[what] = counts.get(what, 0) + n
    return found


def _all(scope: Scope, first: date, last: date, whats: Iterable[str], level: int = 0, prefix: str = "") -> list[Any]:
    """Count by day, or, if a level is named, by area of that level."""
    names, by, sql = list(whats), "left(area, %(level)s)" if level else "day", COUNTED if _anything() else FOLDED
    ground = scope.ground("area")
    kept = f"level = %(level)s AND {ground}" if level else scope.kept
    if scope.fine:
        # Ground finer than what is kept is small: all of its cases are counted anew.
        some = f"(SELECT id AS case_id FROM cases c WHERE {scope.sql})"
        sql = f"SELECT {{by}}, what, kind, sum(n)::int FROM ({PARTS.replace('{some}', some)}) x WHERE {{ground}} AND {{wanted}} "
        sql += "GROUP BY 1, 2, 3"
    if level:
        ground = f"length(area) >= %(level)s AND {ground}"
    wanted = ["day BETWEEN %(first)s AND %(last)s" if level else "(day BETWEEN %(first)s AND %(last)s OR day = %(now)s)"]
    if names:
        wanted.append("what = ANY(%(whats)s)")
    if prefix:
        wanted.append("what >= %(prefix)s AND what < %(prefix)s || '~'")
    for mark, said in {"kept": kept, "ground": ground, "seated": scope.seated, "wanted": " AND ".join(wanted), "by": by}.items():
        sql = sql.replace(f"{{{mark}}}", said)
    values: dict[str, Any] = {
        "first": first,
        "last": last,
        "now": NOW,
        "whats": names,
        "prefix": prefix,
        "level": level,
        "zone": str(people.zone()),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, {**scope.values, **values, "zone": str(people.zone())})
        return list(cursor.fetchall())


def _anything() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(ANYTHING)
        return bool(cursor.fetchone()[0])
