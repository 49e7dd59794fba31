"""Counting what became of the rows of a file, and how long answers took in working days."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from statistics import quantiles

from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError, Invalid
from fengqiao.cases import bulk
from fengqiao.cases.bulk import Journey
from fengqiao.loop.deadlines import ClockState, Span, Unit
from fengqiao.people import queries as people

LIMITS = (5, 10, 15)


@dataclass(slots=True)
class Tally:
    """What became of the rows."""

    rows: int = 0
    opened: int = 0
    events: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    days: list[float] = field(default_factory=list)
    met: dict[int, int] = field(default_factory=lambda: dict.fromkeys(LIMITS, 0))

    @property
    def replied(self) -> int:
        """How many were answered."""
        return len(self.days)

    @property
    def median(self) -> float:
        """Working days by which half of the answers had come."""
        return quantiles(self.days, n=2)[0] if len(self.days) > 1 else sum(self.days)

    @property
    def ninth(self) -> float:
        """Working days by which nine of ten answers had come."""
        return quantiles(self.days, n=10)[-1] if len(self.days) > 1 else sum(self.days)

    def refuse(self, row: int, error: FengqiaoError) -> None:
        """Note why a row did not come in."""
        reasons = [f"{name}: {sentence}" for name, sentence in error.fields.items()] if isinstance(error, Invalid) else []
        self.refused.append((row, "; ".join(reasons) or str(error)))

    def answered(self, asked: datetime, replied: datetime) -> None:
        """Note how long an answer took."""
        calendar = people.calendar()
        self.days.append(calendar.working_seconds(asked, replied) / calendar.day_seconds)
        for days in LIMITS:
            clock = ClockState.of("answer", Span(days, Unit.WORKING_DAY), calendar).started(asked)
            due = clock.due_at(calendar)
            self.met[days] += due is not None and replied <= due


def carry(act: Act, journeys: Iterable[tuple[int, Journey]], tally: Tally) -> None:
    """Bring all journeys in; what is refused is noted under the number of its row."""
    row_of: dict[str, int] = {}

    def noted() -> Iterator[Journey]:
        for row, journey in journeys:
            row_of[journey.act.key] = row
            yield journey

    for carried in bulk.carry_all(act, noted()):
        tally.opened += carried.opened
        tally.events += carried.events
        tally.known += carried.known
        for journey, error in carried.refused:
            tally.refuse(row_of[journey.act.key], error)
