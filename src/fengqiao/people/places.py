"""Which grid a point lies in: an index over all outlines, held in the process.

A point on a border shared by several grids belongs to exactly one of them: the one with the lowest code.
"""

import json
from dataclasses import dataclass
from typing import Any

import numpy
import shapely

from fengqiao.people import models, reference
from fengqiao.people.terms import Level


@dataclass(frozen=True, slots=True)
class Place:
    """Where a point lies; a level that the district has not drawn there is an empty text."""

    grid: str
    village: str
    town: str

    @property
    def code(self) -> str:
        """The deepest code known."""
        return self.grid or self.village or self.town


@dataclass(frozen=True, slots=True)
class Index:
    """The outlines of one level."""

    places: tuple[Place, ...]
    tree: shapely.STRtree

    def at(self, lon: float, lat: float) -> Place | None:
        found = self.tree.query(shapely.Point(lon, lat), predicate="intersects")
        # Sorted by code, so the lowest index is the lowest code.
        return self.places[int(found.min())] if found.size else None

    def near(self, lon: float, lat: float) -> Place | None:
        if not self.places:
            return None
        return self.places[int(self.tree.nearest(shapely.Point(lon, lat)))]


@reference.cached("people")
def _indices() -> tuple[Index, ...]:
    return tuple(index for level in (Level.GRID, Level.VILLAGE, Level.TOWN) if (index := _index(level)).places)


def _index(level: Level) -> Index:
    rows = models.Area.objects.filter(level=level, polygon__isnull=False, retired=False).order_by("code")
    found = list(rows.values_list("code", "parent_id", "parent__parent_id", "polygon"))
    shapes = shapely.from_geojson([json.dumps(polygon) for *_codes, polygon in found]) if found else numpy.array([], dtype=object)
    shapely.prepare(shapes)
    return Index(tuple(_place(level, code, parent, grandparent) for code, parent, grandparent, _polygon in found), shapely.STRtree(shapes))


def _place(level: Level, code: str, parent: str | None, grandparent: str | None) -> Place:
    if level == Level.GRID:
        return Place(code, parent or "", grandparent or "")
    return Place("", code, parent or "") if level == Level.VILLAGE else Place("", "", code)


@reference.cached("people", size=64)
def locate(lon: float, lat: float) -> Place | None:
    """Return the grid, village and town of a point in WGS 84, or nothing outside the district.

    A few points are remembered: a report is routed and then placed, and both ask where it is.
    """
    return next((place for index in _indices() if (place := index.at(lon, lat)) is not None), None)


def nearest(lon: float, lat: float) -> Place | None:
    """Return the place whose outline comes nearest to a point."""
    return next((place for index in _indices() if (place := index.near(lon, lat)) is not None), None)


@reference.cached("people", size=64)
def outlines(level: str, within: str = "") -> tuple[tuple[str, dict[str, Any]], ...]:
    """Return code and GeoJSON geometry of every area of a level inside another."""
    rows = models.Area.objects.filter(level=level, polygon__isnull=False, retired=False, code__startswith=within)
    return tuple((row.code, row.polygon or {}) for row in rows.order_by("code").only("code", "polygon"))
