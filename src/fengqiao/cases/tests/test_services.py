"""A case goes all the way round, and every way off the path is refused."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import RequestFactory

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.cases import api, numbers, schemas, verifying
from fengqiao.cases.claims import UnknownCase
from fengqiao.cases.ledger import Stale
from fengqiao.cases.models import Case, CaseEvent, Clock
from fengqiao.cases.services import move_case
from fengqiao.cases.tests.conftest import MORNING
from fengqiao.loop.guards.verifying import PlaceMissing, SameOrganisation, TooFar
from fengqiao.people import queries as people


def go(act, case, move, **said):
    asked = schemas.DEFAULTS[move](**said)
    with acting(act):
        return move_case(act, case.id, move, asked)


@pytest.fixture
def all_round(cast, by, opened, photo):
    """Carry a case to fed back."""
    return carried(cast, by, opened(), photo)


@pytest.fixture
def all_round_at(cast, by, opened, photo):
    """Carry a case that has a point on the map to fed back."""
    area = people.area("990101001001")
    place = {"lon": area.lon, "lat": area.lat}
    case, _dispatcher, _handler = carried(cast, by, opened(place=place), photo)
    return case, place


def carried(cast, by, case, photo):
    dispatcher, handler = cast.actor("town_dispatcher", cast.room), cast.actor("station_handler", cast.power)
    go(by(dispatcher), case, "accept")
    go(by(dispatcher), case, "triage", category="0505")
    go(by(dispatcher), case, "assign", lead=cast.power, assisting=[cast.enforcement])
    go(by(handler), case, "sign")
    go(by(handler), case, "start", contact="called")
    done = by(handler)
    go(done, case, "feed_back", outcome="fixed", text="换了灯泡", files=[photo(done)])
    return case, dispatcher, handler


def test_a_report_goes_all_the_way_round(cast, by, all_round, photo):
    case, dispatcher, _handler = all_round
    worker = cast.actor("grid_worker", area="990101001001")
    seen = by(worker)
    go(seen, case, "verify_pass", files=[photo(seen)])
    closed = go(by(dispatcher), case, "close", message="已修好")
    assert closed.state == "C"
    act = machine_act("clock", MORNING)
    with acting(act):
        moves = list(CaseEvent.objects.filter(case_id=case.id).values_list("move", flat=True))
        found = verifying.verify()
    assert moves == ["report", "accept", "triage", "assign", "sign", "start", "feed_back", "verify_pass", "close"]
    assert found.faults == []
    assert found.events == 9


def test_a_photo_of_a_case_with_a_point_says_from_where(cast, by, photo, all_round_at):
    case, place = all_round_at
    seen = by(cast.actor("grid_worker", area="990101001"))
    with pytest.raises(PlaceMissing):
        go(seen, case, "verify_pass", files=[photo(seen)])
    with pytest.raises(TooFar):
        go(seen, case, "verify_pass", files=[photo(seen)], place={**place, "lat": place["lat"] + 0.003})
    assert go(seen, case, "verify_pass", files=[photo(seen)], place=place).state == "V"


def test_whoever_handled_may_not_verify(cast, by, all_round, photo):
    case, _dispatcher, _handler = all_round
    colleague = cast.actor("grid_worker", cast.enforcement, area="990101001")
    seen = by(colleague)
    with pytest.raises(SameOrganisation):
        go(seen, case, "verify_pass", files=[photo(seen)])


def test_a_stale_form_is_refused_and_nothing_moves(cast, by, opened):
    case = opened()
    act = by(cast.actor("town_dispatcher", cast.room))
    with pytest.raises(Stale), acting(act):
        move_case(act, case.id, "accept", schemas.Note(), version=7)
    act = machine_act("clock", MORNING)
    with acting(act):
        assert Case.objects.get(id=case.id).state == "R"


def test_the_same_act_twice_is_once(cast, by, opened):
    case = opened()
    act = by(cast.actor("town_dispatcher", cast.room), key="k1")
    go(act, case, "accept")
    again = go(act, case, "accept")
    assert again.state == "A"
    with acting(machine_act("clock", MORNING)):
        assert CaseEvent.objects.filter(case_id=case.id).count() == 2


def test_clocks_follow_the_states(cast, by, all_round):
    case, _dispatcher, _handler = all_round
    with acting(machine_act("clock", MORNING)):
        clocks = {clock.name: clock for clock in Clock.objects.filter(case_id=case.id)}
        row = Case.objects.get(id=case.id)
    assert set(clocks) == {"accept", "triage", "assign", "sign", "handle", "verify"}
    assert clocks["handle"].ended_at is not None
    assert row.clock == "verify"
    assert row.due_at == clocks["verify"].due_at > MORNING + timedelta(hours=1)


def test_a_chain_passes_every_state_in_one_act(cast, by, opened, photo):
    case = opened(category="1008")
    clerk = cast.actor("town_dispatcher", cast.room)

    class Answer(schemas.Triage, schemas.Assign, schemas.Evidence):
        contact: str = "written"

    act = by(clerk)
    clerkful = {"category": "1008", "lead": cast.room, "outcome": "answered", "text": "已答复"}
    from dataclasses import replace

    act = replace(act, actor=replace(clerk, permissions=clerk.permissions | {f"*:{m}" for m in ("sign", "start", "feed_back")}))
    with acting(act):
        done = move_case(act, case.id, "answer", Answer(**clerkful, files=[photo(act)]))
    assert done.state == "C"
    with acting(machine_act("clock", MORNING)):
        states = list(CaseEvent.objects.filter(case_id=case.id).values_list("target", flat=True))
        doers = list(CaseEvent.objects.filter(case_id=case.id, move="verify_pass").values_list("actor_kind", flat=True))
    assert states == ["R", "A", "T", "D", "S", "H", "F", "V", "C"]
    assert doers == ["machine"]


def test_who_holds_the_receipt_sees_the_case_and_nobody_else_without_a_post(cast, by, opened):
    case, other = opened(), opened()
    grantee = numbers.receipt_grantee(case.number, numbers.receipt_code(case.number))
    with acting(by(cast.resident(grantee))):
        assert [row.id for row in Case.objects.all()] == [case.id]
    with acting(by(cast.resident())):
        assert Case.objects.count() == 0
    with acting(by(cast.actor("town_dispatcher", cast.room))):
        assert {case.id, other.id} <= set(Case.objects.values_list("id", flat=True))
    with acting(by(cast.actor("town_dispatcher", area="990101002"))):
        assert Case.objects.count() == 0


def test_whoever_hands_a_case_on_and_sends_the_form_again_gets_the_same_answer(cast, by, opened):
    case = opened()
    dispatcher = cast.actor("town_dispatcher", cast.room)
    handler = replace(cast.actor("station_handler", cast.power), ranges=())
    go(by(dispatcher), case, "accept")
    go(by(dispatcher), case, "triage", category="0505")
    go(by(dispatcher), case, "assign", lead=cast.power)
    act = by(handler, key="object-once")
    body = api.MoveIn(asked={"reason": "电杆不归我们管"})
    answers = []
    for _time in range(2):
        request = RequestFactory().post("/")
        request.act = act
        told = json.loads(api.make_move(request, case.id, "object", body).content)
        answers.append((told["number"], told["state"], told["version"], told["timeline"]))
    assert answers[0] == answers[1]
    assert answers[0][1] == "T"
    stranger = RequestFactory().post("/")
    stranger.act = by(replace(handler, id="somebody", org=""), key="object-once")
    with pytest.raises(UnknownCase):
        api.make_move(stranger, case.id, "object", body)
