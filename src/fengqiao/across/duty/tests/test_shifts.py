"""Turns: substitutes who hold the post, a log nobody changes, and two signatures that hold."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fengqiao.access.acting import acting
from fengqiao.access.doors import actor_for
from fengqiao.across.duty import queries, shifts
from fengqiao.across.duty.models import Handover, LogEntry
from fengqiao.base.act import Act
from fengqiao.base.ids import new_id
from fengqiao.cases import jobs
from fengqiao.cases.tests.conftest import MORNING
from fengqiao.cases.tests.test_services import go
from fengqiao.people import models, reference
from fengqiao.people import services as people

ROOM, POST = "990101001-room", "town_dispatcher"
NOON, EVENING = MORNING + timedelta(hours=3), MORNING + timedelta(hours=11)  # turns change at eight


def turn(at=MORNING):
    return models.Shift.objects.get(organisation__code=ROOM, post=POST, starts__lte=at, ends__gt=at)


def act_of(person, at=MORNING, key=""):
    seat = models.Appointment.objects.select_related("organisation", "area", "person").get(person=person, post=POST)
    return Act(new_id(), actor_for(seat), at, key=key)


def someone_else(*but):
    held = models.Appointment.objects.filter(organisation__code=ROOM, post=POST).exclude(person__in=but)
    return held.order_by("person__username").first().person


def handed(at=EVENING, remarks="路口积水，已设围挡"):
    act = act_of(turn().person, at)
    with acting(act):
        return act, shifts.hand_over(act, queries.left_behind(act, turn().starts), remarks)


def test_whoever_keeps_the_roster_puts_a_substitute_who_holds_the_post_and_both_are_told(db, heard):
    shift = turn(MORNING + timedelta(days=2))
    mine = someone_else(shift.person, turn(shift.ends).person, turn(shift.starts - timedelta(hours=1)).person)
    act = act_of(someone_else(shift.person, mine))
    shifts.substitute(act, shift.id, str(mine.pk))
    assert models.Shift.objects.get(pk=shift.pk).substitute == mine
    assert {str(one.person_id) for one in heard(word="roster has changed")} == {str(mine.pk), str(shift.person_id)}


def test_a_substitute_without_the_post_is_refused(db):
    act, shift = act_of(turn().person), turn(MORNING + timedelta(days=2))
    with pytest.raises(shifts.NotOfThisPost):
        shifts.substitute(act, shift.id, str(models.Person.objects.get(username="handler").pk))


def test_somebody_with_a_turn_of_their_own_does_not_stand_in(db):
    act, shift = act_of(turn().person), turn(MORNING + timedelta(days=2))
    busy = someone_else(shift.person)
    models.Shift.objects.filter(person=busy, starts__lt=shift.ends, ends__gt=shift.starts).delete()
    own = {"post": POST, "person": busy, "starts": shift.starts, "ends": shift.ends}
    models.Shift.objects.create(id=new_id(), organisation_id=shift.organisation_id, **own)
    with pytest.raises(people.AlreadyOnDuty):
        shifts.substitute(act, shift.id, str(busy.pk))


def test_nobody_puts_a_substitute_on_another_towns_roster(db):
    other = models.Shift.objects.filter(organisation__code="990101002-room", post=POST, starts__gt=MORNING).first()
    mate = models.Appointment.objects.filter(organisation__code="990101002-room", post=POST).exclude(person=other.person).first()
    with pytest.raises(people.NotYourRoster):
        shifts.substitute(act_of(turn().person), other.id, str(mate.person_id))


def test_a_turn_that_is_over_keeps_whoever_had_it(db):
    shift = turn(MORNING - timedelta(days=1))
    with pytest.raises(shifts.PastTurn):
        shifts.substitute(act_of(turn().person), shift.id, str(someone_else(shift.person).pk))


def test_only_who_has_duty_now_writes_in_the_log_and_nobody_changes_it(db):
    on = turn().person
    shifts.write_log(act_of(on), "路口积水，已设围挡")
    with pytest.raises(shifts.NotOnRota):
        shifts.write_log(act_of(someone_else(on)), "我也写一句")
    with acting(act_of(on)):
        LogEntry.objects.all().delete()
        assert LogEntry.objects.count() == 1


def test_a_handover_holds_what_is_late_what_waits_and_what_was_written(cast, by, opened, heard):
    case = opened()
    go(by(cast.actor("town_dispatcher", cast.room)), case, "accept")
    go(by(cast.actor("town_dispatcher", cast.room)), case, "triage", category="0505")
    go(by(cast.actor("town_dispatcher", cast.room)), case, "assign", lead=cast.power)
    at = MORNING
    while at < EVENING:
        at += timedelta(hours=1)
        jobs.sweep(at)
        jobs.relay(at)
    shifts.write_log(act_of(turn().person, NOON), "路口积水，已设围挡")
    act, row = handed()
    with acting(act):
        record = queries.handover(act, row.id)
    assert [one["number"] for one in record.late] == ([case.number] if record.late else [])
    assert [entry["text"] for entry in record.log] == ["路口积水，已设围挡"]
    assert record.sound
    assert (record.number, record.remarks) == (1, "路口积水，已设围挡")


def test_whoever_comes_next_is_told_and_signs_second(db, heard):
    _act, row = handed()
    coming = turn(EVENING + timedelta(hours=1)).person
    assert str(coming.pk) in {str(one.person_id) for one in heard(word="hands over")}
    act = act_of(coming, EVENING + timedelta(minutes=30))
    taking = shifts.take_over(act, row.id, "已阅")
    with acting(act):
        record = queries.handover(act, row.id)
    assert (record.comes != "", record.sound, taking.remark) == (True, True, "已阅")


def test_whoever_leaves_does_not_sign_for_the_next(db):
    act, row = handed()
    with pytest.raises(shifts.NotYoursToTake):
        shifts.take_over(act, row.id, "")


def test_somebody_who_is_not_next_does_not_take_over(db):
    _act, row = handed()
    wrong = someone_else(turn().person, turn(EVENING + timedelta(hours=1)).person)
    with pytest.raises(shifts.NotYoursToTake):
        shifts.take_over(act_of(wrong, EVENING), row.id, "")


def test_who_has_no_turn_has_nothing_to_hand_over(db):
    wrong = someone_else(turn().person, turn(EVENING).person, turn(MORNING - timedelta(hours=2)).person)
    act = act_of(wrong)
    with pytest.raises(shifts.NotOnRota), acting(act):
        shifts.hand_over(act, {}, "")


def test_a_form_sent_twice_signs_once(db):
    act = act_of(turn().person, EVENING)
    for _time in range(2):
        with acting(act):
            shifts.hand_over(act, queries.left_behind(act, shifts.leaving_or_signed(act)), "x")
    with acting(act):
        assert Handover.objects.count() == 1
        with pytest.raises(shifts.HandedOverAlready):
            shifts.hand_over(replace(act, id=new_id()), {}, "again")


def test_a_turn_forgotten_is_handed_over_late_but_not_the_next_day(db):
    person, end = turn().person, turn().ends
    act = act_of(person, end + timedelta(hours=3))
    with acting(act):
        assert shifts.leaving(act).person == person
    late = act_of(person, end + timedelta(hours=5))
    with acting(late), pytest.raises(shifts.NotOnRota):
        shifts.leaving(late)


def test_a_substitute_hands_over_the_turn_they_had(db):
    shift = turn()
    mate = someone_else(shift.person, turn(EVENING).person)
    models.Shift.objects.filter(pk=shift.pk).update(substitute=mate)
    reference.forget()
    act = act_of(mate, EVENING)
    with acting(act):
        assert shifts.leaving(act).pk == shift.pk
    act = act_of(shift.person, EVENING)
    with acting(act), pytest.raises(shifts.NotOnRota):
        shifts.leaving(act)


def test_signing_that_breaks_half_way_has_signed_nothing(db, monkeypatch):
    monkeypatch.setattr(shifts, "_tell_next", lambda *_all: 1 / 0)
    act = act_of(turn().person, EVENING)
    with pytest.raises(ZeroDivisionError), acting(act):
        shifts.hand_over(act, {"late": []}, "")
    with acting(act):
        assert Handover.objects.count() == 0
        assert shifts.leaving(act)


def test_records_carry_the_hash_of_the_one_before_and_cannot_be_changed(db):
    _act, first = handed()
    coming = turn(EVENING + timedelta(hours=1))
    act = act_of(coming.person, coming.ends)
    with acting(act):
        second = shifts.hand_over(act, queries.left_behind(act, coming.starts), "")
        assert (second.number, second.previous) == (2, first.hash)
        assert queries.sound(Handover.objects.get(id=second.id), None)
        Handover.objects.filter(id=first.id).update(number=7)
        Handover.objects.filter(id=first.id).delete()
        assert Handover.objects.get(id=first.id).number == 1


def test_a_changed_record_is_found_out(db):
    _act, row = handed()
    row.canonical = bytes(row.canonical).replace(b"1", b"2", 1)
    assert not queries.sound(row, None)


def test_another_town_does_not_see_the_record(db):
    _act, row = handed()
    seat = models.Appointment.objects.select_related("organisation", "area", "person").get(person__username="otherroom")
    act = Act(new_id(), actor_for(seat), EVENING)
    with acting(act), pytest.raises(shifts.UnknownHandover):
        queries.handover(act, row.id)
