"""Many cases at once: imports, and filling a district with life.

What holds for one case holds here: the policy is asked, the engine judges every move, each case has its number, its clocks,
its chain, its outbox rows, its grants and its entry in the search. Only the database is spared: a few hundred cases, each with
its whole way so far, are written by the one statement that writes a single move.
"""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

from fengqiao.access.acting import acting
from fengqiao.base.act import Act
from fengqiao.base.errors import Conflict, FengqiaoError
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.cases import claims, numbers, policies, registry, services, steps
from fengqiao.cases.ledger import Batch, write
from fengqiao.cases.models import Case
from fengqiao.cases.schemas import Asked, Report
from fengqiao.loop import engine
from fengqiao.loop.terms import Level
from fengqiao.people import queries as people

SIZE = 400
ALONE = frozenset({"merge"})
PARTS = tuple(Batch.__dataclass_fields__)


class NotInBulk(Conflict):
    """The move looks at other cases, which a batch that is not written yet cannot."""

    message = _("“{move}” is made one by one, not in bulk.")


@dataclass(frozen=True, slots=True)
class Onward:
    """A move after the report: who makes it, when, and what was asked."""

    act: Act
    move: str
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Journey:
    """A case as it comes in: its report, and the moves it has made since. The key of its act makes it come in once only."""

    act: Act
    kind: str
    asked: Report
    area: str = ""
    level: str = Level.TOWN
    onward: tuple[Onward, ...] = ()


@dataclass(slots=True)
class Carried:
    """What became of many journeys."""

    opened: int = 0
    events: int = 0
    known: int = 0
    refused: list[tuple[Journey, FengqiaoError]] = field(default_factory=list)

    def add(self, other: "Carried") -> None:
        """Take another count in."""
        self.opened, self.events, self.known = self.opened + other.opened, self.events + other.events, self.known + other.known
        self.refused += other.refused


def carry(act: Act, journeys: Sequence[Journey]) -> Carried:
    """Bring some hundred cases in, in one transaction; what is known already or refused does not keep the others out."""
    with acting(act):
        return _written(_built(journeys))


def carry_all(act: Act, journeys: Iterable[Journey], size: int = SIZE) -> Iterator[Carried]:
    """Bring any number of cases in; while one batch is being written, the next is made ready. Yields after every batch."""
    with acting(act):
        pass  # what is remembered of people and posts is of today's edition
    source = iter(journeys)
    with ThreadPoolExecutor(1, thread_name_prefix="bulk") as hand:
        try:
            waiting: Future[Carried] | None = None
            while some := list(islice(source, size)):
                ready = _built(some)
                if waiting is not None:
                    yield waiting.result()
                waiting = hand.submit(_write, act, ready)
            if waiting is not None:
                yield waiting.result()
        finally:
            hand.submit(_leave).result()


# --- making ready: no case is looked up, none is written ---------------------------------------------------------------


@dataclass(slots=True)
class _Ready:
    """Journeys that were judged, each with its rows."""

    made: list[tuple[Journey, UUID, Batch]] = field(default_factory=list)
    refused: list[tuple[Journey, FengqiaoError]] = field(default_factory=list)


def _built(journeys: Sequence[Journey]) -> _Ready:
    ready, collecting = _Ready(), gc.isenabled()
    _stock(journeys)
    gc.disable()  # everything made here lives on until it is written: looking for rubbish finds none and takes a third of the time
    try:
        for journey in journeys:
            try:
                case, batch = _travelled(journey)
            except FengqiaoError as error:
                ready.refused.append((journey, error))
            else:
                ready.made.append((journey, case.id, batch))
    finally:
        if collecting:
            gc.enable()
    return ready


def _stock(journeys: Sequence[Journey]) -> None:
    """Fetch the serial numbers of a town and day at once."""
    zone = people.calendar().zone
    wanted = Counter(((journey.asked.area or journey.area)[:9], journey.act.at.astimezone(zone).date()) for journey in journeys)
    for (town, day), count in wanted.items():
        if town and count > numbers.BLOCK:
            numbers.stock(town, day, count, journeys[0].act.at)


def _travelled(journey: Journey) -> tuple[Case, Batch]:
    act, asked = journey.act, journey.asked
    loop = registry.loop(journey.kind)
    policies.check_report(act.actor, loop)
    batch, clocks = Batch(), {}  # type: ignore[var-annotated]
    case = services.placed(act, loop, asked, journey.area, journey.level, new_id())
    case.matter = case.id
    said, sealed = asked.facts(), case.confidentiality >= policies.SEALED
    step = engine.decide(loop, steps.standing(case), "report", by=steps.doer(act), at=act.at, asked=said)
    steps.apply(act, case, step, said, services.for_the_record(case, said), batch, clocks)
    services.introduce(act, case, asked, batch)
    for onward in journey.onward:
        if onward.move in ALONE:
            raise NotInBulk(move=loop.move(onward.move).title)
        by, standing = steps.doer(onward.act, case), steps.standing(case)
        policies.check_move(onward.act.actor, case, loop, onward.move, standing, by)
        steps.advance(onward.act, case, onward.move, onward.asked.facts() if onward.asked else {}, batch, clocks)
        if not sealed and case.confidentiality >= policies.SEALED:
            # What was said openly before would be erased as it is sealed, but here it is not written yet.
            raise NotInBulk(move=loop.move(onward.move).title)
        case.version += 1
    batch.opened.append(steps.row(case))
    return case, batch


# --- writing ----------------------------------------------------------------------------------------------------------


def _write(act: Act, ready: _Ready) -> Carried:
    with acting(act):
        return _written(ready)


def _leave() -> None:
    connection.close()  # the thread's own


def _written(ready: _Ready) -> Carried:
    """Note the keys, leave out what was brought in before, and write the rest in one statement."""
    fresh = claims.claim_many([(journey.act, case_id, journey.asked) for journey, case_id, _batch in ready.made])
    carried, whole = Carried(refused=ready.refused), Batch()
    for _journey, case_id, batch in ready.made:
        if case_id not in fresh:
            carried.known += 1
            continue
        carried.opened += 1
        carried.events += len(batch.events)
        for part in PARTS:
            rows: list[Any] = getattr(batch, part)
            if rows:
                getattr(whole, part).extend(rows)
    if carried.opened:
        write(whole)
    return carried
