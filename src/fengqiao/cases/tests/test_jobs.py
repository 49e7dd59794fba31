"""The ladder, the end of a pause and the relay: nothing lost, nothing twice."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.cases import jobs, registry
from fengqiao.cases.models import Case, CaseEvent, Clock, Outbox, Rung
from fengqiao.cases.tests.conftest import MORNING
from fengqiao.cases.tests.test_services import go


def seen(model, **wanted):
    with acting(machine_act("clock", MORNING)):
        return list(model.objects.filter(**wanted))


def test_the_ladder_is_climbed_step_by_step_and_ends_one_level_up(cast, by, opened):
    case = opened()
    go(by(cast.actor("town_dispatcher", cast.room)), case, "accept")
    at = MORNING
    for _pass in range(60):
        at += timedelta(hours=1)
        jobs.sweep(at)
    assert [row.rung for row in sorted(seen(Rung, case_id=case.id), key=lambda row: row.at)][:4] == [1, 2, 3, 4]
    (row,) = seen(Case, id=case.id)
    assert (row.level, row.state) == ("district", "T")
    kinds = [event.move for event in seen(CaseEvent, case_id=case.id)]
    assert kinds.count("upgrade") >= 1


def test_a_pass_run_twice_climbs_once(opened):
    case = opened()
    at = MORNING + timedelta(hours=1, minutes=40)
    assert jobs.sweep(at) == 1
    assert jobs.sweep(at) == 0
    assert len(seen(Rung, case_id=case.id)) == 1


def test_a_pause_ends_by_itself(cast, by, opened):
    from fengqiao.cases import schemas
    from fengqiao.cases.requests import answer, ask
    from fengqiao.cases.terms import RequestKind

    dispatcher, handler = cast.actor("town_dispatcher", cast.room), cast.actor("station_handler", cast.power)
    case = opened()
    go(by(dispatcher), case, "accept")
    go(by(dispatcher), case, "triage", category="0505")
    go(by(dispatcher), case, "assign", lead=cast.power)
    go(by(handler), case, "sign")
    go(by(handler), case, "start", contact="called")
    act = by(handler)
    with acting(act):
        until = MORNING + timedelta(days=3)
        (one,) = ask(act, case.id, RequestKind.PAUSE, schemas.Pause(reason="court_time", resume_on=until))
    act = by(dispatcher)
    with acting(act):
        answer(act, one, schemas.Answer(granted=True))
    jobs.sweep(MORNING + timedelta(days=2))
    assert seen(Case, id=case.id)[0].state == "P"
    jobs.sweep(MORNING + timedelta(days=3, minutes=1))
    assert seen(Case, id=case.id)[0].state == "H"


def test_the_relay_stamps_in_order_and_tells_reactions_once(opened, monkeypatch):
    heard = []

    def listen(act, case_id):
        heard.append(case_id)

    monkeypatch.setitem(registry._reactions, "matter.report", [listen])
    case = opened()
    other = opened()
    assert jobs.relay(MORNING) == 2
    assert jobs.relay(MORNING) == 0
    stamped = [row.published_seq for row in sorted(seen(Outbox), key=lambda row: row.id)]
    assert stamped == sorted(stamped)
    assert heard == [case.id, other.id]


def test_a_reaction_that_was_cut_off_is_run_again_and_only_then_is_the_event_told(opened, monkeypatch):
    heard = []

    def listen(act, case_id):
        heard.append(act.id)
        if len(heard) == 1:
            raise OperationalError("the server closed the connection")

    monkeypatch.setitem(registry._reactions, "matter.report", [listen])
    opened()
    with pytest.raises(OperationalError):
        jobs.relay(MORNING)
    assert [row.published_seq for row in seen(Outbox)] == [None]
    assert jobs.relay(MORNING) == 1
    assert heard[0] == heard[1]


def test_a_reaction_with_a_fault_of_ours_holds_up_nobody(opened, monkeypatch):
    def stumble(act, case_id):
        raise KeyError("oh")

    monkeypatch.setitem(registry._reactions, "matter.report", [stumble])
    opened()
    assert jobs.relay(MORNING) == 1


def test_when_all_windows_are_over_a_case_is_put_away_and_nobody_is_pressed_for_it(cast, by, opened):
    case = opened()
    go(by(cast.actor("town_dispatcher", cast.room)), case, "reject", reason="repeat", remedy="已有他人处理")
    for day in range(1, 33):
        jobs.sweep(MORNING + timedelta(days=day))
        assert jobs.archive(MORNING + timedelta(days=day)) == (1 if day == 31 else 0)
    assert [event.move for event in sorted(seen(CaseEvent, case_id=case.id), key=lambda row: row.seq)] == ["report", "reject", "archive"]


def test_a_transferred_case_is_asked_after_on_the_day_that_was_said_and_put_away_when_the_answer_is_known(cast, by, opened):
    case, dispatcher = opened(), cast.actor("town_dispatcher", cast.room)
    days = [MORNING + timedelta(days=n) for n in range(70)]
    go(by(dispatcher), case, "transfer", body="市轨道交通集团", follow_up_on=days[10])
    assert _asked_after(case) == (days[10] + timedelta(days=1)).date()
    assert jobs.archive(days[40]) == 0
    go(by(dispatcher, days[10]), case, "outcome", kind="unknown", text="还没有答复", follow_up_on=days[21])
    assert _asked_after(case) == (days[21] + timedelta(days=1)).date()
    assert jobs.archive(days[40]) == 0
    go(by(dispatcher, days[21]), case, "outcome", kind="settled", text="已由集团修复")
    assert _asked_after(case) is None
    assert (jobs.archive(days[30]), jobs.archive(days[40]), jobs.archive(days[41])) == (0, 1, 0)
    assert seen(Case, id=case.id)[0].state == "Z"


def _asked_after(case):
    """Return the day at whose first minute the limit is over."""
    (clock,) = seen(Clock, case_id=case.id, name="follow_up")
    return clock.due_at.astimezone(MORNING.tzinfo).date() if clock.due_at else None


def test_a_part_keeps_its_parent_open(cast, by, opened):
    from fengqiao.cases.family import open_part
    from fengqiao.cases.schemas import Report

    case = opened()
    act = by(cast.actor("town_dispatcher", cast.room))
    go(by(act.actor), case, "accept")
    with acting(act):
        part = open_part(act, case.id, "matter", Report(text="先把线收起来", category="0505"))
    assert seen(Case, id=case.id)[0].children_open == 1
    assert part.matter == case.matter
    go(by(act.actor), part, "reject", reason="repeat", remedy="已有他人处理")
    jobs.relay(MORNING)
    assert seen(Case, id=case.id)[0].children_open == 0
