"""The reference page of the loop, written from the data: `python -m fengqiao.loop.reference > docs/reference/loop.md`."""

import sys
from collections.abc import Iterable

from fengqiao.base.errors import FengqiaoError
from fengqiao.base.words import _
from fengqiao.loop import engine, guards
from fengqiao.loop.alphabet import CLOCK_TITLES, FACTS, TRANSITIONS, A, C, D, F, H, M, O, P, R, S, State, T, Transition, V, W, X
from fengqiao.loop.calendars import Span
from fengqiao.loop.deadlines import LADDER, SEED_LIMITS
from fengqiao.loop.definition import Loop, Path
from fengqiao.loop.drawing import mermaid
from fengqiao.loop.labels import LABELS
from fengqiao.loop.terms import SLA_TITLES, Sla

WHOLE = Loop("whole", _("The whole alphabet"), Path(R, A, T, D, S, H, F, V, C).may(X, M, O, W, P))

OPENING = """\
# The loop

Written from the data by `python -m fengqiao.loop.reference`; a test compares. Do not edit by hand.

Every kind of case is a path through these states. A module picks its path, says what each move asks and who verifies the
result; it never adds a state. What may be asked for beside the state (extension, pause, assistance, supervision, whistle,
a third objection) is a side request and stops no clock.
"""


def document() -> str:
    """Return the whole page."""
    parts = [
        OPENING,
        "## Picture\n\n```mermaid\n" + mermaid(WHOLE) + "```\n",
        _section("States", ("letter", "state", "title", "clock that runs"), _states()),
        _section("Transitions", ("id", "move", "from", "to", "hand", "refused unless"), map(_transition, TRANSITIONS)),
        "`from` is empty where the case does not exist yet; `to` is empty where the state stays. Guards in *italics* need"
        " the filled-in form.\n",
        _section("Facts", ("id", "fact", "from", "to", "hand", "refused unless"), map(_transition, FACTS.values())),
        _section("Refusals", ("name", "kind", "sentence"), _refusals()),
        _section("Clocks", ("clock", "title", *Sla), _limits()),
        "The limits are seeds; the centre's own rows count. Where the public is in danger, working hours run through the"
        " night. Classes: " + "; ".join(f"{sla} {title.lower()}" for sla, title in SLA_TITLES.items()) + ".\n",
        _section("Ladder", ("step", "name", "used part of the limit"), _ladder()),
        "Red comes at its part or one working day after the limit, whichever is earlier. Windows (rating, appeal,"
        " retention) only end; nobody is late.\n",
        _section("Labels of a live city platform", ("code there", "label"), ((str(x.code), x.title) for x in LABELS)),
        "None of them is a state here: each follows from the state, the side requests, the counts and who is looking.\n",
    ]
    return "\n".join(parts)


def _section(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [_row(head), _row("---" for _cell in head), *map(_row, rows)]
    return f"## {title}\n\n" + "\n".join(lines) + "\n"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _states() -> Iterable[tuple[str, ...]]:
    return ((str(state), f"`{state.identifier}`", state.title, state.clock) for state in State)


def _transition(transition: Transition) -> tuple[str, ...]:
    sources = " ".join(state for state in State if state in transition.sources)
    checks = [f"*{name}*" if guards.GUARDS[name].form else name for name in transition.guards]
    hands = ", ".join(transition.hands)
    return transition.id, f"`{transition.move}`", sources, str(transition.target or ""), hands, ", ".join(checks)


def _refusals() -> Iterable[tuple[str, ...]]:
    rooms = (engine, *(vars(guards)[name] for name in ("intake", "assigning", "handling", "verifying", "ending")), guards.table)
    for room in rooms:
        for name, thing in vars(room).items():
            if isinstance(thing, type) and issubclass(thing, FengqiaoError) and thing.__module__ == room.__name__:
                yield f"`{name}`", thing.kind, thing.message


def _limits() -> Iterable[tuple[str, ...]]:
    for clock, title in CLOCK_TITLES.items():
        spans = (SEED_LIMITS.get((sla, clock)) for sla in Sla)
        yield f"`{clock}`", title, *(_say(span) for span in spans)


def _say(span: Span | None) -> str:
    return span.say() if span else ""


def _ladder() -> Iterable[tuple[str, ...]]:
    return ((str(rung.number), rung.name, f"{rung.part:.0%}") for rung in LADDER)


if __name__ == "__main__":
    sys.stdout.write(document())
