"""The ground of Yunxi: an outline cut into 833 grids that share their borders exactly, gathered into villages and towns.

The grids are the cells of one Voronoi diagram, so neighbours share their corners to the last digit; villages and towns are
unions of grids and inherit that. What belongs together is found by cutting the set of cells in two, again and again.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy
import shapely
from shapely import Polygon

CENTRE = (119.9, 30.4)
"""Degrees in WGS 84; the place is chosen for its latitude only."""

DIGITS = 7
"""Corners lie on a lattice of a centimetre, so that the same corner is the same number everywhere."""

STRETCH = math.cos(math.radians(CENTRE[1]))
CORES = ((-0.02, 0.015, 0.05), (0.11, -0.03, 0.035), (-0.12, 0.02, 0.03))
"""Where people live close together: offset in degrees, and reach."""


@dataclass(slots=True)
class Plot:
    """A piece of ground with the pieces it is made of."""

    shape: Polygon
    parts: list["Plot"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cells:
    """The smallest pieces, their middles, and who touches whom."""

    shapes: list[Polygon]
    middles: numpy.ndarray
    touching: list[frozenset[int]]


def outline() -> Polygon:
    """Return the invented border of the district."""
    waves = ((2, 0.10, 0.6), (3, 0.07, 2.1), (5, 0.045, 4.0), (7, 0.02, 1.2))
    corners = []
    for step in range(144):
        angle = 2 * math.pi * step / 144
        reach = 0.17 * (1 + sum(height * math.sin(count * angle + turn) for count, height, turn in waves))
        corners.append((CENTRE[0] + 1.25 * reach * math.cos(angle), CENTRE[1] + 0.85 * reach * math.sin(angle)))
    return shapely.set_precision(Polygon(corners), 10**-DIGITS)


def cells(count: int, seed: int) -> Cells:
    """Cut the district into cells, small where many people live."""
    border = outline()
    sites = _spread(_scattered(border, count, random.Random(seed)), border)
    pieces = _voronoi(sites, border)
    shapes = [_rounded(piece) for piece in pieces]
    tree = shapely.STRtree(shapes)
    pairs = tree.query(shapes, predicate="touches")
    touching: list[set[int]] = [set() for _shape in shapes]
    for one, other in zip(*pairs, strict=True):
        if shapes[one].intersection(shapes[other]).length > 0:
            touching[one].add(int(other))
    middles = numpy.array([shape.centroid.coords[0] for shape in shapes])
    return Cells(shapes, middles, [frozenset(near) for near in touching])


def _scattered(border: Polygon, count: int, chance: random.Random) -> numpy.ndarray:
    west, south, east, north = border.bounds
    shapely.prepare(border)
    sites: list[tuple[float, float]] = []
    while len(sites) < count:
        lon, lat = chance.uniform(west, east), chance.uniform(south, north)
        crowd = 0.05 + sum(
            math.exp(-(((lon - CENTRE[0] - x) * STRETCH) ** 2 + (lat - CENTRE[1] - y) ** 2) / (2 * reach**2)) for x, y, reach in CORES
        )
        if chance.random() < crowd and shapely.contains_xy(border, lon, lat):
            sites.append((lon, lat))
    return numpy.array(sites)


def _spread(sites: numpy.ndarray, border: Polygon) -> numpy.ndarray:
    # Three rounds of Lloyd's relaxation: each site moves to the middle of its cell, so that no cell is a sliver.
    for _round in range(3):
        pieces = _voronoi(sites, border)
        sites = shapely.get_coordinates(shapely.centroid(numpy.array(pieces)))
    return sites


def _voronoi(sites: numpy.ndarray, border: Polygon) -> list[Polygon]:
    whole = shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=border, ordered=True)
    clipped = shapely.intersection(shapely.get_parts(whole), border)
    # The border bends inwards here and there, which can cut a cell in two: the larger half stays the cell.
    return [max(shapely.get_parts(piece), key=lambda part: part.area) for piece in clipped]


def _rounded(piece: Polygon) -> Polygon:
    corners = [(round(lon, DIGITS), round(lat, DIGITS)) for lon, lat in piece.exterior.coords]
    kept = [corner for i, corner in enumerate(corners) if i == 0 or corner != corners[i - 1]]
    return shapely.normalize(Polygon(kept))


def cut(cells: Cells, members: Sequence[int], sizes: Sequence[int]) -> list[list[int]]:
    """Divide cells into connected groups of these sizes, by halving along the shortest seam."""
    if len(sizes) == 1:
        return [list(members)]
    half = _half(sizes)
    one, other = _halved(cells, list(members), sum(sizes[:half]))
    return cut(cells, one, sizes[:half]) + cut(cells, other, sizes[half:])


def _half(sizes: Sequence[int]) -> int:
    total, run = sum(sizes), 0
    for i, size in enumerate(sizes):
        if i and run + size / 2 > total / 2:
            return i
        run += size
    return len(sizes) - 1


def _halved(cells: Cells, members: list[int], size: int) -> tuple[list[int], list[int]]:
    tried = []
    for step in range(12):
        angle = math.pi * step / 12
        away = cells.middles[members] @ (math.cos(angle) * STRETCH, math.sin(angle))
        for order in (numpy.argsort(away, kind="stable"), numpy.argsort(-away, kind="stable")):
            one = [members[i] for i in order[:size]]
            other = [members[i] for i in order[size:]]
            seam = sum(len(cells.touching[i] & set(other)) for i in one)
            tried.append(((not connected(cells, one)) + (not connected(cells, other)), seam, step, one, other))
    *_rank, one, other = min(tried, key=lambda trial: trial[:3])
    return one, other


def connected(cells: Cells, members: Sequence[int]) -> bool:
    """Tell whether one can walk from each cell to each other without leaving the group."""
    left = set(members)
    edge = [left.pop()]
    while edge:
        near = cells.touching[edge.pop()] & left
        left -= near
        edge.extend(near)
    return not left


def joined(cells: Cells, members: Sequence[int]) -> Polygon:
    """Return the outline of a group of cells; shared borders vanish, corners stay where they are."""
    return shapely.normalize(shapely.coverage_union_all([cells.shapes[i] for i in members]))


def in_order(plots: Sequence[Plot]) -> list[Plot]:
    """Return plots as they are numbered: row by row from north to south, in each row from west to east."""
    middles = [plot.shape.centroid for plot in plots]
    north, south = max(point.y for point in middles), min(point.y for point in middles)
    rows = max(1, round(math.sqrt(len(plots))))
    height = (north - south) / rows or 1.0
    placed = [(min(rows - 1, int((north - point.y) / height)), point.x, i) for i, point in enumerate(middles)]
    return [plots[i] for _row, _x, i in sorted(placed)]


def drawn(seed: int, towns: Sequence[Sequence[int]]) -> list[Plot]:
    """Return a plot for each town, made of its villages, made of their grids; `towns` holds the number of grids of each village."""
    count = sum(map(sum, towns))
    ground = cells(count, seed)
    shares = cut(ground, range(count), [sum(villages) for villages in towns])
    plots = []
    for members, villages in zip(shares, towns, strict=True):
        groups = cut(ground, members, villages)
        parts = [Plot(joined(ground, group), in_order([Plot(ground.shapes[i]) for i in group])) for group in groups]
        plots.append(Plot(joined(ground, members), parts))
    return plots
