"""The alphabet is the handbook's, letter for letter."""

from fengqiao.loop.alphabet import ACTIVE, CLOCK_TITLES, ENDINGS, EVERY_MOVE, FACTS, MOVES, TRANSITIONS, Hand, State, Z
from fengqiao.loop.guards import GUARDS

HANDBOOK = """
t01 report         - R           t02 pre_check     R -           t03 accept    R A        t04 reject      R X
t05 merge          RAT M         t06 triage        A T           t07 settle_on_spot R F   t08 assign      T D
t09 sign           D S           t10 object        DS T          t11 start     S H        t12 extend      H -
t13 pause          H P           t13 resume        P H           t14 feed_back H F        t15 verify_pass F V
t16 verify_fail    F H           t17 close         V C           t18 rate      C -        t19 reopen      C D
t20 upgrade        ATDSH T       t21 transfer      RATDSHPFV O   t22 auto_recheck F V     t23 emergency   R H
t24 supervise      RATDSHPFV -   t25 withdraw      RATDSH W      t26 archive   CXOMW Z
"""


def test_there_are_fifteen_states_and_twenty_six_transitions() -> None:
    assert "".join(State) == "RATDSHPFVCZXOMW"
    assert [f"t{n:02}" for n in range(1, 27)] == sorted({each.id for each in TRANSITIONS})


def test_every_transition_leads_where_the_handbook_says() -> None:
    words = HANDBOOK.split()
    told = {
        (move, number, frozenset(sources.replace("-", "")), target.replace("-", ""))
        for number, move, sources, target in zip(*(words[n::4] for n in range(4)), strict=True)
    }
    assert told == {(x.move, x.id, frozenset(map(str, x.sources)), str(x.target or "")) for x in TRANSITIONS}


def test_a_fact_never_moves_a_case() -> None:
    assert all(fact.target is None and fact.sources for fact in FACTS.values())
    assert not set(FACTS) & set(MOVES)


def test_every_state_but_the_archive_can_be_left_and_every_clock_has_a_name() -> None:
    left = {source for each in TRANSITIONS if each.target for source in each.sources}
    assert left == set(State) - {Z}
    assert {state.clock for state in State} - {""} <= set(CLOCK_TITLES)
    assert ACTIVE | ENDINGS | {Z} == set(State)


def test_every_guard_of_the_alphabet_is_in_the_table_and_the_other_way_round() -> None:
    named = {guard for each in EVERY_MOVE.values() for guard in each.guards}
    assert named == set(GUARDS)


def test_only_the_machine_archives_and_only_the_reporter_rates() -> None:
    assert MOVES["archive"].hands == (Hand.MACHINE,)
    assert MOVES["rate"].hands == (Hand.REPORTER,)
