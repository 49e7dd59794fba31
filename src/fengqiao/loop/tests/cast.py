"""The people, organisations and cases that the tests of the loop tell of."""

from datetime import UTC, datetime, timedelta

from fengqiao.base.words import _
from fengqiao.loop.alphabet import A, C, D, F, H, M, O, P, R, S, State, T, V, W, X
from fengqiao.loop.definition import Chain, Loop, Move, Path
from fengqiao.loop.engine import MACHINE, Doer, Standing

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the morning in Shanghai
TOMORROW = NOW + timedelta(days=1)

DISPATCHER = Doer("li", "command-room")
HANDLER = Doer("zhang", "water-station")
COLLEAGUE = Doer("zhao", "water-station")
HELPER = Doer("qian", "power-station")
WORKER = Doer("chen", "village-3")
RESIDENT = Doer("wang")
MACHINE_HAND = MACHINE

WHOLE = Path(R, A, T, D, S, H, F, V, C).may(X, M, O, W, P)
GRID = Loop("grid_report", _("Grid report"), WHOLE)
DEVICES = Loop("device", _("Device alert"), WHOLE, recheck_samples=4)
ANSWERS = Loop(
    "qr_suggest",
    _("Question by code"),
    WHOLE,
    moves=(Move("feed_back", evidence=0),),
    chains=(
        Chain("answer", ("triage", "assign", "sign", "start", "feed_back"), _("Answer")),
        Chain("settle", ("settle_on_spot", "verify_pass", "close"), _("Settle at once"), by_machine=("verify_pass", "close")),
    ),
    verified_by=_("The resident, by opening the answer"),
)


def standing(state: State | None, **facts: object) -> Standing:
    """A case of the water station, reported by Wang."""
    usual: dict[str, object] = {"lead": "water-station", "assisting": frozenset({"power-station"}), "reporter": "wang"}
    if state in (None, R, A, T):
        usual |= {"lead": "", "assisting": frozenset()}
    return Standing(state, **{**usual, **facts})  # type: ignore[arg-type]


def fed_back(**facts: object) -> Standing:
    """The same case after Zhang has reported the result."""
    return standing(F, **{"doers": {"start": (HANDLER,), "feed_back": (HANDLER,)}, **facts})


# A form that satisfies every guard of the form, for tests that look at something else.
EVERYTHING: dict[str, object] = {
    "reason": "appraisal",
    "remedy": "the court",
    "text": "said",
    "category": "0505",
    "lead": "water-station",
    "contact": "phone",
    "result": "resolved",
    "files": ["photo"],
    "resume_on": TOMORROW,
    "follow_up_on": TOMORROW,
    "body": "the court",
    "rating": 2,
    "normal_samples": 4,
    "outcome": "settled",
    "master": "another case",
}
