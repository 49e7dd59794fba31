"""How far two points of the ground are apart."""

from math import asin, cos, radians, sin, sqrt

EARTH_METRES = 6_371_008.8


def metres_between(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Return the great-circle distance in metres between two WGS 84 points (haversine on the mean sphere, error < 0.6%)."""
    east, north = radians(other_lon - lon), radians(other_lat - lat)
    half = sin(north / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east / 2) ** 2
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(half)))
