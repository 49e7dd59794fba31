"""What a fresh database is given."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db.models import Count, F

from fengqiao.people import models, queries, seeds
from fengqiao.people.terms import Kind
from fengqiao.people.yunxi import bodies, land, staff

pytestmark = pytest.mark.django_db


def test_the_centre_has_three_sub_centres_that_serve_all_twelve_towns_between_them():
    served = [town for body in queries.organisations(kind=Kind.SUB_CENTRE) for town in body.serves]
    assert sorted(served) == sorted(town.code for town in queries.towns())
    assert len(queries.organisations(kind=Kind.GOVERNANCE_CENTRE)) == 1


def test_every_town_has_a_command_room_four_desks_and_its_stations():
    for town in queries.towns():
        kinds = [body.kind for body in queries.organisations(area=town.code) if body.area == town.code]
        assert kinds.count(Kind.COMMAND_ROOM) == 1
        assert kinds.count(Kind.DESK) == 4
        assert kinds.count(Kind.POLICE_STATION) == 1
        for field in ("enforcement", "market", "justice", "power", "fire", "housing", "health"):
            assert [body for body in queries.organisations(area=town.code, field=field) if body.area == town.code], field


def test_every_village_has_a_committee_with_a_clerk_and_every_grid_a_worker():
    today = date(2026, 11, 25)
    for village in models.Area.objects.filter(level="village"):
        [committee] = [body for body in queries.organisations(area=village.code) if body.kind == Kind.VILLAGE_COMMITTEE]
        assert queries.holders(committee.id, "village_clerk", today)
    for grid in models.Area.objects.filter(level="grid"):
        assert "grid_worker" in {row.post for row in queries.team(grid.code, today)}, grid.code


@pytest.mark.parametrize(
    "username",
    [
        "grid", "grid2", "dispatcher", "handler", "enforcement", "clerk", "window", "director", "district", "leader", "supervisor",
        "auditor", "privacy", "admin", "analyst", "mediator",
    ],
)  # fmt: skip
def test_every_persona_has_an_account_with_the_demo_password(username):
    person = models.Person.objects.get(username=username)
    assert person.check_password(staff.DEMO_PASSWORD)
    assert person.appointments.exists()


def test_the_demo_password_opens_nothing_where_people_work_in_earnest(settings):
    settings.FENGQIAO_DEMO_ACCOUNTS = False
    assert not models.Person.objects.get(username="grid").check_password(staff.DEMO_PASSWORD)


def test_a_closed_demo_leaves_no_account_open():
    assert seeds.close_demo() == models.Person.objects.filter(demo=True).count()
    person = models.Person.objects.get(username="grid")
    assert not person.is_active
    assert not person.has_usable_password()


def test_the_neighbour_lends_a_hand_in_the_home_grid():
    posts = {(row.post, row.area_id) for row in models.Person.objects.get(username="grid2").appointments.all()}
    assert posts == {("grid_worker", staff.NEXT_GRID), ("grid_assistant", staff.HOME_GRID)}


def test_seeding_twice_changes_nothing():
    before = [model.objects.count() for model in (models.Area, models.Person, models.Organisation, models.Shift, models.CalendarDay)]
    seeds.seed_yunxi(True, models.Shift.objects.order_by("-starts").first().starts.date() - seeds.ROSTER_AHEAD)
    after = [model.objects.count() for model in (models.Area, models.Person, models.Organisation, models.Shift, models.CalendarDay)]
    assert before == after


def test_a_later_start_brings_the_rosters_up_to_date_and_keeps_the_substitutes():
    last = models.Shift.objects.order_by("-starts").first()
    other = models.Person.objects.exclude(pk=last.person_id).first()
    models.Shift.objects.filter(pk=last.pk).update(substitute=other)
    seeds.seed_yunxi(True, last.starts.date() + timedelta(days=10))
    assert models.Shift.objects.order_by("-starts").first().starts >= last.starts + timedelta(days=39)
    assert models.Shift.objects.get(pk=last.pk).substitute_id == other.pk


def test_command_rooms_are_manned_at_every_hour_of_the_roster():
    first = models.Shift.objects.order_by("starts").first().starts
    rooms = queries.organisations(kind=Kind.COMMAND_ROOM)
    assert len(rooms) == 12
    for room in rooms:
        shifts = list(models.Shift.objects.filter(organisation_id=room.id, post="town_dispatcher").order_by("starts"))
        assert shifts[0].starts == first
        assert all(one.ends == other.starts for one, other in pairwise(shifts))
        assert shifts[-1].ends - shifts[0].starts >= timedelta(days=90)


def test_the_town_starts_its_turns_at_eight_in_the_morning():
    shift = models.Shift.objects.filter(post="town_duty_leader").first()
    assert shift.starts.astimezone(queries.zone()).hour == 8


def test_police_grids_hold_every_grid():
    assert not models.Area.objects.filter(level="grid").annotate(n=Count("police_grids")).exclude(n=1).exists()
    assert not models.PoliceGrid.objects.exclude(code__startswith="PG").exists()


def test_the_calendar_knows_the_make_up_days_and_holidays_of_the_known_years():
    calendar = queries.calendar()
    assert not calendar.is_working(date(2026, 10, 1))
    assert models.CalendarDay.objects.get(date=date(2026, 10, 1)).note == "National Day"
    for day in models.CalendarDay.objects.filter(working=True):
        assert day.date.weekday() >= 5
        assert calendar.is_working(day.date)
    years = {day.year for day in models.CalendarDay.objects.values_list("date", flat=True)}
    assert years == set(range(2004, 2027))


def test_the_office_opens_at_half_past_eight_and_rests_at_noon():
    windows = list(models.WorkingHours.objects.values_list("opens", "closes"))
    assert [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in windows] == ["08:30-12:00", "13:30-17:30"]


def test_no_telephone_number_is_one_that_rings():
    assert not models.Contact.objects.exclude(phone__startswith="100").exists()
    assert not models.Organisation.objects.exclude(phone__startswith="000-").exists()


def test_ids_are_the_same_at_every_start():
    room = queries.organisation(bodies.organisation_id(staff.QINGXI, "room"))
    assert room.code == f"{land.DISTRICT}001-room"
    assert datetime(2024, 1, 1, tzinfo=UTC) == models.Person.objects.get(username="dispatcher").joined_at


def test_everybody_belongs_to_the_ground_of_their_organisation():
    strays = models.Appointment.objects.exclude(area__code__startswith=F("organisation__area__code"))
    assert not strays.exists()
