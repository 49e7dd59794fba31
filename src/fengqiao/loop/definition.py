"""How a kind of case is written down: a path through the alphabet, what each move asks, and who checks the result.

A loop is data. It checks itself when it is made, so a wrong one never gets as far as a case.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from fengqiao.base.errors import NotFound
from fengqiao.base.words import Words, _
from fengqiao.loop.alphabet import ENDINGS, EVERY_MOVE, FACTS, MOVES, C, Hand, R, State, Transition, V, Z
from fengqiao.loop.terms import C1

# How far two doers must be apart: two persons; two known organisations; two organisations where both have one.
PERSON, ORGANISATION, ORGANISATION_IF_ANY = "person", "organisation", "organisation_if_any"

Apart = tuple[tuple[str, str], ...]
_APART_BY_DEFAULT: Mapping[str, Apart] = {
    "verify_pass": (("feed_back", ORGANISATION_IF_ANY), ("settle_on_spot", PERSON)),
    "verify_fail": (("feed_back", ORGANISATION_IF_ANY), ("settle_on_spot", PERSON)),
    "auto_recheck": (("feed_back", PERSON), ("settle_on_spot", PERSON)),
}


class BadLoop(ValueError):
    """A loop that cannot work, said in one sentence to whoever wrote it."""


class UnknownMove(NotFound):
    message = _("A case of this kind knows no move “{move}”.")


@dataclass(frozen=True)
class Path:
    """The states a kind of case goes through, in order, and those it may visit."""

    states: tuple[State, ...]
    optional: tuple[State, ...] = ()

    def __init__(self, *states: State, optional: Iterable[State] = ()) -> None:
        object.__setattr__(self, "states", states)
        object.__setattr__(self, "optional", tuple(optional))

    def may(self, *states: State) -> "Path":
        """Return the same path that may also visit these states."""
        return Path(*self.states, optional=(*self.optional, *states))

    def __iter__(self) -> Iterator[State]:
        return iter((*self.states, *self.optional))

    @property
    def all(self) -> frozenset[State]:
        """Every state of the path; archived is always one, for nothing stays open for ever."""
        return frozenset((*self.states, *self.optional, Z))


@dataclass(frozen=True)
class Move:
    """What a loop says about one move; what it leaves out is filled in from the alphabet."""

    name: str
    asks: type | None = None
    apart_from: Apart | tuple[str, str] = ()
    hand: Hand | None = None
    title: Words | None = None
    danger: bool | None = None
    guards: tuple[str, ...] = ()
    evidence: int | None = None

    @property
    def transition(self) -> Transition:
        """The transition of the alphabet that this move makes."""
        return EVERY_MOVE[self.name]

    @property
    def is_fact(self) -> bool:
        """Whether it only notes something."""
        return self.name in FACTS

    @property
    def hands(self) -> tuple[Hand, ...]:
        """Whose hand it may be: the loop's word, or the alphabet's."""
        if self.hand is None or self.hand == self.transition.hand:
            return self.transition.hands
        return (self.hand,)

    @property
    def apart(self) -> Apart:
        """The earlier moves whose doers must keep their hands off this one, and how far apart they must be."""
        said = self.apart_from or _APART_BY_DEFAULT.get(self.name, ())
        # Most loops name a single pair and leave out the outer brackets.
        return (said,) if said and isinstance(said[0], str) else said

    def filled_in(self) -> "Move":
        """Return the move with everything from the alphabet that the loop left open."""
        transition = self.transition
        return replace(
            self,
            apart_from=self.apart,
            hand=self.hand or transition.hand,
            title=self.title or transition.title,
            danger=transition.danger if self.danger is None else self.danger,
            guards=(*transition.guards, *self.guards),
            evidence=transition.evidence if self.evidence is None else self.evidence,
        )


@dataclass(frozen=True)
class Chain:
    """Several moves in one act, for a short path; no state is skipped. `by_machine` moves are the loop's own."""

    name: str
    moves: tuple[str, ...]
    title: Words
    asks: type | None = None
    sources: tuple[State, ...] = ()
    by_machine: tuple[str, ...] = ()
    danger: bool = False


SOMEBODY_ELSE = _("Somebody other than the handler")
RECHECK = Chain("recheck", ("auto_recheck", "close"), _("Recheck by device"), by_machine=("auto_recheck", "close"))


@dataclass(frozen=True)
class Loop:
    """The whole process of one kind of case, in one published version."""

    key: str
    title: Words
    path: Path
    moves: tuple[Move, ...] = ()
    chains: tuple[Chain, ...] = ()
    titles: Mapping[State, Words] = field(default_factory=dict)
    confidentiality: int = C1
    sla: str = "S3"
    version: int = 1
    verified_by: Words = SOMEBODY_ELSE
    category_classes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    recheck_samples: int = 0
    rating_days: int = 7
    reopen_days: int = 30
    appeal_days: int = 30

    def __post_init__(self) -> None:
        object.__setattr__(self, "moves", tuple(self.moves))
        object.__setattr__(self, "titles", MappingProxyType(dict(self.titles)))
        chains = tuple(self.chains)
        if self.recheck_samples and all(chain.name != RECHECK.name for chain in chains):
            chains = (*chains, RECHECK)
        object.__setattr__(self, "chains", chains)
        check(self)

    def __hash__(self) -> int:
        return hash((self.key, self.version))

    @cached_property
    def states(self) -> tuple[State, ...]:
        """The states of the path, in the alphabet's order."""
        return tuple(state for state in State if state in self.path.all)

    @cached_property
    def every_move(self) -> Mapping[str, Move]:
        """All moves the path allows, the listed ones with what the loop says, in the alphabet's order."""
        said = {move.name: move for move in self.moves}
        return MappingProxyType(
            {
                name: said.get(name, Move(name)).filled_in()
                for name in EVERY_MOVE
                if name in said or (name not in self.without and self._is_open(name))
            }
        )

    def _is_open(self, name: str) -> bool:
        transition = EVERY_MOVE[name]
        if name == "auto_recheck" and not self.recheck_samples:
            return False
        lands = transition.target is None or transition.target in self.path.all
        return lands and (not transition.sources or bool(transition.sources & self.path.all))

    def move(self, name: str) -> Move:
        """Return one move, or say that this kind of case does not know it."""
        try:
            return self.every_move[name]
        except KeyError:
            raise UnknownMove(move=name) from None

    def chain(self, name: str) -> Chain | None:
        """Return the chain of that name, if the loop declares one."""
        return next((chain for chain in self.chains if chain.name == name), None)

    def moves_from(self, state: State | None) -> tuple[Move, ...]:
        """Return what can be done with a case in this state; nothing yet means before it exists."""
        return self._by_state.get(state, ())

    @cached_property
    def _by_state(self) -> Mapping[State | None, tuple[Move, ...]]:
        born = tuple(move for move in self.every_move.values() if not move.transition.sources)
        return {None: born} | {
            state: tuple(move for move in self.every_move.values() if state in move.transition.sources) for state in self.states
        }

    def chains_from(self, state: State) -> tuple[Chain, ...]:
        """Return the chains that may begin in this state."""
        return tuple(chain for chain in self.chains if state in chain_sources(chain))

    def title_of(self, state: State) -> Words:
        """Return what this kind of case calls a state."""
        return self.titles.get(state, state.title)

    @cached_property
    def remembered(self) -> frozenset[str]:
        """The moves whose doers must be kept, because a later one asks who they were."""
        others = {other for move in self.every_move.values() for other, _how in move.apart}
        return frozenset(others | {"start", "feed_back", "settle_on_spot", "contact", "arrive", "reopen"})

    def digest(self) -> str:
        """Return a fingerprint of what is published: it changes when the process does."""
        said = {
            "key": self.key,
            "version": self.version,
            "title": self.title,
            "path": [*map(str, self.path)],
            "titles": {state: self.titles[state] for state in self.states if state in self.titles},
            "confidentiality": int(self.confidentiality),
            "sla": str(self.sla),
            "verified_by": self.verified_by,
            "category_classes": self.category_classes,
            "recheck_samples": self.recheck_samples,
            "windows": [self.rating_days, self.reopen_days, self.appeal_days],
            "moves": [_published(move) for move in self.every_move.values()],
            "chains": [
                [chain.name, chain.title, chain.moves, chain.by_machine, _name(chain.asks), sorted(chain_sources(chain))]
                for chain in self.chains
            ],
        }
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _published(move: Move) -> list[object]:
    return [move.name, _name(move.asks), move.apart, move.hands, move.title, move.danger, move.guards, move.evidence]


def _name(asks: type | None) -> str:
    return asks.__name__ if asks else ""


def chain_sources(chain: Chain) -> frozenset[State]:
    """Return where a chain may begin: where it says, or where its first move may."""
    return frozenset(chain.sources) or EVERY_MOVE[chain.moves[0]].sources


def check(loop: Loop) -> None:
    """Refuse a loop that cannot work, with the first thing that is wrong."""
    for sentence in _faults(loop):
        raise BadLoop(f"{loop.key}: {sentence}")


def _faults(loop: Loop) -> Iterable[str]:
    strange = [str(state) for state in loop.path if not isinstance(state, State)]
    if strange:
        yield f"{strange[0]} is no state of the alphabet."
        return
    if not loop.path.states or loop.path.states[0] is not R:
        yield "a path begins with R, for every case is reported first."
    if C not in loop.path.all:
        yield "a path leads to C, for every case is closed."
    if V not in loop.path.states:
        yield "V is missing: nothing is closed before somebody has verified it; declare a chain to make it short."
    names = [move.name for move in loop.moves]
    for name in (*names, *loop.without):
        if name not in EVERY_MOVE:
            yield f"“{name}” is no move of the alphabet."
            return
    if len(set(names)) < len(names):
        yield "a move is listed twice."
    yield from _faults_of_moves(loop)
    yield from _faults_of_path(loop)
    yield from _faults_of_chains(loop)


def _faults_of_moves(loop: Loop) -> Iterable[str]:
    for move in loop.moves:
        transition, name = move.transition, move.name
        if transition.target and transition.target not in loop.path.all:
            yield f"“{name}” leads to {transition.target}, which is not on the path."
        elif transition.sources and not transition.sources & loop.path.all:
            yield f"“{name}” starts in no state of the path."
        if name == "auto_recheck" and not loop.recheck_samples:
            yield "“auto_recheck” needs recheck_samples, the number of normal samples that prove a result."
        for other, how in move.apart:
            if other not in EVERY_MOVE or how not in {PERSON, ORGANISATION, ORGANISATION_IF_ANY}:
                yield f"“{name}” cannot be apart from “{other}” by “{how}”."
    for state in loop.titles:
        if state not in loop.path.all:
            yield f"there is a title for {state}, which is not on the path."


def _edges(loop: Loop) -> set[tuple[State, State]]:
    return {
        (source, move.transition.target)
        for move in loop.every_move.values()
        if move.transition.target
        for source in move.transition.sources & loop.path.all
    }


def _faults_of_path(loop: Loop) -> Iterable[str]:
    edges = _edges(loop)
    for here, there in zip(loop.path.states, loop.path.states[1:], strict=False):
        if (here, there) not in edges:
            yield f"no move leads from {here} to {there}; keep the states between them and declare a chain."
    reached = _closure({R}, edges)
    for state in loop.states:
        if state not in reached:
            yield f"{state} can never be reached."
    home = _closure(set(ENDINGS & loop.path.all), {(there, here) for here, there in edges})
    for state in loop.states:
        if state is not Z and not any(here is state for here, _there in edges):
            yield f"{state} can never be left."
        elif state is not Z and state not in home:
            yield f"from {state} no end can be reached."


def _closure(found: set[State], edges: set[tuple[State, State]]) -> set[State]:
    while more := {there for here, there in edges if here in found} - found:
        found |= more
    return found


def _faults_of_chains(loop: Loop) -> Iterable[str]:
    for chain in loop.chains:
        if chain.name in EVERY_MOVE:
            yield f"the chain “{chain.name}” has the name of a move."
        unknown = [name for name in (*chain.moves, *chain.by_machine) if name not in loop.every_move]
        if unknown or not chain.moves:
            yield f"the chain “{chain.name}” makes a move the path does not have: {', '.join(unknown) or 'none'}."
            continue
        for state in chain_sources(chain) & loop.path.all:
            for name in chain.moves:
                transition = EVERY_MOVE[name]
                if state not in transition.sources:
                    yield f"the chain “{chain.name}” cannot make “{name}” in {state}."
                    break
                state = transition.target or state


def move_names() -> tuple[str, ...]:
    """Return every move of the alphabet, transitions before facts."""
    return (*MOVES, *FACTS)
