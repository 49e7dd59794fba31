"""All 36 status labels of a live city platform are said of our cases, and none of them needed a state."""

from dataclasses import replace
from itertools import product

from fengqiao.loop.alphabet import A, C, D, F, H, M, O, P, R, S, T, V, W, X, Z
from fengqiao.loop.labels import LABELS, Request, View, label
from fengqiao.loop.tests.cast import standing

# Code there, and one case of ours of which it is true.
CASES: dict[int, View] = {
    1189: View(standing(R), looker="reporter"),
    102: View(standing(R)),
    103: View(standing(A)),
    100: View(standing(T)),
    158: View(standing(T, objections=1)),
    114: View(standing(D)),
    116: View(standing(D, objections=1)),
    113: View(standing(D), looker="lead"),
    106: View(standing(D), looker="assisting"),
    108: View(standing(S)),
    104: View(standing(H)),
    120: View(standing(H, reworks=1)),
    119: View(standing(H), (Request("pause"),)),
    115: View(standing(D, objections=2), (Request("objection", answer_level="district"),)),
    159: View(standing(T, objections=3), (Request("objection", "granted", answer_level="district"),)),
    160: View(standing(D, objections=2), (Request("objection", "refused", answer_level="district"),)),
    145: View(standing(D, objections=2), (Request("objection", answer_level="city"),)),
    156: View(standing(T, objections=3), (Request("objection", "granted", answer_level="city"),)),
    157: View(standing(S, objections=2), (Request("objection", "refused", answer_level="city"),)),
    131: View(standing(H), (Request("assistance", answer_level="city"),)),
    142: View(standing(H), (Request("extension"),)),
    130: View(standing(H), (Request("extension", answer_level="district"),)),
    141: View(standing(H), (Request("extension", "refused"),)),
    125: View(standing(H), (Request("whistle", asked_level="village"),)),
    124: View(standing(H), (Request("whistle"),)),
    121: View(standing(H), (Request("whistle", answer_level="district"),), "district"),
    117: View(standing(H), (Request("whistle"),), "lead"),
    118: View(standing(H), (Request("whistle", "granted"),)),
    123: View(standing(H), (Request("whistle", "granted", arrived=True),)),
    105: View(standing(F, level="grid")),
    126: View(standing(F, level="village")),
    132: View(standing(F)),
    128: View(standing(F, level="district")),
    143: View(standing(V)),
    129: View(standing(C)),
    107: View(standing(C, rating=5)),
}


def test_there_are_thirty_six_and_each_is_said_of_some_case() -> None:
    assert len(LABELS) == len(CASES) == 36
    assert {each.code for each in LABELS} == set(CASES)
    for code, view in CASES.items():
        said = label(view)
        assert said is not None
        assert said.code == code


def test_a_case_that_lasts_has_a_label_in_every_state_whoever_looks() -> None:
    for state, looker in product((R, A, T, D, S, H, F, V, C, Z), ("reporter", "area", "district", "lead", "assisting")):
        assert label(View(standing(state), looker=looker)) is not None  # type: ignore[arg-type]


def test_what_that_platform_has_no_word_for_is_said_in_ours() -> None:
    for state in (P, X, O, M, W):
        assert label(View(standing(state))) is None
        assert state.title


def test_an_old_answer_gives_way_to_a_newer_question() -> None:
    refused, asked = Request("extension", "refused"), Request("pause")
    assert label(View(standing(H), (refused, asked))).code == 119  # type: ignore[union-attr]
    assert label(View(standing(H), (asked, refused))).code == 141  # type: ignore[union-attr]


def test_once_the_window_is_over_a_case_is_closed_without_a_rating() -> None:
    assert label(replace(CASES[129], rating_open=False)).code == 107  # type: ignore[union-attr]
