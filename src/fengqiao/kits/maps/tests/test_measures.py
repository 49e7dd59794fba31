"""Distances and extents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fengqiao.kits.maps import measures as m

POINT = st.tuples(st.floats(-180, 180), st.floats(-89, 89))


def test_a_degree_of_latitude_is_111_kilometres():
    assert m.distance((119.9, 30.0), (119.9, 31.0)) == pytest.approx(111_195, abs=1)


def test_fifty_metres_are_fifty_metres():
    assert m.distance((119.9, 30.4), (119.9 + 50 / 95_907, 30.4)) == pytest.approx(50, abs=0.1)


@given(POINT, POINT, POINT)
def test_a_detour_is_never_shorter(one, other, third):
    assert (
        m.distance(one, other) <= m.distance(one, third) + m.distance(third, other) + 0.1
    )  # half way round the earth rounding is worth centimetres
    assert m.distance(one, other) == pytest.approx(m.distance(other, one), abs=1e-3)


@given(POINT)
def test_a_point_is_no_distance_from_itself(point):
    assert m.distance(point, point) == 0


def test_the_doubt_of_the_phone_counts_for_the_person():
    here, there = (119.9, 30.4), (119.9, 30.4 + 70 / 111_195)
    assert not m.within(here, there, 50)
    assert m.within(here, there, 50, accuracy=25)
    assert not m.within(here, there, 50, accuracy=-25)


@given(st.tuples(st.floats(-170, 170), st.floats(-60, 60)), st.floats(1, 5000))
def test_a_box_around_holds_what_is_that_near(point, metres):
    west, south, east, north = m.around(point, metres)
    for corner in ((west, point[1]), (east, point[1]), (point[0], south), (point[0], north)):
        assert m.distance(point, corner) >= metres * 0.999


def test_the_nearest_of_nothing_is_nothing_and_of_equals_the_first():
    assert m.nearest((0, 0), [], at=lambda thing: thing) is None
    assert m.nearest((0, 0), [(0, 2), (0, 1), (0, -1)], at=lambda thing: thing) == (0, 1)


def test_a_box_of_no_points_is_an_error():
    assert m.bbox([(1, 5), (3, 2)]) == (1, 2, 3, 5)
    with pytest.raises(ValueError, match="empty"):
        m.bbox([])
