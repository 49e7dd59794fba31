"""The engine makes steps: along the path, with the clocks that follow, and always the same for the same question."""

from collections import Counter
from contextlib import nullcontext
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fengqiao.base.act import Actor, ActorKind
from fengqiao.base.errors import FengqiaoError
from fengqiao.loop.alphabet import A, C, D, F, H, Hand, M, O, P, R, S, State, T, V, W, X, Z
from fengqiao.loop.definition import Loop, Path, UnknownMove
from fengqiao.loop.engine import Doer, NotNow, Standing, chain, decide, possible
from fengqiao.loop.standing import holds
from fengqiao.loop.tests.cast import (
    ANSWERS,
    DEVICES,
    DISPATCHER,
    EVERYTHING,
    GRID,
    HANDLER,
    HELPER,
    MACHINE_HAND,
    NOW,
    RESIDENT,
    WORKER,
    fed_back,
    standing,
)

CRISIS = Loop("crisis", GRID.title, Path(R, H, F, V, C))
DOERS = (DISPATCHER, HANDLER, HELPER, WORKER, RESIDENT, MACHINE_HAND)


def orders(case: Standing, move: str, by: Doer = DISPATCHER, loop: Loop = GRID, **asked: object) -> list[str]:
    step = decide(loop, case, move, by=by, at=NOW, asked={**EVERYTHING, **asked})
    return [f"{order.op} {order.name}" for order in step.clocks]


# --- clocks ------------------------------------------------------------------------------------------------------


def test_leaving_a_state_stops_its_clock_and_entering_one_starts_its() -> None:
    assert orders(standing(None), "report") == ["start accept"]
    assert orders(standing(R), "accept") == ["stop accept", "start triage"]
    assert orders(standing(A), "triage") == ["stop triage", "start assign"]
    assert orders(standing(T), "assign") == ["stop assign", "start sign"]
    assert orders(standing(D), "sign") == ["stop sign", "start handle"]
    assert orders(standing(H), "feed_back", HANDLER) == ["stop handle", "stop arrive", "start verify"]
    assert orders(fed_back(), "verify_pass", WORKER) == ["stop verify", "start close"]
    assert orders(standing(V), "close") == ["stop *", "start rating"]
    assert orders(standing(C, rating=1), "reopen", RESIDENT) == ["stop *", "start sign"]


def test_the_handling_clock_runs_on_from_signing_to_the_result() -> None:
    assert orders(standing(S), "start", HANDLER) == []


def test_rework_resumes_the_handling_clock_and_does_not_reset_it() -> None:
    assert orders(fed_back(), "verify_fail", WORKER) == ["stop verify", "resume handle"]


def test_a_pause_freezes_every_clock_and_its_end_lets_them_go_on() -> None:
    assert orders(standing(H), "pause") == ["freeze *"]
    assert orders(standing(P), "resume") == ["resume *"]
    assert orders(standing(P), "transfer") == ["stop *", "start follow_up"]


def test_an_emergency_starts_the_clock_of_arrival_and_of_the_skipped_steps() -> None:
    assert orders(standing(R), "emergency", sla="S0") == ["stop accept", "start handle", "start arrive", "start fill_in"]
    assert orders(standing(H), "arrive", HANDLER) == ["stop arrive"]
    assert orders(standing(H), "fill_in") == ["stop fill_in"]


def test_an_objection_or_a_higher_level_starts_the_assignment_anew() -> None:
    assert orders(standing(D), "object", HANDLER) == ["stop sign", "start assign"]
    assert orders(standing(S), "object", HANDLER) == ["stop handle", "start assign"]
    assert orders(standing(T), "upgrade") == ["stop assign", "start assign"]
    assert orders(standing(H), "upgrade") == ["stop handle", "stop arrive", "start assign"]


def test_an_ending_stops_everything_and_a_fact_touches_no_clock() -> None:
    assert orders(standing(H), "withdraw", RESIDENT) == ["stop *"]
    assert orders(standing(R), "reject") == ["stop *", "start appeal"]
    assert orders(standing(X, closed_at=NOW - timedelta(days=31)), "archive", MACHINE_HAND) == ["stop *", "start retention"]
    assert orders(standing(H), "supervise") == orders(standing(H), "note") == []
    assert orders(standing(H), "extend") == ["extend handle"]


# --- chains ------------------------------------------------------------------------------------------------------


def test_a_chain_makes_every_move_of_its_path() -> None:
    asked = {"category": "1001", "lead": "village-3", "contact": "message", "result": "explained"}
    steps = chain(ANSWERS, standing(A), "answer", by=WORKER, at=NOW, asked=asked)
    assert [step.target for step in steps] == [T, D, S, H, F]
    assert {step.by for step in steps} == {WORKER}


def test_a_chain_is_refused_whole_when_one_of_its_moves_is() -> None:
    with pytest.raises(FengqiaoError, match="lead"):
        chain(ANSWERS, standing(A), "answer", by=WORKER, at=NOW, asked={"category": "1001"})
    with pytest.raises(NotNow):
        chain(ANSWERS, standing(T), "answer", by=WORKER, at=NOW)
    with pytest.raises(UnknownMove):
        chain(GRID, standing(A), "answer", by=WORKER, at=NOW)


def test_the_machines_part_of_a_chain_is_done_in_the_loops_name() -> None:
    steps = chain(ANSWERS, standing(R, spot_ok=True), "settle", by=WORKER, at=NOW, asked={"files": ["p"]})
    assert [(step.target, step.by.person) for step in steps] == [
        (F, "chen"),
        (V, "machine:qr_suggest"),
        (C, "machine:qr_suggest"),
    ]


def test_a_device_closes_by_way_of_verified() -> None:
    steps = chain(DEVICES, fed_back(), "recheck", by=MACHINE_HAND, at=NOW, asked={"normal_samples": 4})
    assert [(step.source, step.target) for step in steps] == [(F, V), (V, C)]


# --- hands and offers --------------------------------------------------------------------------------------------


def test_a_hand_is_judged_from_the_case() -> None:
    case = standing(H)
    assert holds(Hand.LEAD, case, HANDLER, in_area=False)
    assert not holds(Hand.LEAD, case, HELPER, in_area=True)
    assert holds(Hand.HANDLER, case, HELPER, in_area=False)
    assert holds(Hand.REPORTER, case, RESIDENT, in_area=False)
    assert not holds(Hand.REPORTER, standing(H, reporter=""), Doer(""), in_area=True)
    assert holds(Hand.MACHINE, case, MACHINE_HAND, in_area=False)
    assert holds(Hand.VERIFIER, case, WORKER, in_area=True)
    assert not holds(Hand.AREA, case, WORKER, in_area=False)
    assert holds(Hand.ANYONE, case, RESIDENT, in_area=False)
    assert holds(Hand.LEAD, standing(H, lead=""), DISPATCHER, in_area=True), "no lead yet: the area handles"


def test_a_doer_is_the_person_behind_the_actor_or_their_token() -> None:
    assert Doer.of(Actor(ActorKind.PERSON, "p1", person="li", org="room")) == Doer("li", "room")
    assert Doer.of(Actor(ActorKind.ANONYMOUS, "receipt:ab")) == Doer("receipt:ab")
    assert Doer.of(Actor(ActorKind.MACHINE, "machine:clock")).machine


def test_what_is_offered_says_what_stands_against_it() -> None:
    offered = {each.move.name: each.why_not for each in possible(GRID, fed_back(), HANDLER, NOW)}
    assert offered["verify_pass"] is not None
    assert offered["verify_pass"].code == "same_hands"
    assert offered["supervise"] is None
    assert "close" not in offered


# --- wandering at random -----------------------------------------------------------------------------------------

steps_of_a_walk = st.lists(st.tuples(st.integers(0, 1000), st.sampled_from(DOERS), st.integers(0, 40)), min_size=30, max_size=80)
kinds = st.sampled_from((GRID, DEVICES, ANSWERS, CRISIS))
beginnings = st.builds(
    lambda sla, conf, spot, danger, children: standing(
        None,
        sla=sla,
        confidentiality=conf,
        spot_ok=spot,
        public_danger=danger,
        required_children_open=children,
        physical=True,
        channel="qr",
        master_conf=conf,
    ),
    st.sampled_from(("S0", "S3", "S5")),
    st.integers(0, 4),
    st.booleans(),
    st.booleans(),
    st.sampled_from((0, 0, 0, 1)),
)
SIDE_DOORS = (X, O, M, W)
COUNTS = ("objections", "reworks", "reopens", "extensions")


@settings(max_examples=300, deadline=None)
@given(kinds, beginnings, steps_of_a_walk)
def test_a_case_that_wanders_at_random_keeps_every_promise(loop: Loop, case: Standing, walk: list[tuple[int, Doer, int]]) -> None:
    been: list[State] = []
    objected = Counter[str]()
    for pick, by, hours in [(0, RESIDENT, 0), *walk]:
        at = NOW + timedelta(hours=hours)
        moves = loop.moves_from(case.state)
        if not moves:
            assert case.state is Z
            break
        # The side doors end a walk, so they are taken seldom; facts lead nowhere, so they are taken seldom too.
        main = [each for each in moves if each.transition.target not in (None, *SIDE_DOORS)]
        offered = main if main and pick % 10 else moves
        move = offered[pick // 10 % len(offered)].name
        asked = {**EVERYTHING, "sla": "S0"} if move == "emergency" else {**EVERYTHING, "resume_on": at + timedelta(days=1)}
        asked["follow_up_on"] = at + timedelta(days=1)
        try:
            step = decide(loop, case, move, by=by, at=at, asked=asked)
        except FengqiaoError:
            continue
        assert step == decide(loop, case, move, by=by, at=at, asked=asked), "the same question has the same answer"
        _check_step(loop, case, step.target, move, by, been)
        after = case.after(step)
        assert all(getattr(after, name) >= getattr(case, name) for name in COUNTS), "counts never fall"
        objected[move] += 1
        case = after
        been.append(step.target)
    assert case.objections <= 2
    assert case.extensions <= 1
    assert objected["object"] == case.objections


def _check_step(loop: Loop, case: Standing, target: State, move: str, by: Doer, been: list[State]) -> None:
    assert isinstance(target, State)
    assert target in loop.path.all
    if target is C and case.state is not C:
        assert been[-1] is V, "nothing is closed before it was verified"
    if move in ("verify_pass", "verify_fail", "auto_recheck"):
        hands = {doer.person for name in ("feed_back", "settle_on_spot") for doer in case.doers.get(name, ())}
        assert by.person not in hands, "nobody verifies their own work"
        if case.doers.get("feed_back") and by.org and move != "auto_recheck":
            assert by.org not in case.handlers | {doer.org for doer in case.doers["feed_back"]}


@given(
    st.sampled_from((HANDLER, HELPER, WORKER, RESIDENT, Doer("zhao", "water-station"), Doer("", "village-3"))),
    st.sampled_from((HANDLER, HELPER, WORKER, Doer("sun", "village-3"))),
)
def test_whoever_the_handler_is_their_hands_and_house_do_not_verify(verifier: Doer, handler: Doer) -> None:
    case = standing(F, lead=handler.org, assisting=frozenset(), doers={"feed_back": (handler,)})
    same = verifier.person == handler.person or verifier.org == handler.org
    with pytest.raises(FengqiaoError) if same else nullcontext():
        decide(GRID, case, "verify_pass", by=verifier, at=NOW, asked=EVERYTHING)


def test_the_endings_are_reached_without_verification_only_by_their_own_doors() -> None:
    for state, move, end in ((R, "reject", X), (H, "transfer", O), (H, "withdraw", W)):
        assert decide(GRID, standing(state), move, by=DISPATCHER, at=NOW, asked=EVERYTHING).target is end
    assert D in GRID.states
