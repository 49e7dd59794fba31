"""When something is due: clocks with a budget that can be stopped and go on, and the ladder they climb.

Stopping and going on is all there is to a pause. Three calendars measure a clock: `working` counts office hours of
working days, `natural` counts day and night, `legal` counts days by the rule of procedure (the first day is not
counted, the last one ends at midnight, and is never a day off).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from fengqiao.loop.alphabet import WINDOW_CLOCKS
from fengqiao.loop.calendars import (
    DAY,
    EPOCH,
    OFFICE_HOURS,
    SECOND,
    SHANGHAI,
    Calendar,
    Measure,
    Span,
    Unit,
    legal_end,
    measure,
)
from fengqiao.loop.limits import SEED_EXTENSIONS, SEED_LIMITS

__all__ = [
    "LADDER",
    "OFFICE_HOURS",
    "SEED_EXTENSIONS",
    "SEED_LIMITS",
    "SHANGHAI",
    "Calendar",
    "ClockState",
    "Colour",
    "Measure",
    "Rung",
    "Span",
    "Unit",
    "legal_end",
    "measure",
]

Colour = Literal["none", "on_time", "amber", "yellow", "red", "upgraded", "paused"]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: what happens when so much of a limit is used."""

    number: int
    name: str
    part: float


# Red comes at one and a half times the limit, or one working day after it, whichever is earlier.
LADDER = (Rung(1, "reminder", 0.75), Rung(2, "yellow", 1.0), Rung(3, "red", 1.5), Rung(4, "upgrade", 2.0))
REMINDER, YELLOW, RED, UPGRADE = LADDER
_COLOURS: tuple[Colour, ...] = ("on_time", "amber", "yellow", "red", "upgraded")


@dataclass(frozen=True, slots=True)
class ClockState:
    """One clock of one case: how much it may take, how much it took, and since when it runs."""

    name: str
    calendar: Measure
    budget: float
    consumed: float = 0
    running_since: datetime | None = None
    rung: int = 0
    ended: bool = False

    @classmethod
    def of(cls, name: str, span: Span, calendar: Calendar, *, public_danger: bool = False) -> "ClockState":
        """Return a clock that has not begun to run."""
        return cls(name, measure(span.unit, public_danger), span.seconds(calendar))

    # --- what happens to it -----------------------------------------------------------------------------------------

    def started(self, at: datetime) -> "ClockState":
        """Return the clock running from here on; what it used before still counts."""
        return self if self.running_since else replace(self, running_since=at, ended=False)

    def frozen(self, at: datetime, calendar: Calendar) -> "ClockState":
        """Return the clock held, to go on later."""
        return replace(self, consumed=self.elapsed(at, calendar), running_since=None)

    def stopped(self, at: datetime, calendar: Calendar) -> "ClockState":
        """Return the clock ended; only rework makes it go on."""
        return replace(self.frozen(at, calendar), ended=True)

    def extended(self, span: Span, at: datetime, calendar: Calendar) -> "ClockState":
        """Return the clock with a longer limit; steps of the ladder that lie ahead again are taken back."""
        longer = replace(self, budget=self.budget + span.seconds(calendar))
        return replace(longer, rung=min(self.rung, longer.rung_at(at, calendar)))

    def climbed(self) -> "ClockState":
        """Return the clock one step up the ladder."""
        return replace(self, rung=self.rung + 1)

    # --- what it says -----------------------------------------------------------------------------------------------

    def elapsed(self, at: datetime, calendar: Calendar) -> float:
        """Return the seconds used up to a moment, counted by the clock's calendar."""
        since = self.running_since
        if since is None or at <= since:
            return self.consumed
        match self.calendar:
            case "working":
                passed = calendar.working_seconds(since, at)
            case "natural":
                passed = (at - since) / timedelta(seconds=1)
            case "legal":
                passed = (_wall(at, calendar) - _wall(since, calendar)) / timedelta(seconds=1)
        return self.consumed + passed

    def due_at(self, calendar: Calendar) -> datetime | None:
        """Return when the limit is reached, or nothing while the clock does not run."""
        return self._at(self.budget, calendar)

    def _at(self, used: float, calendar: Calendar) -> datetime | None:
        since = self.running_since
        if since is None:
            return None
        left = used - self.consumed
        if self.calendar == "working":
            return calendar.add_working(since, left)
        if self.calendar == "natural":
            return since + timedelta(microseconds=round(left * SECOND))
        return legal_end(since, left / DAY, calendar)

    def used(self, at: datetime, calendar: Calendar) -> float:
        """Return the used part of the limit: 1 at the moment it is due, more afterwards."""
        whole = self._whole(calendar)
        return self.elapsed(at, calendar) / whole if whole > 0 else 1.0

    def _whole(self, calendar: Calendar) -> float:
        # A legal period is as long as the way to its last midnight, which the budget alone does not tell.
        due = self.due_at(calendar) if self.calendar == "legal" else None
        return self.elapsed(due, calendar) if due else self.budget

    def reaches(self, rung: Rung, calendar: Calendar) -> datetime | None:
        """Return when a step of the ladder is reached, or nothing while the clock does not run."""
        since, due = self.running_since, self.due_at(calendar)
        if since is None or due is None or rung is YELLOW:
            return due
        used = rung.part * self._whole(calendar)
        if self.calendar == "legal":
            wall = _wall(since, calendar) + timedelta(microseconds=round((used - self.consumed) * SECOND))
            moment = wall.replace(tzinfo=calendar.zone).astimezone(UTC)
        else:
            moment = self._at(used, calendar) or due
        return min(moment, calendar.add_working(due, calendar.day_seconds)) if rung is RED else moment

    def next_rung_at(self, calendar: Calendar) -> datetime | None:
        """Return when the next step of the ladder is to be taken; a window only ends."""
        if self.name in WINDOW_CLOCKS:
            return self.due_at(calendar) if self.rung == 0 else None
        return self.reaches(LADDER[self.rung], calendar) if self.rung < len(LADDER) else None

    def rung_at(self, at: datetime, calendar: Calendar) -> int:
        """Return the highest step reached by a moment."""
        if self.running_since is None:
            return self._rung_used(calendar)
        reached = 0
        for rung in LADDER:
            moment = self.reaches(rung, calendar)
            if moment is None or moment > at:
                break
            reached = rung.number
        return reached

    def _rung_used(self, calendar: Calendar) -> int:
        used = self.used(EPOCH, calendar)
        late = self.consumed - self.budget >= (calendar.day_seconds if self.calendar == "working" else DAY)
        return max((rung.number for rung in LADDER if used >= rung.part or (rung is RED and late)), default=0)

    def colour(self, at: datetime, calendar: Calendar) -> Colour:
        """Return the colour of the clock: how near it is to its limit, or that it stands still."""
        if self.name in WINDOW_CLOCKS:
            return "none"
        if self.running_since is None and not self.ended:
            return "paused"
        return _COLOURS[self.rung_at(at, calendar)]


def _wall(moment: datetime, calendar: Calendar) -> datetime:
    # Legal days are days on the wall: where clocks are put forward or back, a day is still a day.
    return moment.astimezone(calendar.zone).replace(tzinfo=None)
