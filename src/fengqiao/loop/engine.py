"""The engine: may this move be made now, and what follows? A pure function of the loop, the case and the question.

Who may make a move at all is the policy's business; the engine guards what no permission can give.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from fengqiao.base.errors import Conflict, FengqiaoError
from fengqiao.base.words import _
from fengqiao.loop.alphabet import ENDINGS, F, H, P, R, State
from fengqiao.loop.definition import Loop, Move, UnknownMove
from fengqiao.loop.guards import GUARDS, apart
from fengqiao.loop.guards.ending import NOT_KNOWN
from fengqiao.loop.guards.table import as_moment
from fengqiao.loop.standing import (
    ALL_CLOCKS,
    MACHINE,
    Attempt,
    ClockOrder,
    Doer,
    Standing,
    Step,
)
from fengqiao.loop.terms import S0, Confidentiality, Level, Sla, level_above

__all__ = ["MACHINE", "ClockOrder", "Doer", "NotNow", "Possible", "Standing", "Step", "chain", "decide", "possible"]

_NOTHING: Mapping[str, object] = MappingProxyType({})


class NotNow(Conflict):
    message = _("“{move}” is not possible while the case is “{state}”.")


def decide(loop: Loop, standing: Standing, move: str, *, by: Doer, at: datetime, asked: Mapping[str, object] = _NOTHING) -> Step:
    """Return the step this move makes, or raise the reason why it cannot be made."""
    attempt = Attempt(loop, standing, loop.move(move), by, at, asked)
    if why_not := _first_objection(attempt, form=True):
        raise why_not
    transition = attempt.move.transition
    target = transition.target or standing.state
    assert target is not None  # a move without target needs a source, and that was checked
    return Step(move, transition.id, standing.state, target, _changes(attempt, target), _orders(attempt, target), by)


def _first_objection(attempt: Attempt, *, form: bool) -> FengqiaoError | None:
    state, sources = attempt.standing.state, attempt.move.transition.sources
    if state not in sources and (state is not None or sources):
        at_all = attempt.loop.title_of(state) if state else _("not yet reported")
        return NotNow(move=attempt.move.title, state=at_all)
    if why_not := apart(attempt):
        return why_not
    for name in attempt.move.guards:
        guard = GUARDS[name]
        if (form or not guard.form) and (why_not := guard.check(attempt)):
            return why_not
    return None


@dataclass(frozen=True, slots=True)
class Possible:
    """A move that leads on from here; `why_not` says what stands against it, as far as is known before the form."""

    move: Move
    why_not: FengqiaoError | None


def possible(loop: Loop, standing: Standing, by: Doer, at: datetime) -> tuple[Possible, ...]:
    """Return every move that leads on from where the case stands, each with what stands against it."""
    return tuple(
        Possible(move, _first_objection(Attempt(loop, standing, move, by, at), form=False)) for move in loop.moves_from(standing.state)
    )


def chain(loop: Loop, standing: Standing, name: str, *, by: Doer, at: datetime, asked: Mapping[str, object] = _NOTHING) -> tuple[Step, ...]:
    """Return the steps of a declared chain; all of them can be made, or the first reason why not is raised."""
    declared = loop.chain(name)
    if declared is None:
        raise UnknownMove(move=name)
    if declared.sources and standing.state not in declared.sources:
        at_all = loop.title_of(standing.state) if standing.state else _("not yet reported")
        raise NotNow(move=declared.title, state=at_all)
    steps = []
    for move in declared.moves:
        hand = replace(MACHINE, person=f"machine:{loop.key}") if move in declared.by_machine else by
        step = decide(loop, standing, move, by=hand, at=at, asked=asked)
        steps.append(step)
        standing = standing.after(step)
    return tuple(steps)


# --- what changes on the case -------------------------------------------------------------------------------------

Effect = Callable[[Attempt], Mapping[str, object]]


def _terms(a: Attempt) -> Mapping[str, object]:
    read: dict[str, Callable[[object], object]] = {
        "sla": lambda value: Sla(str(value)),
        "level": lambda value: Level(str(value)),
        "category": str,
        "confidentiality": lambda value: Confidentiality(int(str(value))),
        "public_danger": bool,
    }
    return {name: make(a.asked[name]) for name, make in read.items() if a.asked.get(name) is not None}


def _hands(a: Attempt) -> Mapping[str, object]:
    lead = str(a.asked.get("lead") or a.standing.lead)
    named = a.asked.get("assisting")
    assisting = named if isinstance(named, list | tuple | set | frozenset) else a.standing.assisting
    return {"lead": lead, "assisting": frozenset(map(str, assisting)) - {lead}}


def _nobody(_attempt: Attempt) -> Mapping[str, object]:
    return {"lead": "", "assisting": frozenset()}


EFFECTS: Mapping[str, Effect] = MappingProxyType(
    {
        "triage": _terms,
        "assign": _hands,
        "object": lambda a: {**_nobody(a), "objections": a.standing.objections + 1},
        "extend": lambda a: {"extensions": a.standing.extensions + 1},
        "pause": lambda a: {"resume_on": as_moment(a.asked.get("resume_on"), a)},
        "resume": lambda _a: {"resume_on": None},
        "verify_fail": lambda a: {"reworks": a.standing.reworks + 1},
        "rate": lambda a: {"rating": a.asked["rating"]},
        "reopen": lambda a: {"reopens": a.standing.reopens + 1, "rating": None, "closed_at": None},
        "upgrade": lambda a: {**_nobody(a), "level": level_above(a.standing.level)},
        "emergency": lambda a: {**_terms(a), **_hands(a), "sla": S0},
        "fill_in": lambda a: {**_terms(a), **_hands(a)},
    }
)


def _changes(attempt: Attempt, target: State) -> Mapping[str, object]:
    effect = EFFECTS.get(attempt.move.name)
    changes = dict(effect(attempt)) if effect else {}
    if target in ENDINGS and attempt.standing.state is not target:
        changes["closed_at"] = attempt.at
    return MappingProxyType(changes)


# --- what the clocks do -------------------------------------------------------------------------------------------

_CLOCKS_OF_FACTS: Mapping[str, tuple[ClockOrder, ...]] = MappingProxyType(
    {
        "extend": (ClockOrder("extend", "handle"),),
        "arrive": (ClockOrder("stop", "arrive"),),
        "fill_in": (ClockOrder("stop", "fill_in"),),
        "outcome": (ClockOrder("stop", "follow_up"),),
    }
)


def _orders_of_fact(attempt: Attempt) -> tuple[ClockOrder, ...]:
    if attempt.move.name == "outcome" and attempt.asked.get("kind") == NOT_KNOWN:
        return (ClockOrder("start", "follow_up"),)
    return _CLOCKS_OF_FACTS.get(attempt.move.name, ())


def _orders(attempt: Attempt, target: State) -> tuple[ClockOrder, ...]:
    """Derive the orders from the two states: what ran in the one ends, what runs in the other begins."""
    move, source = attempt.move.name, attempt.standing.state
    if source is target and move != "upgrade":
        return _orders_of_fact(attempt)
    if target is P:
        return (ClockOrder("freeze", ALL_CLOCKS),)
    if move == "resume":
        return (ClockOrder("resume", ALL_CLOCKS),)
    if source is F and target is H:
        # Rework goes on where the handler stopped: a bad result does not earn a new limit.
        return (ClockOrder("stop", "verify"), ClockOrder("resume", "handle"))
    ended: tuple[ClockOrder, ...] = ()
    if target in ENDINGS or source in ENDINGS:
        ended = (ClockOrder("stop", ALL_CLOCKS),)
    elif (source and source.clock and source.clock != target.clock) or move == "upgrade":
        ended = (ClockOrder("stop", source.clock if source else ""),)
        if source is H:
            ended += (ClockOrder("stop", "arrive"),)
    begun: tuple[ClockOrder, ...] = ()
    if target.clock and (ended or source is None):
        begun = (ClockOrder("start", target.clock),)
    if source is R and target is H:
        begun += (ClockOrder("start", "arrive"), ClockOrder("start", "fill_in"))
    return ended + begun
