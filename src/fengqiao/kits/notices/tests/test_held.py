"""What is spared: quiet hours, a flood that becomes one digest, enough for a day; and what never is: an emergency."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given
from hypothesis import settings as h_settings
from hypothesis import strategies as st

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.kits.notices import addresses, jobs, services
from fengqiao.kits.notices.models import Delivery, Notice, Wish
from fengqiao.kits.notices.tests.test_gateways import AT, SECRET, city, zhang  # noqa: F401
from fengqiao.people.models import Shift

SENTENCE = _("New order: case {number}, {kind} in {town}. Sign for it in time.")
NIGHT = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)  # half past eleven at night
MORNING = datetime(2026, 11, 25, 23, 0, tzinfo=UTC)  # seven in the morning


@pytest.fixture(autouse=True)
def _one_way(request, settings):
    if "city" in request.fixturenames:
        request.getfixturevalue("db")
        found = request.getfixturevalue("city")
        settings.FENGQIAO_GATEWAYS = {"dingtalk": {"url": found.url, "app": "fengqiao", "secret": SECRET}}
        Shift.objects.all().delete()


def tell(person, once="a", at=AT, wakes=False, number="1"):
    facts = {"number": number, "kind": "K", "town": "T"}
    services.tell(machine_act("test", at), [person.pk], SENTENCE, facts, "/desk/cases/1", once=once, urgent=True, wakes=wakes)


def flood(person, count, at=AT, start=0):
    for number in range(start, start + count):
        tell(person, once=str(number), at=at, number=str(number))


def texts(city):  # noqa: F811
    return [body.decode() for _path, _headers, body in city.got]


def states():
    return sorted(Delivery.objects.values_list("status", flat=True))


def test_at_night_a_message_waits_until_morning_and_then_goes_out_once(city, zhang):  # noqa: F811
    tell(zhang, at=NIGHT)
    assert jobs.deliver(NIGHT) == 0
    held = Delivery.objects.get()
    assert (held.status, held.held, held.next_at, held.tries) == ("held", "quiet", MORNING, 0)
    assert jobs.deliver(MORNING - timedelta(seconds=1)) == 0
    assert [jobs.deliver(MORNING), jobs.deliver(MORNING + timedelta(minutes=1))] == [1, 0]
    assert len(city.got) == 1


def test_an_emergency_goes_out_at_any_hour_and_out_of_any_flood(city, zhang):  # noqa: F811
    flood(zhang, 20, at=NIGHT)
    tell(zhang, once="s0", at=NIGHT, wakes=True, number="S0-0001")
    assert jobs.deliver(NIGHT) == 1  # it goes before all that waited longer
    jobs.deliver(NIGHT)
    assert len(city.got) == 1
    assert "S0-0001" in texts(city)[0]
    assert states() == ["held"] * 20 + ["sent"]


def test_whoever_has_duty_is_awake(city, zhang):  # noqa: F811
    organisation = zhang.appointments.first().organisation
    Shift.objects.create(
        organisation=organisation, post="station_handler", person=zhang, starts=NIGHT - timedelta(hours=1), ends=NIGHT + timedelta(hours=1)
    )
    tell(zhang, at=NIGHT)
    assert jobs.deliver(NIGHT) == 1


def test_own_quiet_hours_count_instead_of_those_of_the_house(city, zhang):  # noqa: F811
    Wish.objects.create(person=zhang, quiet_from="08:00", quiet_until="10:00")
    tell(zhang)
    assert jobs.deliver(AT) == 0  # nine in the morning
    tell(zhang, once="b", at=NIGHT)
    assert jobs.deliver(NIGHT) == 2


def test_whoever_wishes_is_left_alone_on_a_day_off(city, zhang):  # noqa: F811
    Wish.objects.create(person=zhang, quiet_from="22:00", quiet_until="07:00", days_off=True)
    saturday = datetime(2026, 11, 28, 2, tzinfo=UTC)
    tell(zhang, at=saturday)
    assert jobs.deliver(saturday) == 0
    assert Delivery.objects.get().next_at == datetime(2026, 11, 29, 23, tzinfo=UTC)


def test_a_few_messages_go_out_one_by_one(city, zhang):  # noqa: F811
    flood(zhang, 5)
    assert jobs.deliver(AT) == 5


def test_a_flood_becomes_one_digest_in_which_nothing_is_lost(city, zhang):  # noqa: F811
    flood(zhang, 30)
    assert jobs.deliver(AT) == 0
    while jobs.deliver(AT):
        pass
    at = AT + timedelta(minutes=10)
    assert jobs.deliver(at) == 1
    assert states() == ["folded"] * 29 + ["sent"]
    assert "30" in texts(city)[0]
    first = Delivery.objects.get(status="sent")
    assert first.folded.count() == 29


def test_what_comes_on_top_of_what_was_sent_waits_for_the_end_of_the_window(city, zhang):  # noqa: F811
    flood(zhang, 5)
    jobs.deliver(AT)
    later = AT + timedelta(minutes=3)
    flood(zhang, 2, at=later, start=5)
    assert jobs.deliver(later) == 0
    assert set(Delivery.objects.filter(status="held").values_list("held", "next_at")) == {("flood", AT + timedelta(minutes=10))}
    assert jobs.deliver(AT + timedelta(minutes=10)) == 1
    assert len(city.got) == 6


def test_a_night_full_of_messages_is_one_message_in_the_morning(city, zhang):  # noqa: F811
    for hour in range(6):
        flood(zhang, 2, at=NIGHT + timedelta(hours=hour), start=2 * hour)
        jobs.deliver(NIGHT + timedelta(hours=hour))
    assert jobs.deliver(MORNING) == 1
    assert len(city.got) == 1
    assert "12" in texts(city)[0]


def test_a_flood_to_one_keeps_nobody_else_waiting(city, zhang):  # noqa: F811
    from fengqiao.people.models import Person

    li = Person.objects.get(username="handler2")
    flood(zhang, 9)
    tell(li, once="x")
    assert jobs.deliver(AT) == 1


def test_what_of_a_digest_was_read_is_not_counted_and_a_read_one_not_sent(city, zhang):  # noqa: F811
    flood(zhang, 8)
    jobs.deliver(AT)
    with acting(machine_act("test", AT)):
        Notice.objects.filter(once__in=["0", "1", "2"]).update(read_at=AT)
    assert jobs.deliver(AT + timedelta(minutes=10)) == 1
    assert states() == ["folded"] * 4 + ["needless"] * 3 + ["sent"]
    assert "5" in texts(city)[0]


def test_a_digest_whose_gateway_is_down_goes_out_later_as_the_same_digest(city, zhang):  # noqa: F811
    flood(zhang, 8)
    jobs.deliver(AT)
    city.answers = [(503, {}, {})]
    at = AT + timedelta(minutes=10)
    assert jobs.deliver(at) == 0
    assert jobs.deliver(at + jobs.WAITS[0]) == 1
    assert len(set(texts(city))) == 1
    assert states() == ["folded"] * 7 + ["sent"]


def test_one_person_gets_no_more_in_a_day_than_the_way_allows(city, zhang, settings):  # noqa: F811
    settings.FENGQIAO_GATEWAYS = {"sms": settings.FENGQIAO_GATEWAYS["dingtalk"]}
    settings.FENGQIAO_DIGEST_AFTER = 100
    flood(zhang, 50)
    while jobs.deliver(AT, limit=60):
        pass
    assert len(city.got) == 50
    tell(zhang, once="one more")
    assert jobs.deliver(AT) == 0
    held = Delivery.objects.get(status="held")
    assert (held.held, held.next_at) == ("day", datetime(2026, 11, 25, 16, tzinfo=UTC))


def test_a_reporter_of_several_matters_is_one_person(city, settings, monkeypatch, db):  # noqa: F811
    settings.FENGQIAO_GATEWAYS = {"sms": settings.FENGQIAO_GATEWAYS["dingtalk"]}
    monkeypatch.setattr(addresses, "_books", [lambda _about: addresses.Address(phone="10099019999", language="en")])
    for number in range(7):
        services.tell_reporter(machine_act("test", AT), new_id(), _("Your report {number} was taken in."), {"number": number}, once="e")
    jobs.deliver(AT)
    with override("en"):
        assert jobs.deliver(AT + timedelta(minutes=10)) == 1
    assert "News about what you reported: 7" in texts(city)[0]
    assert "10099019999" not in str(list(Delivery.objects.values_list("recipient", flat=True)))


def test_a_pass_that_is_killed_while_holding_has_sent_and_lost_nothing(city, zhang, monkeypatch):  # noqa: F811
    flood(zhang, 8)
    with monkeypatch.context() as killed:
        killed.setattr(jobs.holding, "spared", lambda *_all: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            jobs.deliver(AT)
    assert city.got == []
    jobs.deliver(AT + timedelta(seconds=61))
    assert jobs.deliver(AT + timedelta(seconds=61, minutes=10)) == 1


@h_settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(0, 60), min_size=1, max_size=25), st.sets(st.integers(0, 24), max_size=3))
def test_whatever_comes_when_nobody_gets_more_than_a_few_in_any_ten_minutes_and_nothing_is_lost(city, zhang, minutes, emergencies):  # noqa: F811
    Delivery.objects.all().delete()
    with acting(machine_act("test", AT)):
        Notice.objects.all().delete()
    city.got.clear()
    went = []
    for minute in range(90):
        at = AT + timedelta(minutes=minute)
        for number, due in enumerate(minutes):
            if due == minute:
                tell(zhang, once=str(number), at=at, wakes=number in emergencies)
        before = len(city.got)
        jobs.deliver(at)
        went += [minute] * (len(city.got) - before)
    woken = len([number for number in emergencies if number < len(minutes)])
    assert set(states()) <= {"sent", "folded"}
    assert Delivery.objects.count() == len(minutes)
    assert Delivery.objects.filter(status="sent").count() == len(city.got)
    busiest = max(sum(start <= minute < start + 10 for minute in went) for start in range(90))
    assert busiest <= 5 + woken
    assert Delivery.objects.filter(wakes=True, status="folded").count() == 0
