"""Coordinates of Chinese maps."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fengqiao.people import coordinates as c

CHINESE = st.tuples(st.floats(74, 134), st.floats(18, 53))
MILLIMETRE = 1e-8


def metres(one: c.Point, other: c.Point) -> float:
    across = (one[0] - other[0]) * math.cos(math.radians(one[1]))
    return math.hypot(across, one[1] - other[1]) * 111_195


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_three_well_known_points_are_bent_as_every_chinese_map_bends_them(wgs, gcj):
    assert c.wgs84_to_gcj02(wgs) == pytest.approx(gcj, abs=1e-7)
    assert c.gcj02_to_wgs84(gcj) == pytest.approx(wgs, abs=1e-7)


@given(CHINESE)
def test_bending_and_straightening_gives_the_same_point_to_a_millimetre(point):
    for system in c.System:
        back = c.to_wgs84(c.from_wgs84(point, system), system)
        assert back == pytest.approx(point, abs=MILLIMETRE)


@given(CHINESE)
def test_the_bend_is_never_more_than_a_kilometre_and_baidus_never_more_than_two(point):
    assert metres(point, c.from_wgs84(point, c.System.GCJ02)) < 1000
    assert metres(point, c.from_wgs84(point, c.System.BD09)) < 2200


@given(st.tuples(st.floats(-180, 70), st.floats(-89, 89)))
def test_outside_china_nothing_is_bent(point):
    for system in c.System:
        assert c.to_wgs84(point, system) == point
        assert c.from_wgs84(point, system) == point


def test_cgcs2000_is_taken_as_wgs84():
    assert c.to_wgs84((119.9, 30.4), c.System.CGCS2000) == (119.9, 30.4)


@pytest.mark.parametrize(
    ("text", "system"),
    [("gcj-02", c.System.GCJ02), ("WGS 84", c.System.WGS84), ("EPSG:4490", c.System.CGCS2000), ("bd09", c.System.BD09)],
)
def test_a_system_is_known_by_the_names_people_write(text, system):
    assert c.System.named(text) == system


def test_a_system_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="MARS"):
        c.System.named("Mars 2000")
