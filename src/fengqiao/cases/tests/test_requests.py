"""Side requests: asked, answered, never a state of their own, never a stopped clock."""

from datetime import timedelta
from uuid import uuid4

import pytest

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.cases import centre, continuing, jobs, numbers, policies, queries, schemas
from fengqiao.cases.effects import MasterItself, NoSuchTaker
from fengqiao.cases.limits import EXTENSION, OtherDays, TooLongAnExtension
from fengqiao.cases.models import Case, CaseEvent, Clock, Rung, SideRequest
from fengqiao.cases.requests import AnsweredAlready, AskedAlready, NotTheThird, NotYoursToAnswer, answer, ask
from fengqiao.cases.terms import RequestKind
from fengqiao.cases.tests.conftest import MORNING
from fengqiao.cases.tests.test_services import go
from fengqiao.loop.guards.handling import ExtendedAlready, ResumeDatePast


@pytest.fixture
def handled(cast, by, opened):
    """A case in the hands of the power station."""
    dispatcher, handler = cast.actor("town_dispatcher", cast.room), cast.actor("station_handler", cast.power)
    handler = handler.__class__(**{**{name: getattr(handler, name) for name in handler.__slots__}, "ranges": ()})
    case = opened()
    go(by(dispatcher), case, "accept")
    go(by(dispatcher), case, "triage", category="0505", sla="S3")
    go(by(dispatcher), case, "assign", lead=cast.power)
    go(by(handler), case, "sign")
    go(by(handler), case, "start", contact="called")
    return case, dispatcher, handler


def asking(act, case, kind, **said):
    with acting(act):
        return ask(act, case.id, kind, schemas.ASKS[kind](**said))


def answering(act, request, **said):
    with acting(act):
        return answer(act, request, schemas.Answer(**said))


def clock(case, name):
    with acting(machine_act("clock", MORNING)):
        return Clock.objects.get(case_id=case.id, name=name)


def test_an_extension_is_granted_once_and_refused_the_second_time(by, handled):
    case, dispatcher, handler = handled
    before = clock(case, "handle").due_at
    (first,) = asking(by(handler), case, RequestKind.EXTENSION, amount=5, unit="working_day", reason="等待配件")
    assert clock(case, "handle").due_at == before
    answering(by(dispatcher), first, granted=True, reply="同意")
    assert clock(case, "handle").due_at > before + timedelta(days=4)
    with pytest.raises(ExtendedAlready):
        asking(by(handler), case, RequestKind.EXTENSION, amount=1, unit="working_day", reason="再延一天")


def test_an_extension_is_no_longer_than_its_class_allows_and_counted_like_the_limit(by, handled):
    case, _dispatcher, handler = handled
    with pytest.raises(TooLongAnExtension):
        asking(by(handler), case, RequestKind.EXTENSION, amount=6, unit="working_day", reason="等待配件")
    with pytest.raises(OtherDays):
        asking(by(handler), case, RequestKind.EXTENSION, amount=1, unit="natural_day", reason="等待配件")


def test_how_long_an_extension_may_be_is_a_row_that_counts_from_its_day(by, handled):
    case, _dispatcher, handler = handled
    centre.write_limit("S3", EXTENSION, "", MORNING.date() + timedelta(days=1), amount=7, unit="working_day", basis="")
    with pytest.raises(TooLongAnExtension):
        asking(by(handler), case, RequestKind.EXTENSION, amount=6, unit="working_day", reason="等待配件")
    assert asking(by(handler, MORNING + timedelta(days=1)), case, RequestKind.EXTENSION, amount=6, unit="working_day", reason="等待配件")


def test_a_rung_that_an_extension_takes_back_is_climbed_again(by, handled):
    case, dispatcher, handler = handled
    nearly = MORNING + timedelta(days=6, hours=23)
    assert jobs.sweep(nearly) == 1
    (one,) = asking(by(handler, nearly), case, RequestKind.EXTENSION, amount=5, unit="working_day", reason="等待配件")
    answering(by(dispatcher, nearly), one, granted=True)
    for day in range(1, 30):
        jobs.sweep(nearly + timedelta(days=day))
    with acting(machine_act("clock", MORNING)):
        climbed = list(Rung.objects.filter(case_id=case.id, clock="handle").order_by("at").values_list("round", "rung"))
    assert climbed == [(1, 1), (2, 1), (2, 2), (2, 3), (2, 4)]


def test_a_pause_really_stops_the_clock_and_what_is_left_stays(by, handled):
    case, dispatcher, handler = handled
    later = MORNING + timedelta(days=7)
    (pause,) = asking(by(handler), case, RequestKind.PAUSE, reason="appraisal", resume_on=later)
    answering(by(dispatcher, MORNING + timedelta(hours=1)), pause, granted=True)
    stopped = clock(case, "handle")
    assert (stopped.running_since, stopped.due_at, stopped.next_rung_at) == (None, None, None)
    go(by(handler, later), case, "resume")
    going = clock(case, "handle")
    assert going.consumed == stopped.consumed
    assert going.due_at > later


def test_a_pause_into_the_past_is_refused(by, handled):
    case, _dispatcher, handler = handled
    with pytest.raises(ResumeDatePast):
        asking(by(handler), case, RequestKind.PAUSE, reason="appraisal", resume_on=MORNING - timedelta(days=1))


def test_the_same_request_is_not_asked_twice_nor_answered_twice(by, handled):
    case, dispatcher, handler = handled
    (one,) = asking(by(handler), case, RequestKind.EXTENSION, amount=1, unit="working_day", reason="等待配件")
    with pytest.raises(AskedAlready):
        asking(by(handler), case, RequestKind.EXTENSION, amount=1, unit="working_day", reason="等待配件")
    answering(by(dispatcher), one, granted=False, reply="不同意")
    with pytest.raises(AnsweredAlready):
        answering(by(dispatcher), one, granted=True)


def test_the_asker_does_not_answer(by, handled):
    case, _dispatcher, handler = handled
    (one,) = asking(by(handler), case, RequestKind.EXTENSION, amount=1, unit="working_day", reason="等待配件")
    with pytest.raises(NotYoursToAnswer):
        answering(by(handler), one, granted=True)


def test_a_whistle_gives_every_organisation_a_clock_of_its_own(cast, by, handled):
    case, dispatcher, _handler = handled
    orgs = [cast.power, cast.enforcement]
    said = {"whistle": "tough", "ground": "joint_enforcement", "organisations": orgs, "reason": "联合执法"}
    ids = asking(by(dispatcher), case, RequestKind.WHISTLE, **said)
    assert len(ids) == 2
    with acting(machine_act("clock", MORNING)):
        assert {str(row.org) for row in Clock.objects.filter(case_id=case.id, name="arrive")} == set(orgs)
    arrived = by(cast.actor("dept_handler", cast.enforcement), MORNING + timedelta(hours=2))
    with acting(machine_act("clock", MORNING)):
        mine = next(row.id for row in SideRequest.objects.filter(case_id=case.id) if str(row.to_org) == cast.enforcement)
    answering(arrived, mine, granted=True, reply="已到场")
    with acting(machine_act("clock", MORNING)):
        assert Case.objects.get(id=case.id).pending == ["whistle"]
        assert Clock.objects.get(case_id=case.id, name="arrive", org=cast.enforcement).ended_at is not None


def test_the_third_objection_goes_to_the_district_and_binds(cast, by, handled):
    case, dispatcher, handler = handled
    with pytest.raises(NotTheThird):
        asking(by(handler), case, RequestKind.OBJECTION, reason="不归我们管")
    _object_twice(cast, by, case, dispatcher, handler)
    (third,) = asking(by(handler), case, RequestKind.OBJECTION, reason="仍不归我们管")
    with pytest.raises(NotYoursToAnswer):
        answering(by(dispatcher), third, granted=True, lead=cast.enforcement)
    district = cast.actor("district_dispatcher", area="990101", level="district")
    answering(by(district), third, granted=True, lead=cast.enforcement)
    with acting(machine_act("clock", MORNING)):
        row = Case.objects.get(id=case.id)
        moves = list(CaseEvent.objects.filter(case_id=case.id).order_by("seq").values_list("move", flat=True))
    assert (str(row.lead), row.state, row.pending) == (cast.enforcement, "D", [])
    assert moves[-3:] == ["answer_objection", "object", "assign"]
    assert clock(case, "sign").ended_at is None


def test_whoever_is_whistled_for_twice_has_a_new_round_of_the_clock_and_once_is_enough_in_one_whistle(cast, by, handled):
    case, dispatcher, _handler = handled
    said = {"ground": "joint_enforcement", "reason": "一起去看现场", "organisations": [cast.enforcement, cast.enforcement]}
    assert len(asking(by(dispatcher), case, RequestKind.WHISTLE, **said)) == 1
    asking(by(dispatcher, MORNING + timedelta(hours=1)), case, RequestKind.WHISTLE, **said)
    with acting(machine_act("clock", MORNING)):
        assert Clock.objects.get(case_id=case.id, name="arrive", org=cast.enforcement).round == 2


def test_nobody_who_does_not_exist_is_whistled_for_or_given_a_case(cast, by, opened, handled):
    case, dispatcher, _handler = handled
    with pytest.raises(NoSuchTaker):
        asking(by(dispatcher), case, RequestKind.WHISTLE, ground="joint_enforcement", reason="一起去看", organisations=[uuid4()])
    other = opened()
    go(by(dispatcher), other, "accept")
    go(by(dispatcher), other, "triage", category="0505")
    with pytest.raises(NoSuchTaker):
        go(by(dispatcher), other, "assign", lead=uuid4())


def test_what_is_still_asked_ends_with_the_case(cast, by, handled):
    case, dispatcher, handler = handled
    asking(by(handler), case, RequestKind.EXTENSION, amount=1, unit="working_day", reason="等待配件")
    said = {"whistle": "tough", "ground": "joint_enforcement", "organisations": [cast.enforcement], "reason": "联合执法"}
    asking(by(dispatcher), case, RequestKind.WHISTLE, **said)
    go(by(dispatcher), case, "transfer", body="市轨道交通集团", follow_up_on=MORNING + timedelta(days=20))
    with acting(machine_act("clock", MORNING)):
        assert Case.objects.get(id=case.id).pending == []
        assert set(SideRequest.objects.filter(case_id=case.id).values_list("status", flat=True)) == {"ended"}
        assert Clock.objects.get(case_id=case.id, name="arrive", org=cast.enforcement).ended_at is not None
        (late, _first) = SideRequest.objects.filter(case_id=case.id)
    with pytest.raises(AnsweredAlready):
        answering(by(dispatcher), late.id, granted=True)


@pytest.fixture
def appealed(cast, by, handled, photo):
    """A closed case whose reporter has appealed."""
    case, dispatcher, handler = handled
    done, seen = by(handler), by(cast.actor("grid_worker", area="990101001"))
    go(done, case, "feed_back", outcome="fixed", text="换了灯泡", files=[photo(done)])
    go(seen, case, "verify_pass", statement="说好了")
    go(by(dispatcher), case, "close", message="已修好")
    receipt = numbers.receipt_grantee(case.number, numbers.receipt_code(case.number))
    go(by(cast.resident(receipt)), case, "appeal", text="还是不亮")
    with acting(machine_act("clock", MORNING)):
        return case, SideRequest.objects.get(case_id=case.id, kind=RequestKind.APPEAL)


def test_an_appeal_waits_for_the_district_and_shows_in_its_box(cast, by, appealed):
    case, appeal = appealed
    assert (appeal.status, appeal.asked["text"], appeal.due_at.date()) == ("pending", "还是不亮", (MORNING + timedelta(days=14)).date())
    district = cast.actor("district_dispatcher", area="990101", level="district")
    with acting(by(district)):
        assert queries.boxes(district)["requests"] == 1
        assert [row.id for row in queries.page(district, queries.Filter(box="requests"))] == [case.id]
        assert jobs.archive(MORNING + timedelta(days=60)) == 0


def test_an_appeal_is_decided_by_the_district_and_never_by_whom_it_is_against(cast, by, appealed):
    _case, appeal = appealed
    for actor in (cast.actor("town_dispatcher", cast.room), cast.actor("district_dispatcher", cast.power, "990101", level="district")):
        with pytest.raises(NotYoursToAnswer):
            answering(by(actor), appeal.id, granted=True)
    district = cast.actor("district_dispatcher", area="990101", level="district")
    assert answering(by(district), appeal.id, granted=False, reply="已核实，灯是亮的").state == "C"


def test_an_appeal_that_is_granted_has_the_case_handled_again(cast, by, appealed):
    _case, appeal = appealed
    district = cast.actor("district_dispatcher", area="990101", level="district")
    again = answering(by(district), appeal.id, granted=True, reply="请重新处理")
    assert (again.state, again.reopens, again.pending) == ("D", 1, [])


def test_an_appeal_is_no_request_of_an_officer(cast, by, handled):
    case, dispatcher, _handler = handled
    go(by(dispatcher), case, "transfer", body="市轨道交通集团", follow_up_on=MORNING + timedelta(days=20))
    with pytest.raises(policies.NotYourMove):
        asking(by(dispatcher), case, RequestKind.APPEAL, text="我来申诉")


def test_a_case_is_not_merged_into_itself(cast, by, opened):
    case = opened()
    with pytest.raises(MasterItself):
        go(by(cast.actor("town_dispatcher", cast.room)), case, "merge", master=case.id)


def _object_twice(cast, by, case, dispatcher, handler):
    # Handled cases are past objecting; a reopened order comes back to D, so carry the counts by two returns there.
    from fengqiao.cases.ledger import Batch, write
    from fengqiao.cases.steps import row

    with acting(machine_act("clock", MORNING)):
        held = Case.objects.get(id=case.id)
        held.objections, held.state, held.version = 2, "S", held.version + 1
        write(Batch(moved=[row(held)]))


@pytest.fixture
def turned_away(cast, by, opened):
    """A case that was not accepted, and the appeal of whoever reported it."""
    case = opened("楼下烧烤店天天冒烟")
    go(by(cast.actor("town_dispatcher", cast.room)), case, "reject", reason="not_competent", remedy="请与店家协商")
    receipt = numbers.receipt_grantee(case.number, numbers.receipt_code(case.number))
    go(by(cast.resident(receipt)), case, "appeal", text="这就是你们管的")
    with acting(machine_act("clock", MORNING)):
        return case, SideRequest.objects.get(case_id=case.id, kind=RequestKind.APPEAL)


@pytest.mark.parametrize("times", [1, 2])
def test_a_case_that_was_turned_away_goes_on_anew_when_its_appeal_is_granted(cast, by, turned_away, times):
    case, appeal = turned_away
    answering(by(cast.actor("district_dispatcher", area="990101", level="district")), appeal.id, granted=True, reply="请受理")
    machine = machine_act("take_up", MORNING)
    with acting(machine):
        for _time in range(times):  # a relay tells at least once
            continuing.take_up(machine, case.id)
        old, fresh = queries.current(case.id), continuing.gone_on_as(case)
        assert (old.state, old.pending) == ("X", [])
        assert (fresh.state, fresh.text, fresh.kind, fresh.matter) == ("A", case.text, case.kind, case.matter)
        assert Case.objects.filter(matter=case.matter).count() == 2
    with acting(by(cast.resident(numbers.receipt_grantee(case.number, numbers.receipt_code(case.number))))):
        assert queries.current(fresh.id).id == fresh.id  # the old receipt leads on


def test_an_appeal_that_is_refused_opens_nothing(cast, by, turned_away):
    case, appeal = turned_away
    answering(by(cast.actor("district_dispatcher", area="990101", level="district")), appeal.id, granted=False, reply="不属职责")
    machine = machine_act("take_up", MORNING)
    with acting(machine):
        continuing.take_up(machine, case.id)
        assert continuing.gone_on_as(case) is None
