"""A map of areas as inline SVG, for pages that work without JavaScript. No style attribute, so the strictest CSP holds."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from fengqiao.people import queries, reference

WIDTH = 640
FINE = 0.6
"""Borders are simplified to this many pixels; neighbours stay neighbours."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One area as drawn: its path, and where its name goes."""

    code: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """The pieces of one map, and how degrees become pixels."""

    pieces: tuple[Piece, ...]
    west: float
    north: float
    scale: float
    stretch: float
    height: int

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Return the pixels of a point."""
        return round((lon - self.west) * self.scale * self.stretch, 1), round((self.north - lat) * self.scale, 1)


@reference.cached("people", size=256)
def sheet(level: str, within: str = "") -> Sheet:
    """Return the map of every area of a level inside another."""
    found = queries.outlines(level, within)
    if not found:
        return Sheet((), 0.0, 0.0, 1.0, 1.0, 0)
    shapes = [shapely.geometry.shape(outline) for _code, outline in found]
    west, south, east, north = shapely.total_bounds(shapes)
    stretch = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / max(1e-9, (east - west) * stretch)
    blank = Sheet((), west, north, scale, stretch, max(1, math.ceil((north - south) * scale)))
    simple = shapely.coverage_simplify(shapes, FINE / scale)
    pieces = tuple(_piece(blank, code, shape) for (code, _outline), shape in zip(found, simple, strict=True))
    return Sheet(pieces, west, north, scale, stretch, blank.height)


def _piece(blank: Sheet, code: str, shape: Any) -> Piece:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    path = "".join(f"M{'L'.join(f'{x:g},{y:g}' for x, y in (blank.place(*corner) for corner in ring.coords[:-1]))}Z" for ring in rings)
    middle = shape.representative_point()
    return Piece(code, path, *blank.place(middle.x, middle.y))


def area_map(
    level: str,
    within: str = "",
    *,
    language: str = "zh-hans",
    label: str = "",
    shades: Mapping[str, int] | None = None,
    links: Mapping[str, str] | None = None,
    here: tuple[float, float] | None = None,
    points: Iterable[tuple[float, float]] = (),
    fills: Mapping[str, str] | None = None,
) -> SafeString:
    """Draw the areas of a level: `shades` from 0 (empty) to 4 (full), `links` to a page of each, `here` and other points.

    With `fills` each area has a colour instead of a shade, and whoever has none is hatched.
    """
    drawn = sheet(level, within)
    areas = format_html_join("", "{}", ((_area(piece, language, shades or {}, links or {}, fills),) for piece in drawn.pieces))
    if fills is not None:
        areas = HATCH + areas
    dots = format_html_join(
        "", '<circle class="map-point" cx="{}" cy="{}" r="3" fill="currentColor"/>', (drawn.place(*point) for point in points)
    )
    mark = _mark(drawn, here) if here else ""
    return format_html(
        '<svg class="map" role="{}" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}" fill="none" stroke="currentColor" '
        'stroke-width="1" stroke-linejoin="round" xmlns="http://www.w3.org/2000/svg">{}{}{}</svg>',
        "group" if links else "img", label, WIDTH, drawn.height, WIDTH, drawn.height, areas, dots, mark,
    )  # fmt: skip


HATCH = SafeString(
    '<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0V8" stroke="#7d868e" stroke-width="3"/></pattern></defs>'
)


def _area(
    piece: Piece, language: str, shades: Mapping[str, int], links: Mapping[str, str], fills: Mapping[str, str] | None = None
) -> SafeString:
    row = queries.area(piece.code)
    name = row.called(language) if row else piece.code
    shade = max(0, min(4, shades.get(piece.code, 0)))
    drawn = format_html(
        '<path class="map-area map-{}" d="{}" fill="{}" fill-opacity="{}"><title>{}</title></path>',
        shade, piece.path, "currentColor" if fills is None else fills.get(piece.code) or "url(#hatch)",
        f"{0.04 + 0.16 * shade:.2f}" if fills is None else "1", name,
    )  # fmt: skip
    return format_html('<a href="{}" aria-label="{}">{}</a>', links[piece.code], name, drawn) if piece.code in links else drawn


def _mark(drawn: Sheet, here: tuple[float, float]) -> SafeString:
    x, y = drawn.place(*here)
    return format_html('<circle class="map-here" cx="{}" cy="{}" r="6" fill="none" stroke="currentColor" stroke-width="3"/>', x, y)
