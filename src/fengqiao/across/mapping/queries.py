"""What the map shows: the cases of a list where they lie, counted by H3 cell from far, one by one from near, in one statement.

What is confidential (C2 and above) has no place on a map: it is counted with its town. C4 is in no figure (handbook C4).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import h3

from fengqiao.across.mapping.models import Layer
from fengqiao.base.act import Actor
from fengqiao.cases import queries as cases
from fengqiao.cases.models import Case
from fengqiao.cases.numbers import TOWN
from fengqiao.cases.queries import COLUMNS, NAMES, Filter, Where
from fengqiao.people.statements import planned

Box = tuple[float, float, float, float]
NEAR = 14
"""From this zoom on single cases are drawn."""
CELLS = ((9, 5), (11, 6), (12, 7), (13, 8), (NEAR, 9))
"""Below which zoom cases are counted by cells of which H3 resolution: forty to sixty pixels wide."""
MOST = 20_000
ROWS = 50
_BIN = 4000
"""Cases are added up in the database by bins of 1/4000 degree (25 m) before they are given to cells of 300 m and more."""

OPEN_TO_ALL = "confidentiality < 2"
HERE = "lon BETWEEN %s AND %s AND lat BETWEEN %s AND %s"
_RUNG = "max(CASE WHEN due_at IS NULL THEN -1 ELSE rung END)"
_FAR = f"SELECT '', avg(lon), avg(lat), count(*), {_RUNG}, '' FROM cases WHERE {{where}} AND {OPEN_TO_ALL} AND {HERE} "
_FAR += f"GROUP BY floor(lon * {_BIN}), floor(lat * {_BIN})"
_CLOSE = "SELECT id::text, lon, lat, 1, CASE WHEN due_at IS NULL THEN -1 ELSE rung END, state FROM cases "
_CLOSE += f"WHERE {{where}} AND {OPEN_TO_ALL} AND {HERE} ORDER BY sort_at, id LIMIT {MOST + 1}"
_BESIDE = f"""
SELECT CASE WHEN {OPEN_TO_ALL} THEN 'nowhere' ELSE left(area, 9) END, NULL, NULL, count(*), {_RUNG}, 'C'
FROM cases WHERE {{where}} AND confidentiality < 4 AND (NOT {OPEN_TO_ALL} OR lon IS NULL) GROUP BY 1
"""


@dataclass(slots=True)
class Seen:
    """What lies in a part of the map, and what has no place on it."""

    clusters: list[tuple[str, float, float, int, int]] = field(default_factory=list)
    points: list[tuple[str, float, float, int, str]] = field(default_factory=list)
    sealed: dict[str, int] = field(default_factory=dict)
    nowhere: int = 0
    more: bool = False


def resolution(zoom: float) -> int:
    """Return of which size cells are at a zoom; 0 where single cases are drawn."""
    return next((cell for below, cell in CELLS if zoom < below), 0)


def seen(actor: Actor, wanted: Filter, box: Box, zoom: float) -> Seen:
    """Return the cases of a list in a part of the map."""
    cell = resolution(zoom)
    where = cases.conditions(actor, wanted)
    sql = f"({_FAR if cell else _CLOSE}) UNION ALL ({_BESIDE})".replace("{where}", where.sql)
    west, south, east, north = box
    rows = planned(sql, [*where.values, west, east, south, north, *where.values])
    found = Seen()
    for name, _lon, _lat, n, _rung, _mark in (row for row in rows if row[1] is None):
        if name == "nowhere":
            found.nowhere = n
        else:
            found.sealed[name] = n
    lying = [row for row in rows if row[1] is not None]
    if cell:
        found.clusters = _gathered(lying, cell)
    else:
        found.more = len(lying) > MOST
        found.points = [(name, round(lon, 6), round(lat, 6), rung, state) for name, lon, lat, _n, rung, state in lying[:MOST]]
    return found


def _gathered(bins: Sequence[tuple[Any, ...]], cell: int) -> list[tuple[str, float, float, int, int]]:
    """Add bins up to cells; a cell lies where its cases lie on average, and has the colour of its worst clock."""
    sums: dict[str, list[float]] = {}
    for _name, lon, lat, n, rung, _mark in bins:
        one = sums.setdefault(h3.latlng_to_cell(lat, lon, cell), [0.0, 0.0, 0, -1])
        one[0] += lon * n
        one[1] += lat * n
        one[2] += n
        one[3] = max(one[3], rung)
    return [(key, round(x / n, 6), round(y / n, 6), int(n), int(rung)) for key, (x, y, n, rung) in sums.items()]


def rows(actor: Actor, wanted: Filter, box: Box) -> list[Case]:
    """Return the first cases in a part of the map as a list shows them, soonest due first."""
    where = _within(cases.conditions(actor, wanted), box)
    sql = f"SELECT {NAMES} FROM cases WHERE {where.sql} ORDER BY sort_at, id LIMIT {ROWS}"
    return [Case(**dict(zip(COLUMNS, row, strict=True))) for row in planned(sql, where.values)]


def by_place(actor: Actor, wanted: Filter, digits: int, within: str = "") -> dict[str, int]:
    """Return how many cases lie in each area of a level; what is confidential is counted with towns only."""
    where = cases.conditions(actor, wanted)
    where.add("length(area) >= %s AND area >= %s AND area < %s", digits, within, f"{within}~")
    where.add("confidentiality < 4" if digits <= TOWN else OPEN_TO_ALL)
    sql = f"SELECT left(area, %s), count(*) FROM cases WHERE {where.sql} GROUP BY 1"
    return dict(planned(sql, [digits, *where.values]))


def _within(where: Where, box: Box) -> Where:
    west, south, east, north = box
    where.add(OPEN_TO_ALL)
    where.add(HERE, west, east, south, north)
    return where


def layers(actor: Actor, *, with_tiles: bool) -> list[Layer]:
    """Return the layers a post may see, from the ground up; none that would be empty."""
    found = Layer.objects.filter(active=True)
    return [row for row in found if actor.may(row.permission) and (with_tiles or row.draws != Layer.Draws.TILES)]
