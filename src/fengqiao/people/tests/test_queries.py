"""Looking up people and places."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fengqiao.people import models, places, queries, reference
from fengqiao.people.yunxi import bodies, staff

pytestmark = pytest.mark.django_db
ROOM = bodies.organisation_id(staff.QINGXI, "room")


def test_a_point_is_located_in_its_grid_village_and_town():
    grid = queries.area(staff.HOME_GRID)
    place = queries.locate(grid.lon, grid.lat)
    assert (place.grid, place.village, place.town) == (staff.HOME_GRID, staff.HOME_VILLAGE, staff.QINGXI)
    assert place.code == staff.HOME_GRID


def test_a_point_outside_the_district_is_nowhere_but_has_a_nearest_place():
    assert queries.locate(0.0, 51.0) is None
    assert queries.nearest(0.0, 51.0) is not None


def test_a_corner_shared_by_several_grids_belongs_to_the_lowest_code():
    outline = shapely.geometry.shape(models.Area.objects.get(code=staff.HOME_GRID).polygon)
    for lon, lat in outline.exterior.coords[:-1]:
        point = shapely.Point(lon, lat)
        index = places._indices()[0]
        touching = [index.places[i].grid for i in index.tree.query(point, predicate="intersects")]
        assert queries.locate(lon, lat).grid == min(touching)


@given(st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_lies_inside_the_district_is_found(x, y):
    west, south, east, north = queries.area("990101").bbox
    lon, lat = west + x * (east - west), south + y * (north - south)
    [(_code, outline)] = queries.outlines("district")
    inside = shapely.geometry.shape(outline).covers(shapely.Point(lon, lat))
    assert (queries.locate(lon, lat) is not None) == inside


def test_locating_takes_microseconds_once_the_index_is_built():
    queries.locate(119.9, 30.4)
    start = time.perf_counter()
    for _n in range(1000):
        queries.locate(119.9, 30.4)
    assert (time.perf_counter() - start) / 1000 < 0.0005


def test_a_level_that_is_not_drawn_is_left_out():
    models.Area.objects.filter(level="grid").update(polygon=None)
    reference.forget()
    place = queries.locate(119.9, 30.4)
    assert place.grid == ""
    assert place.code == place.village
    assert place.village.startswith(place.town)


def test_a_second_look_asks_the_database_nothing():
    def look() -> None:
        queries.calendar(), queries.locate(119.9, 30.4), queries.organisation(ROOM), queries.serving(staff.HOME_GRID)
        queries.way_to(staff.HOME_GRID), queries.persons(org=ROOM), queries.person_named(ROOM), queries.towns()

    look()
    with CaptureQueriesContext(connection) as asked:
        look()
    assert not asked.captured_queries


def test_an_address_goes_from_wide_to_narrow_in_chinese_and_the_other_way_in_english():
    assert queries.address(staff.HOME_GRID).startswith("清溪街道")
    assert queries.address(staff.HOME_GRID, "en").endswith("Qingxi Street")


def test_the_way_to_a_grid_passes_district_town_and_village():
    assert [row.level for row in queries.way_to(staff.HOME_GRID)] == ["province", "city", "district", "town", "village", "grid"]
    assert queries.above(staff.HOME_GRID, "town").code == staff.QINGXI


def test_an_unknown_area_is_none_and_an_unknown_organisation_is_not_found():
    assert queries.area("123") is None
    with pytest.raises(queries.NoSuchOrganisation):
        queries.organisation(staff.HOME_GRID)


def test_the_organisation_nearest_to_a_place_comes_first():
    found = queries.serving(staff.HOME_GRID, field="power")
    assert [row.area for row in found] == [staff.QINGXI, "990101"]


def test_a_station_of_another_town_does_not_serve_here():
    assert all(row.covers(staff.HOME_GRID) for row in queries.serving(staff.HOME_GRID))
    assert not [row for row in queries.serving(staff.HOME_GRID) if row.area.startswith(staff.OTHER_TOWN)]


def test_organisations_are_found_by_letters_of_either_language():
    assert queries.organisations(q="供电所", area=staff.QINGXI) == queries.organisations(q="power supply", area=staff.QINGXI)


def test_a_retired_organisation_is_still_named_but_no_longer_offered():
    models.Organisation.objects.filter(id=ROOM).update(active=False)
    reference.forget()
    assert queries.organisation(ROOM).name
    assert ROOM not in {row.id for row in queries.organisations(area=staff.QINGXI)}


def test_whoever_is_on_the_roster_has_duty_and_one_moment_belongs_to_one_turn():
    shift = models.Shift.objects.filter(organisation_id=ROOM, post="town_dispatcher").order_by("starts")[10]
    at = shift.starts + timedelta(hours=1)
    assert [row.id for row in queries.on_duty(ROOM, "town_dispatcher", at)] == [str(shift.person_id)]
    assert len(queries.on_duty(ROOM, "town_dispatcher", shift.ends)) == 1
    assert queries.on_duty(ROOM, "town_dispatcher", shift.ends)[0].id != str(shift.person_id)


def test_the_substitute_stands_before_the_one_on_the_roster():
    shift = models.Shift.objects.filter(organisation_id=ROOM, post="town_dispatcher").first()
    other = models.Person.objects.get(username="instructor")
    models.Shift.objects.filter(pk=shift.pk).update(substitute=other)
    [row] = queries.on_duty(ROOM, "town_dispatcher", shift.starts)
    assert row.id == str(other.pk)
    assert row.substitute_for == shift.person.name


def test_without_a_roster_all_who_hold_the_post_have_duty():
    at = datetime(2026, 11, 25, 4, tzinfo=UTC)
    assert [row.post for row in queries.on_duty(ROOM, "grid_supervisor", at)] == ["grid_supervisor"]
    far = datetime(2030, 1, 1, tzinfo=UTC)
    assert len(queries.on_duty(ROOM, "town_dispatcher", far)) == 4


def test_a_post_held_in_the_past_or_future_is_not_held_today():
    models.Appointment.objects.filter(organisation_id=ROOM, post="grid_supervisor").update(since=date(2026, 12, 1))
    reference.forget()
    assert not queries.holders(ROOM, "grid_supervisor", date(2026, 11, 30))
    assert queries.holders(ROOM, "grid_supervisor", date(2026, 12, 1))


def test_persons_are_found_by_name_and_shown_once():
    person = models.Person.objects.get(username="grid2")
    found = [row for row in queries.persons(q=person.name) if row.id == str(person.pk)]
    assert len(found) == 1
    assert "****" in found[0].masked_phone


def test_the_calendar_reads_the_clocks_of_the_district():
    assert queries.calendar().zone == ZoneInfo("Asia/Shanghai")
    models.District.objects.update(zone="America/Los_Angeles")
    reference.forget()
    assert queries.calendar().zone == ZoneInfo("America/Los_Angeles")


def test_an_empty_database_says_what_to_do():
    models.District.objects.all().delete()
    reference.forget()
    with pytest.raises(queries.NoDistrict, match="fengqiao district"):
        queries.district()
