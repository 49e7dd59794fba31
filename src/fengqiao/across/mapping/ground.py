"""The ground as GeoJSON: every area of a level once, its borders as fine as its level is looked at, packed and held by edition."""

import gzip
import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec
import shapely

from fengqiao.base.errors import NotFound
from fengqiao.base.words import _
from fengqiao.people import queries as people
from fengqiao.people import reference
from fengqiao.people.terms import Level

FINE = {Level.TOWN: 0.0004, Level.VILLAGE: 0.00015, Level.GRID: 0.00006}
"""Degrees by which a border may be off: half a pixel at the scale from which a level is drawn."""
DIGITS = 5
"""A metre; nobody draws a border finer."""


class NoSuchGround(NotFound):
    """No areas of this level are drawn."""

    message = _("There is no ground called “{level}”.")


@dataclass(frozen=True, slots=True)
class Ground:
    """A level's areas as sent: packed, with a name by which the browser knows whether it has them already."""

    packed: bytes
    plain: bytes
    etag: str


@reference.cached("people", size=8)
def ground(level: str) -> Ground:
    """Return every area of a level that has an outline."""
    if level not in FINE:
        raise NoSuchGround(level=level)
    found = people.outlines(level)
    shapes = [shapely.geometry.shape(outline) for _code, outline in found]
    # Simplified together, so that neighbours stay neighbours: simplified one by one, slivers gape between them.
    simple = shapely.coverage_simplify(shapes, FINE[Level(level)]) if shapes else []
    features = [_feature(code, shape) for (code, _outline), shape in zip(found, simple, strict=True)]
    plain = msgspec.json.encode({"type": "FeatureCollection", "features": features})
    return Ground(gzip.compress(plain, 9, mtime=0), plain, f'"{hashlib.sha256(plain).hexdigest()[:20]}"')


def _feature(code: str, shape: Any) -> dict[str, Any]:
    row, middle = people.areas()[code], shape.representative_point()
    return {
        "type": "Feature",
        "properties": {
            "code": code, "name": row.name, "name_en": row.name_en, "at": [round(middle.x, DIGITS), round(middle.y, DIGITS)],
        },
        "geometry": {"type": shape.geom_type, "coordinates": _rounded(shapely.geometry.mapping(shape)["coordinates"])},
    }  # fmt: skip


def _rounded(corners: Any) -> Any:
    return round(corners, DIGITS) if isinstance(corners, float) else [_rounded(corner) for corner in corners]


@reference.cached("people", size=8)
def extent(code: str = "") -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of an area, or of the whole district."""
    boxes = [box for row in people.areas().values() if row.code.startswith(code) and (box := row.bbox)]
    if not boxes:
        return None
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
