"""What may be seen on a map, from far and from near, and by whom."""

import gzip
import json
from types import SimpleNamespace

import msgspec
import pytest

from fengqiao.access.acting import acting
from fengqiao.across.cockpit.counting import Scope
from fengqiao.across.cockpit.measures import Share
from fengqiao.across.mapping import colours, ground, policies, queries, seeds
from fengqiao.across.mapping.models import Layer
from fengqiao.cases.queries import Filter
from fengqiao.cases.tests.conftest import TOWN
from fengqiao.people import queries as people

EVERYWHERE = (-180.0, -90.0, 180.0, 90.0)
OTHER_TOWN = "990101002"
FAR, NEAR = 9, queries.NEAR


@pytest.fixture
def spot(db):
    """A place in the town."""
    row = people.area("990101001001001")
    return SimpleNamespace(lon=row.lon, lat=row.lat)


@pytest.fixture
def dispatcher(cast):
    return cast.actor("town_dispatcher", cast.room)


def look(by, actor, zoom=NEAR, box=EVERYWHERE, **wanted):
    act = by(actor)
    with acting(act):
        return queries.seen(act.actor, Filter(**wanted), box, zoom)


def test_near_by_every_case_is_a_point_with_its_clock_and_state(by, dispatcher, opened, spot):
    case = opened(place={"lon": spot.lon, "lat": spot.lat})
    found = look(by, dispatcher)
    assert [(name, state) for name, _lon, _lat, _rung, state in found.points] == [(str(case.id), "R")]
    assert found.points[0][1:3] == (pytest.approx(spot.lon, abs=1e-5), pytest.approx(spot.lat, abs=1e-5))
    assert found.clusters == []


def test_from_far_cases_are_counted_by_cell_and_none_is_lost(by, dispatcher, opened, spot):
    for step in range(5):
        opened(place={"lon": spot.lon + step * 0.00005, "lat": spot.lat})
    opened(place={"lon": spot.lon + 0.0005, "lat": spot.lat})
    found = look(by, dispatcher, FAR)
    assert sum(n for _cell, _lon, _lat, n, _rung in found.clusters) == 6
    assert len(found.clusters) <= 2
    assert found.points == []


def test_what_is_confidential_is_counted_with_its_town_and_has_no_place(by, dispatcher, opened, spot):
    case = opened(place={"lon": spot.lon, "lat": spot.lat}, category="0101")
    assert case.confidentiality == 2
    for zoom in (FAR, NEAR):
        found = look(by, dispatcher, zoom)
        assert (found.clusters, found.points, found.sealed) == ([], [], {TOWN: 1})
    act = by(dispatcher)
    with acting(act):
        assert queries.rows(act.actor, Filter(), EVERYWHERE) == []


def test_a_case_without_a_place_is_counted_as_such(by, dispatcher, opened):
    case = opened()
    found = look(by, dispatcher)
    if case.lon is None:
        assert (found.points, found.nowhere) == ([], 1)
    else:
        assert len(found.points) == 1


def test_another_towns_dispatcher_sees_nothing_of_it(by, cast, opened, spot):
    opened(place={"lon": spot.lon, "lat": spot.lat})
    opened(place={"lon": spot.lon, "lat": spot.lat}, category="0101")
    stranger = cast.actor("town_dispatcher", cast.room, area=OTHER_TOWN)
    for zoom in (FAR, NEAR):
        found = look(by, stranger, zoom)
        assert (found.clusters, found.points, found.sealed, found.nowhere) == ([], [], {}, 0)


def test_the_map_is_narrowed_like_the_list(by, dispatcher, opened, spot):
    opened(place={"lon": spot.lon, "lat": spot.lat}, category="0505")
    opened(place={"lon": spot.lon, "lat": spot.lat}, category="0106")
    assert len(look(by, dispatcher, category="0505").points) == 1
    assert len(look(by, dispatcher, state="R").points) == 2
    assert look(by, dispatcher, state="C").points == []


def test_what_lies_outside_the_window_is_not_sent(by, dispatcher, opened, spot):
    opened(place={"lon": spot.lon, "lat": spot.lat})
    beside = (spot.lon + 0.01, spot.lat, spot.lon + 0.02, spot.lat + 0.01)
    for zoom in (FAR, NEAR):
        found = look(by, dispatcher, zoom, beside)
        assert (found.clusters, found.points) == ([], [])


def test_more_cases_than_can_be_drawn_are_told_of(by, dispatcher, opened, spot, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 1)
    monkeypatch.setattr(queries, "_CLOSE", queries._CLOSE.replace("LIMIT 20001", "LIMIT 2"))
    opened(place={"lon": spot.lon, "lat": spot.lat})
    opened(place={"lon": spot.lon, "lat": spot.lat})
    found = look(by, dispatcher)
    assert (len(found.points), found.more) == (1, True)


@pytest.mark.parametrize(("zoom", "cell"), [(0, 5), (8.9, 5), (9, 6), (11.5, 7), (12.5, 8), (13.9, 9), (14, 0), (20, 0)])
def test_cells_shrink_as_one_comes_nearer(zoom, cell):
    assert queries.resolution(zoom) == cell


@pytest.mark.parametrize("level", ["town", "village", "grid"])
def test_the_ground_is_every_area_once_inside_its_own_box(db, level):
    found = ground.ground(level)
    assert gzip.decompress(found.packed) == found.plain
    features = json.loads(found.plain)["features"]
    drawn = [code for code, row in people.areas().items() if row.level == level and not row.retired]
    assert [one["properties"]["code"] for one in features] == drawn
    assert all(one["geometry"]["type"] in ("Polygon", "MultiPolygon") for one in features)
    assert len(found.packed) < 120_000


def test_ground_that_is_not_drawn_is_said_so(db):
    with pytest.raises(ground.NoSuchGround):
        ground.ground("province")


def test_every_layer_has_an_owner_a_source_and_something_to_draw(db, dispatcher):
    assert Layer.objects.count() >= 6
    seeds.seed_reference()
    found = queries.layers(dispatcher, with_tiles=False)
    assert all(row.owner and row.owner_en and row.source and row.source_en and row.permission for row in found)
    assert "tiles" not in {row.draws for row in found}
    assert {row.draws for row in queries.layers(dispatcher, with_tiles=True)} > {"tiles", "cases"}


def test_a_centres_change_to_a_layer_outlives_the_next_start(db):
    Layer.objects.filter(key="grids").update(opacity=10)
    seeds.seed_reference()
    assert Layer.objects.get(key="grids").opacity == 10


def test_a_layer_for_others_is_not_listed(db, cast, dispatcher):
    Layer.objects.filter(key="grids").update(permission="nobody:has_this")
    assert "grids" not in {row.key for row in queries.layers(dispatcher, with_tiles=True)}
    with pytest.raises(policies.NotYourMap):
        policies.check_map(cast.resident())


def test_colours_compare_places_with_all_of_them_and_say_nothing_of_few():
    shares = {"a": Share(100, 100), "b": Share(20, 100), "c": Share(66, 100), "d": Share(3, 4), "e": Share(80, 100)}
    colour = {name: colours._colour(share, shares, good=True) for name, share in shares.items()}
    assert colour == {"a": "green", "b": "red", "c": "yellow", "d": "", "e": "green"}
    turned = {name: colours._colour(share, shares, good=False) for name, share in shares.items()}
    assert (turned["a"], turned["b"], turned["d"]) == ("red", "green", "")


def test_every_town_of_ones_ground_is_on_the_five_colour_map_and_no_other(by, cast, dispatcher):
    act = by(dispatcher)
    with acting(act):
        found = colours.coloured(Scope.of(act.actor), colours.indicator("on_time_rate"), act.at.date(), "town")
        villages = colours.coloured(Scope.of(act.actor), colours.indicator("on_time_rate"), act.at.date(), "village")
    assert [one.area for one in found] == [TOWN]
    assert villages
    assert all(one.area.startswith(TOWN) and one.colour == "" for one in villages)
    with pytest.raises(colours.NoSuchIndicator):
        colours.indicator("no_such_rate")


def test_twenty_thousand_points_are_under_half_a_megabyte_packed():
    points = [(f"018f{n:028x}", 120.0 + n % 977 / 10_000, 30.0 + n % 787 / 10_000, n % 5 - 1, "R") for n in range(20_000)]
    assert len(gzip.compress(msgspec.json.encode(points), 5)) < 500_000
