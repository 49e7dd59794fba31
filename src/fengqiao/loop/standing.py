"""What the engine is told and what it answers: where a case stands, who wants to move it, and the step that follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from typing import Literal

from fengqiao.base.act import Actor
from fengqiao.loop.alphabet import Hand, State
from fengqiao.loop.calendars import SHANGHAI
from fengqiao.loop.definition import Loop, Move
from fengqiao.loop.terms import C1

ALL_CLOCKS = "*"


@dataclass(frozen=True, slots=True)
class Doer:
    """Who makes a move, as far as the loop cares: a person and the organisation they act for."""

    person: str
    org: str = ""
    machine: bool = False

    @classmethod
    def of(cls, actor: Actor) -> "Doer":
        """Return the doer behind an actor; somebody without a name is known by their token."""
        return cls(actor.person or actor.id, actor.org, actor.is_house)


MACHINE = Doer("machine:loop", machine=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything about a case that decides what may happen next. No state means that it does not exist yet."""

    state: State | None = None
    sla: str = "S3"
    confidentiality: int = C1
    level: str = "town"
    objections: int = 0
    reworks: int = 0
    reopens: int = 0
    extensions: int = 0
    spot_ok: bool = False
    physical: bool = False
    channel: str = "desk"
    public_danger: bool = False
    master_conf: int | None = None
    lead: str = ""
    assisting: frozenset[str] = frozenset()
    reporter: str = ""
    doers: Mapping[str, tuple[Doer, ...]] = field(default_factory=dict)
    pending: frozenset[str] = frozenset()
    required_children_open: int = 0
    closed_at: datetime | None = None
    rating: int | None = None
    resume_on: date | datetime | None = None
    complained_of: frozenset[str] = frozenset()
    category: str = ""
    zone: tzinfo = SHANGHAI

    def after(self, step: "Step") -> "Standing":
        """Return how the case stands once a step has been made."""
        doers = {**self.doers, step.move: (*self.doers.get(step.move, ()), step.by)}
        return replace(self, state=step.target, doers=doers, **step.changes)  # type: ignore[arg-type]

    @property
    def handlers(self) -> frozenset[str]:
        """The organisations that handle the case: the lead and those that assist."""
        return self.assisting | {self.lead} - {""}


ClockOp = Literal["start", "stop", "freeze", "resume", "extend"]


@dataclass(frozen=True, slots=True)
class ClockOrder:
    """What a step does to one clock, or with the name `*` to all. An order to a clock that is not there is void.

    `start` begins anew, `stop` ends, `freeze` holds what runs, `resume` lets it go on where it was, `extend` lengthens.
    """

    op: ClockOp
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One move, judged and allowed: what changes on the case and what its clocks do."""

    move: str
    transition_id: str
    source: State | None
    target: State
    changes: Mapping[str, object]
    clocks: tuple[ClockOrder, ...]
    by: Doer


@dataclass(frozen=True, slots=True)
class Attempt:
    """A move somebody wants to make, as the guards see it."""

    loop: Loop
    standing: Standing
    move: Move
    by: Doer
    at: datetime
    asked: Mapping[str, object] = field(default_factory=dict)

    def given(self, name: str) -> bool:
        """Tell whether something was filled in under this name."""
        value = self.asked.get(name)
        return bool(value.strip()) if isinstance(value, str) else value not in (None, (), [], {})


def holds(hand: Hand, standing: Standing, by: Doer, *, in_area: bool) -> bool:
    """Tell whether somebody's hand is the hand a move wants. Where no lead is named yet, the area's hand handles."""
    match hand:
        case Hand.ANYONE:
            return True
        case Hand.MACHINE:
            return by.machine
        case Hand.REPORTER:
            return bool(standing.reporter) and by.person == standing.reporter
        case Hand.LEAD:
            return by.org == standing.lead if standing.lead else in_area
        case Hand.HANDLER:
            return by.org in standing.handlers if standing.lead else in_area
        case Hand.VERIFIER | Hand.AREA:
            return in_area
