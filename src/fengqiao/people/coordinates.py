"""The coordinate systems in which Chinese maps come, turned into WGS 84 at the door. Pure.

GCJ-02 (most Chinese maps) is WGS 84 bent by a published-by-use formula of up to some 700 m; BD-09 (Baidu) bends GCJ-02 once
more; CGCS2000 differs from WGS 84 by centimetres and is taken as the same. The bends hold inside China only.
"""

import math
from collections.abc import Callable
from enum import StrEnum

Point = tuple[float, float]
"""Longitude and latitude in degrees."""

AXIS = 6_378_245.0
FLATTENING = 0.00669342162296594323
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
_TWIST = math.pi * 3000 / 180


class System(StrEnum):
    """In which system coordinates are given."""

    WGS84 = "WGS84"
    CGCS2000 = "CGCS2000"
    GCJ02 = "GCJ02"
    BD09 = "BD09"

    @classmethod
    def named(cls, text: str) -> "System":
        """Return the system somebody meant: `gcj-02`, `WGS 84`, `EPSG:4490` ... ; raises ValueError."""
        plain = "".join(letter for letter in text.upper() if letter.isalnum())
        return cls({"EPSG4326": "WGS84", "EPSG4490": "CGCS2000", "CRS84": "WGS84", "OGC13CRS84": "WGS84"}.get(plain, plain))


def in_china(point: Point) -> bool:
    """Tell whether a point lies where the bent systems are used."""
    west, south, east, north = CHINA
    return west <= point[0] <= east and south <= point[1] <= north


def wgs84_to_gcj02(point: Point) -> Point:
    """Bend a point as Chinese maps do."""
    if not in_china(point):
        return point
    lon, lat = point
    east, north = _bend(lon - 105.0, lat - 35.0)
    angle = math.radians(lat)
    round_off = 1 - FLATTENING * math.sin(angle) ** 2
    metres_lat = AXIS * (1 - FLATTENING) / round_off**1.5
    metres_lon = AXIS / math.sqrt(round_off) * math.cos(angle)
    return lon + math.degrees(east / metres_lon), lat + math.degrees(north / metres_lat)


def _bend(x: float, y: float) -> Point:
    pi, sin = math.pi, math.sin
    ripple = (20 * sin(6 * pi * x) + 20 * sin(2 * pi * x)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + ripple
    east += (20 * sin(pi * x) + 40 * sin(pi * x / 3) + 150 * sin(pi * x / 12) + 300 * sin(pi * x / 30)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + ripple
    north += (20 * sin(pi * y) + 40 * sin(pi * y / 3) + 160 * sin(pi * y / 12) + 320 * sin(pi * y / 30)) * 2 / 3
    return east, north


def gcj02_to_wgs84(point: Point) -> Point:
    """Straighten a point of a Chinese map, to less than a millimetre."""
    if not in_china(point):
        return point
    # The bend has no closed inverse, but it changes so slowly that stepping back by its error converges in a few rounds.
    lon, lat = point
    for _round in range(10):
        bent = wgs84_to_gcj02((lon, lat))
        off_lon, off_lat = bent[0] - point[0], bent[1] - point[1]
        lon, lat = lon - off_lon, lat - off_lat
        if max(abs(off_lon), abs(off_lat)) < 1e-10:
            break
    return lon, lat


def gcj02_to_bd09(point: Point) -> Point:
    """Bend a point of a Chinese map once more, as Baidu does."""
    if not in_china(point):
        return point
    lon, lat = point
    reach = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _TWIST)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _TWIST)
    return reach * math.cos(angle) + 0.0065, reach * math.sin(angle) + 0.006


def bd09_to_gcj02(point: Point) -> Point:
    """Take Baidu's bend back."""
    if not in_china(point):
        return point
    lon, lat = point[0] - 0.0065, point[1] - 0.006
    for _round in range(10):
        bent = gcj02_to_bd09((lon, lat))
        off_lon, off_lat = bent[0] - point[0], bent[1] - point[1]
        lon, lat = lon - off_lon, lat - off_lat
        if max(abs(off_lon), abs(off_lat)) < 1e-11:
            break
    return lon, lat


_TO: dict[System, Callable[[Point], Point]] = {
    System.WGS84: lambda point: point,
    System.CGCS2000: lambda point: point,
    System.GCJ02: gcj02_to_wgs84,
    System.BD09: lambda point: gcj02_to_wgs84(bd09_to_gcj02(point)),
}
_FROM: dict[System, Callable[[Point], Point]] = {
    System.WGS84: lambda point: point,
    System.CGCS2000: lambda point: point,
    System.GCJ02: wgs84_to_gcj02,
    System.BD09: lambda point: gcj02_to_bd09(wgs84_to_gcj02(point)),
}


def to_wgs84(point: Point, system: System) -> Point:
    """Return a point of any system in WGS 84."""
    return _TO[system](point)


def from_wgs84(point: Point, system: System) -> Point:
    """Return a point of WGS 84 in another system."""
    return _FROM[system](point)
