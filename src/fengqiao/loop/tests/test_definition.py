"""A loop that cannot work is refused while it is written, and a good one says everything about itself."""

from dataclasses import replace

import pytest

from fengqiao.base.words import _
from fengqiao.loop.alphabet import A, C, D, F, H, P, R, S, State, T, V, Z
from fengqiao.loop.definition import (
    ORGANISATION,
    ORGANISATION_IF_ANY,
    PERSON,
    BadLoop,
    Chain,
    Loop,
    Move,
    Path,
    UnknownMove,
    move_names,
)
from fengqiao.loop.terms import C3, S5
from fengqiao.loop.tests.cast import ANSWERS, DEVICES, GRID, WHOLE


class Conclude:
    """What a mediator fills in."""


def loop(path: Path = WHOLE, **said: object) -> Loop:
    return Loop("mediation", _("Mediation"), path, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (Path(A, T, D, S, H, F, V, C), "begins with R"),
        (Path(R, A, T, D, S, H, F, V), "leads to C"),
        (Path(R, A, T, D, S, H, F, C), "V is missing"),
        (Path(R, A, F, V, C), "no move leads from A to F; keep the states between"),
        (Path(R, A, T, D, S, H, F, V, C).may("Q"), "Q is no state"),  # type: ignore[arg-type]
        (Path(R, H, F, V, C).may(A), "A can never be left"),
        (Path(R, H, F, V, C).may(S), "S can never be reached"),
        (Path(), "begins with R"),
    ],
)
def test_a_path_that_cannot_be_walked_is_refused_in_one_sentence(path: Path, sentence: str) -> None:
    with pytest.raises(BadLoop, match=sentence):
        loop(path)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"moves": (Move("mediate"),)}, "“mediate” is no move"),
        ({"moves": (Move("accept"), Move("accept"))}, "listed twice"),
        ({"path": Path(R, H, F, V, C), "moves": (Move("assign"),)}, "“assign” leads to D"),
        ({"path": Path(R, H, F, V, C), "moves": (Move("upgrade"),)}, "“upgrade” leads to T"),
        ({"path": Path(R, H, F, V, C), "titles": {P: _("Asleep")}}, "a title for P"),
        ({"moves": (Move("auto_recheck"),)}, "needs recheck_samples"),
        ({"moves": (Move("close", apart_from=("feed_back", "by a mile")),)}, "by “by a mile”"),
        ({"chains": (Chain("close", ("close",), _("x")),)}, "has the name of a move"),
        ({"chains": (Chain("hop", ("accept", "close"), _("x")),)}, "cannot make “close” in A"),
        ({"chains": (Chain("hop", (), _("x")),)}, "makes a move the path does not have"),
        ({"without": ("feed_back",)}, "no move leads from H to F"),
    ],
)
def test_a_loop_that_says_something_impossible_is_refused(said: dict[str, object], sentence: str) -> None:
    with pytest.raises(BadLoop, match=sentence):
        loop(**{"path": WHOLE, **said})  # type: ignore[arg-type]


def test_a_short_path_is_a_loop_too() -> None:
    crisis = loop(Path(R, H, F, V, C))
    assert crisis.states == (R, H, F, V, C, Z)
    assert "accept" not in crisis.every_move
    assert "reopen" not in crisis.every_move, "there is no desk to assign it to again"


def test_moves_that_are_not_listed_come_with_the_alphabets_defaults() -> None:
    assert set(GRID.every_move) == set(move_names()) - {"auto_recheck"}
    assert GRID.move("reject").danger
    assert GRID.move("feed_back").evidence == 1
    assert GRID.move("accept").title == "Accept"


def test_what_a_loop_says_wins_over_the_default() -> None:
    mediation = loop(
        moves=(Move("feed_back", asks=Conclude, title=_("Conclude"), evidence=0), Move("sign", danger=True)),
        titles={H: _("In mediation")},
        confidentiality=C3,
        sla=S5,
        without=("settle_on_spot",),
    )
    conclude = mediation.move("feed_back")
    assert (conclude.asks, conclude.title, conclude.evidence) == (Conclude, "Conclude", 0)
    assert mediation.title_of(H) == "In mediation"
    assert mediation.title_of(F) == State.FED_BACK.title
    with pytest.raises(UnknownMove):
        mediation.move("settle_on_spot")


def test_verifiers_are_kept_apart_without_being_told_and_one_pair_needs_no_brackets() -> None:
    assert GRID.move("verify_pass").apart == (("feed_back", ORGANISATION_IF_ANY), ("settle_on_spot", PERSON))
    strict = loop(moves=[Move("verify_pass", apart_from=("feed_back", ORGANISATION))])
    assert strict.move("verify_pass").apart == (("feed_back", ORGANISATION),)


def test_a_loop_of_devices_gets_the_recheck_and_others_do_not() -> None:
    assert DEVICES.chain("recheck") is not None
    assert GRID.chain("recheck") is None
    assert [chain.name for chain in ANSWERS.chains_from(A)] == ["answer"]
    assert ANSWERS.chains_from(T) == ()


def test_moves_from_a_state_are_those_of_the_alphabet() -> None:
    assert [move.name for move in GRID.moves_from(None)] == ["report"]
    assert {move.name for move in GRID.moves_from(D)} == {
        "sign",
        "object",
        "upgrade",
        "transfer",
        "supervise",
        "withdraw",
        "note",
        "contact",
    }
    assert GRID.moves_from(Z) == ()


def test_the_digest_is_stable_and_changes_with_the_process() -> None:
    assert loop().digest() == loop().digest()
    assert len(loop().digest()) == 64
    digests = {
        one.digest()
        for one in (
            loop(),
            loop(version=2),
            loop(moves=(Move("feed_back", asks=Conclude),)),
            loop(confidentiality=C3),
            loop(titles={H: _("In mediation")}),
            loop(without=("supervise",)),
            loop(Path(R, A, T, D, S, H, F, V, C)),
        )
    }
    assert len(digests) == 7


def test_a_loop_can_be_put_into_a_set_and_cannot_be_changed() -> None:
    assert len({GRID, replace(GRID)}) == 1
    with pytest.raises(AttributeError):
        GRID.sla = "S1"  # type: ignore[misc]
    assert S in GRID.states
