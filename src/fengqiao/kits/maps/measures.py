"""Distances and extents on the ground. Pure."""

import math
from collections.abc import Callable, Iterable
from typing import TypeVar

from fengqiao.people.coordinates import Point
from fengqiao.people.coordinates import System as System
from fengqiao.people.coordinates import from_wgs84 as from_wgs84
from fengqiao.people.coordinates import to_wgs84 as to_wgs84

T = TypeVar("T")
RADIUS = 6_371_008.8
"""Metres; the earth as a ball, exact to half a percent, which is better than a telephone knows where it is."""

Box = tuple[float, float, float, float]


def distance(one: Point, other: Point) -> float:
    """Return the metres between two points, along the ground."""
    lat, other_lat = math.radians(one[1]), math.radians(other[1])
    up, across = math.sin((other_lat - lat) / 2), math.sin(math.radians(other[0] - one[0]) / 2)
    return 2 * RADIUS * math.asin(math.sqrt(min(1.0, up * up + math.cos(lat) * math.cos(other_lat) * across * across)))


def within(one: Point, other: Point, metres: float, accuracy: float = 0.0) -> bool:
    """Tell whether two points may be this near, given how sure the phone was: doubt counts for the person."""
    return distance(one, other) - max(0.0, accuracy) <= metres


def bbox(points: Iterable[Point]) -> Box:
    """Return west, south, east and north of some points; raises ValueError without any."""
    found = list(points)
    lons, lats = [lon for lon, _lat in found], [lat for _lon, lat in found]
    return min(lons), min(lats), max(lons), max(lats)


def around(point: Point, metres: float) -> Box:
    """Return a box that holds everything within so many metres of a point; good for asking an index first."""
    up = math.degrees(metres / RADIUS)
    across = up / max(0.01, math.cos(math.radians(point[1])))
    return point[0] - across, point[1] - up, point[0] + across, point[1] + up


def nearest(point: Point, things: Iterable[T], at: Callable[[T], Point]) -> T | None:
    """Return the thing nearest to a point, if there is any; of equals the first."""
    return min(things, key=lambda thing: distance(point, at(thing)), default=None)
