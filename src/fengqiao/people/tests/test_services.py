"""What may be changed about people and places, and what may not."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from fengqiao.base.act import Act
from fengqiao.people import models, queries, services
from fengqiao.people.terms import DeskScheme, Kind
from fengqiao.people.yunxi import bodies, staff

pytestmark = pytest.mark.django_db
ROOM = bodies.organisation_id(staff.QINGXI, "room")


@pytest.fixture
def someone() -> models.Person:
    return models.Person.objects.get(username="instructor")


def post(**changes) -> services.Post:
    told = {"post": "town_dispatcher", "organisation": ROOM, "area": staff.QINGXI, "since": date(2026, 12, 1), **changes}
    return services.Post(**told)


def test_an_appointment_is_seen_at_once(act: Act, someone: models.Person):
    assert str(someone.pk) not in {row.id for row in queries.holders(ROOM, "town_dispatcher", date(2026, 12, 1))}
    services.appoint(act, someone.pk, post())
    assert str(someone.pk) in {row.id for row in queries.holders(ROOM, "town_dispatcher", date(2026, 12, 1))}


def test_nobody_is_appointed_twice_to_the_same_post_at_the_same_time(act: Act, someone: models.Person):
    services.appoint(act, someone.pk, post())
    with pytest.raises(services.AlreadyAppointed):
        services.appoint(act, someone.pk, post(since=date(2026, 12, 20)))


def test_an_appointment_may_follow_one_that_has_ended(act: Act, someone: models.Person):
    first = services.appoint(act, someone.pk, post())
    services.end_appointment(act, first.id, date(2026, 12, 20))
    services.appoint(act, someone.pk, post(since=date(2026, 12, 20)))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"until": date(2026, 11, 1)}, services.NotInThisOrder),
        ({"temporary": True}, services.NeedsAnEnd),
        ({"organisation": staff.QINGXI}, queries.NoSuchOrganisation),
    ],
)
def test_an_appointment_that_cannot_be_is_refused(act: Act, someone: models.Person, changes, error):
    with pytest.raises(error):
        services.appoint(act, someone.pk, post(**changes))


def test_whoever_may_not_edit_settings_changes_nothing(bystander: Act, someone: models.Person):
    with pytest.raises(services.NotYoursToSet):
        services.appoint(bystander, someone.pk, post())
    with pytest.raises(services.NotYoursToSet):
        services.set_days(bystander, [services.Day(date(2026, 12, 24), False)])
    with pytest.raises(services.NotYoursToSet):
        services.set_zone(bystander, "UTC")


def test_one_person_has_one_shift_at_a_time(act: Act, someone: models.Person):
    starts = datetime(2027, 1, 1, tzinfo=UTC)
    services.put_on_roster(act, ROOM, "town_dispatcher", person=someone.pk, starts=starts, ends=starts + timedelta(hours=8))
    with pytest.raises(services.AlreadyOnDuty):
        services.put_on_roster(
            act, ROOM, "grid_supervisor", person=someone.pk, starts=starts + timedelta(hours=7), ends=starts + timedelta(hours=9)
        )
    services.put_on_roster(
        act, ROOM, "town_dispatcher", person=someone.pk, starts=starts + timedelta(hours=8), ends=starts + timedelta(hours=9)
    )


def test_a_substitute_takes_over_and_gives_back(act: Act, someone: models.Person):
    shift = models.Shift.objects.filter(organisation_id=ROOM, post="town_dispatcher").first()
    services.substitute(act, shift.id, someone.pk)
    assert queries.on_duty(ROOM, "town_dispatcher", shift.starts)[0].id == str(someone.pk)
    services.substitute(act, shift.id, None)
    assert queries.on_duty(ROOM, "town_dispatcher", shift.starts)[0].id == str(shift.person_id)
    with pytest.raises(services.OneselfAsSubstitute):
        services.substitute(act, shift.id, shift.person_id)


def test_a_holiday_decreed_today_moves_the_calendar_at_once(act: Act):
    day = date(2026, 12, 24)
    assert queries.calendar().is_working(day)
    services.set_days(act, [services.Day(day, False, "Storm")])
    assert not queries.calendar().is_working(day)
    services.set_days(act, [services.Day(day, True)])
    assert queries.calendar().is_working(day)
    assert not models.CalendarDay.objects.filter(date=day).exists()


def test_working_hours_may_not_meet(act: Act):
    with pytest.raises(services.HoursMeet):
        services.set_hours(act, [(time(9), time(12)), (time(11), time(17))])
    services.set_hours(act, [(time(9), time(12)), (time(13), time(18))])
    assert [window[0] for window in queries.calendar().windows] == [time(9), time(13)]


def test_a_zone_nobody_knows_is_refused(act: Act):
    with pytest.raises(services.NoSuchZone, match="Mars"):
        services.set_zone(act, "Mars/Olympus")


def test_the_desks_take_the_names_of_the_other_scheme_and_back(act: Act):
    before = {row.name for row in queries.organisations(kind=Kind.DESK, area=staff.QINGXI)}
    services.use_desk_scheme(act, DeskScheme.V2016)
    assert {row.name for row in queries.organisations(kind=Kind.DESK, area=staff.QINGXI)} == {
        "清溪街道综治工作平台", "清溪街道综合执法平台", "清溪街道市场监管平台", "清溪街道便民服务平台",
    }  # fmt: skip
    assert queries.organisation_by_code(f"{staff.QINGXI}-fire").desk == "market"
    services.use_desk_scheme(act, DeskScheme.V2021)
    assert {row.name for row in queries.organisations(kind=Kind.DESK, area=staff.QINGXI)} == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "990102", "parent_id": "9901", "level": "planet"},
        {"code": "880101", "parent_id": "9901", "level": "district"},
        {"code": "9901 2", "parent_id": "9901", "level": "district"},
        {"code": "990103", "parent_id": "9901", "level": "district", "lon": 200.0, "lat": 0.0},
    ],
)
def test_the_database_refuses_an_area_that_cannot_be(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Area.objects.create(name="x", **wrong)


def test_the_database_holds_one_district():
    with pytest.raises(IntegrityError), transaction.atomic():
        models.District.objects.create(id=2, area_id="9901")


def test_two_accounts_differ_in_more_than_capital_letters():
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Person.objects.create(username="GRID", name="x")
