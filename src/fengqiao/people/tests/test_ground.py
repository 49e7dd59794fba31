"""The ground of Yunxi: tiled without gap or overlap, numbered as the rule says, the same at every start."""

import random

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from fengqiao.people.terms import DIGITS, Level
from fengqiao.people.yunxi import ground, land, names

AREAS = land.rows()
BY_LEVEL = {level: [area for area in AREAS if area.level == level] for level in Level}
SHAPES = {area.code: shapely.geometry.shape(area.polygon) for area in AREAS if area.polygon}
GRIDS = {area.code: SHAPES[area.code] for area in BY_LEVEL[Level.GRID]}
WHOLE = SHAPES[land.DISTRICT]
WEST, SOUTH, EAST, NORTH = WHOLE.bounds


def test_the_district_has_twelve_towns_213_villages_and_833_grids():
    assert [len(BY_LEVEL[level]) for level in (Level.TOWN, Level.VILLAGE, Level.GRID)] == [12, 213, 833]


@given(st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=300, deadline=None)
def test_every_point_inside_the_outline_is_in_exactly_one_grid(x, y):
    point = shapely.Point(WEST + x * (EAST - WEST), SOUTH + y * (NORTH - SOUTH))
    holding = [code for code, shape in GRIDS.items() if shape.intersects(point)]
    if not WHOLE.covers(point):
        assert not [code for code in holding if GRIDS[code].contains(point)]
    elif len(holding) != 1:
        # Only a point on a border is touched by several, and then by none in its inside.
        assert holding
        assert not [code for code in holding if GRIDS[code].contains(point)]


@pytest.mark.parametrize("level", [Level.GRID, Level.VILLAGE, Level.TOWN])
def test_neighbours_share_their_borders_to_the_last_digit(level):
    assert shapely.coverage_is_valid([SHAPES[area.code] for area in BY_LEVEL[level]])


@pytest.mark.parametrize("level", [Level.TOWN, Level.VILLAGE, Level.GRID])
def test_every_area_is_one_piece_without_holes(level):
    for area in BY_LEVEL[level]:
        shape = SHAPES[area.code]
        assert shape.geom_type == "Polygon", area.code
        assert shape.is_valid, area.code
        assert not shape.interiors, area.code


@pytest.mark.parametrize("level", [Level.TOWN, Level.VILLAGE, Level.GRID])
def test_the_parts_of_an_area_are_the_whole_area(level):
    parts = {}
    for area in BY_LEVEL[level]:
        parts.setdefault(area.parent_id, []).append(SHAPES[area.code])
    for code, shapes in parts.items():
        assert shapely.coverage_union_all(shapes).symmetric_difference(SHAPES[code]).area == 0


def test_the_district_is_the_outline_to_a_few_metres():
    assert ground.outline().symmetric_difference(WHOLE).area < WHOLE.area * 1e-6


def test_codes_follow_the_handbook_and_begin_with_the_parents():
    codes = [area.code for area in AREAS]
    assert len(set(codes)) == len(codes)
    for area in AREAS:
        assert len(area.code) == DIGITS[Level(area.level)]
        assert area.code.startswith(area.parent_id or "")


def test_grids_are_numbered_row_by_row_from_the_north_and_west_to_east_in_a_row():
    villages = {}
    for grid in BY_LEVEL[Level.GRID]:
        villages.setdefault(grid.parent_id, []).append(grid)
    for grids in villages.values():
        plots = [ground.Plot(SHAPES[grid.code]) for grid in grids]
        shuffled = plots[:]
        random.Random(1).shuffle(shuffled)
        assert ground.in_order(shuffled) == plots


def test_the_first_of_a_row_of_two_is_the_western_and_the_first_of_a_column_the_northern():
    def square(x, y):
        return ground.Plot(shapely.box(x, y, x + 1, y + 1))

    nw, ne, sw, se = square(0, 1), square(1, 1), square(0, 0), square(1, 0)
    assert ground.in_order([se, ne, sw, nw]) == [nw, ne, sw, se]


def test_special_grids_are_numbered_from_801_and_every_town_has_one():
    special = [grid for grid in BY_LEVEL[Level.GRID] if grid.special]
    assert len(special) == 12
    assert all(801 <= int(grid.code[-3:]) <= 999 for grid in special)
    assert not [grid for grid in BY_LEVEL[Level.GRID] if not grid.special and int(grid.code[-3:]) > 800]


def test_every_village_has_between_three_and_seven_grids():
    counts = {}
    for grid in BY_LEVEL[Level.GRID]:
        counts[grid.parent_id] = counts.get(grid.parent_id, 0) + 1
    assert min(counts.values()) >= 3
    assert max(counts.values()) <= 7


def test_communities_are_numbered_from_1_and_village_committees_from_200():
    for village in BY_LEVEL[Level.VILLAGE]:
        assert village.name.endswith("社区") == (int(village.code[-3:]) < 200)


def test_no_two_villages_bear_the_same_name_and_all_have_an_english_one():
    called = [village.name for village in BY_LEVEL[Level.VILLAGE]]
    assert len(set(called)) == len(called)
    assert all(area.name_en.isascii() and area.name_en for area in AREAS)


def test_micro_grids_and_buildings_lie_inside_their_grid():
    for area in (*BY_LEVEL[Level.MICROGRID], *BY_LEVEL[Level.BUILDING]):
        assert GRIDS[area.parent_id].covers(shapely.Point(area.lon, area.lat))


def test_the_point_of_an_area_lies_inside_it():
    for area in AREAS:
        if area.polygon:
            assert SHAPES[area.code].contains(shapely.Point(area.lon, area.lat))


def test_the_same_ground_comes_out_every_time():
    again = land.rows()
    assert [(area.code, area.name, area.polygon) for area in again] == [(area.code, area.name, area.polygon) for area in AREAS]


def test_people_are_named_by_chance_and_the_same_chance_names_them_again():
    one, other = names.persons(random.Random(3)), names.persons(random.Random(3))
    assert [next(one) for _n in range(50)] == [next(other) for _n in range(50)]
