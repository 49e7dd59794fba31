"""Working time: which days and hours count, how a limit is written, and where a legal period ends. Exact and pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from fengqiao.base.words import Translate, Words, _

Measure = Literal["natural", "working", "legal"]

SECOND = 1_000_000
DAY = 86_400
SHANGHAI = ZoneInfo("Asia/Shanghai")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
OFFICE_HOURS = ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))


def _ticks(moment: datetime) -> int:
    return (moment - EPOCH) // _MICROSECOND


def _moment(ticks: int) -> datetime:
    return EPOCH + timedelta(microseconds=ticks)


@dataclass(frozen=True, slots=True)
class _Year:
    """The office hours of one year as sorted ticks, and the working ticks that lie before each."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int

    def position(self, ticks: int) -> int:
        """Return how much working time of the year lies before a moment."""
        i = bisect_right(self.starts, ticks) - 1
        return 0 if i < 0 else self.before[i] + min(ticks, self.ends[i]) - self.starts[i]

    def moment(self, position: int) -> int:
        """Return the first moment by which so much working time has passed; position lies in (0, total]."""
        i = bisect_left(self.before, position) - 1
        return self.starts[i] + position - self.before[i]


@dataclass(frozen=True)
class Calendar:
    """Which days are worked on, at which hours, in which zone. Days not named follow the week."""

    zone: tzinfo = SHANGHAI
    windows: tuple[tuple[time, time], ...] = OFFICE_HOURS
    days: Mapping[date, bool] = field(default_factory=dict)
    _years: dict[int, _Year] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        edges = [edge for window in self.windows for edge in window]
        if not edges or any(early >= late for early, late in pairwise(edges)):
            raise ValueError("Office hours must be in order, apart from each other and not empty.")

    __hash__ = object.__hash__

    def is_working(self, day: date) -> bool:
        """Tell whether a day is worked on: as named (holiday, make-up day), else Monday to Friday."""
        named = self.days.get(day)
        return day.weekday() < 5 if named is None else named

    def next_working(self, day: date) -> date:
        """Return the day itself if it is worked on, else the first one after it that is."""
        for _attempt in range(400):
            if self.is_working(day):
                return day
            day += timedelta(days=1)
        raise ValueError("No working day within a year: the calendar is empty.")

    @property
    def day_seconds(self) -> int:
        """How long a working day is."""
        return sum(_seconds(late) - _seconds(early) for early, late in self.windows)

    def working_seconds(self, start: datetime, end: datetime) -> float:
        """Return the working time between two moments; negative when they are the other way round."""
        if end < start:
            return -self.working_seconds(end, start)
        first, last = self._year_of(start), self._year_of(end)
        ticks = self._year(last).position(_ticks(end)) - self._year(first).position(_ticks(start))
        ticks += sum(self._year(year).total for year in range(first, last))
        return ticks / SECOND

    def add_working(self, start: datetime, seconds: float) -> datetime:
        """Return the first moment by which so much working time has passed since start (or will, going backwards)."""
        year = self._year_of(start)
        position = self._year(year).position(_ticks(start)) + round(seconds * SECOND)
        for _attempt in range(1000):
            block = self._year(year)
            if position <= 0:
                year -= 1
                position += self._year(year).total
            elif position > block.total:
                position -= block.total
                year += 1
            else:
                return _moment(block.moment(position))
        raise ValueError("The limit lies out of reach of the calendar.")

    def _year_of(self, moment: datetime) -> int:
        return moment.astimezone(self.zone).year

    def _year(self, year: int) -> _Year:
        if (block := self._years.get(year)) is None:
            block = self._years[year] = self._build(year)
        return block

    def _build(self, year: int) -> _Year:
        first = date(year, 1, 1)
        length = (date(year, 12, 31) - first).days + 1
        worked = filter(self.is_working, (first + timedelta(days=n) for n in range(length)))
        spans = [
            (_ticks(datetime.combine(day, early, self.zone)), _ticks(datetime.combine(day, late, self.zone)))
            for day in worked
            for early, late in self.windows
        ]
        *before, total = accumulate((late - early for early, late in spans), initial=0)
        return _Year([early for early, _late in spans], [late for _early, late in spans], before, total)


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second


class Unit(StrEnum):
    """The units in which limits are written."""

    MINUTE = "minute"
    WORKING_MINUTE = "working_minute"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"
    NATURAL_DAY = "natural_day"


_SAID: Mapping[Unit, tuple[Words, Words]] = MappingProxyType(
    {
        Unit.MINUTE: (_("{amount} minute"), _("{amount} minutes")),
        Unit.WORKING_MINUTE: (_("{amount} working minute"), _("{amount} working minutes")),
        Unit.WORKING_HOUR: (_("{amount} working hour"), _("{amount} working hours")),
        Unit.WORKING_DAY: (_("{amount} working day"), _("{amount} working days")),
        Unit.NATURAL_DAY: (_("{amount} day"), _("{amount} days")),
    }
)


def measure(unit: Unit, public_danger: bool = False) -> Measure:
    """Return which calendar counts a unit; where the public is in danger, hours run through the night."""
    if unit is Unit.NATURAL_DAY:
        return "legal"
    through_the_night = public_danger and unit in (Unit.WORKING_MINUTE, Unit.WORKING_HOUR)
    return "natural" if unit is Unit.MINUTE or through_the_night else "working"


@dataclass(frozen=True, slots=True)
class Span:
    """A limit as it is written: so many of a unit."""

    amount: int
    unit: Unit

    def seconds(self, calendar: Calendar) -> int:
        """Return how long the limit is, counted by its own calendar."""
        match self.unit:
            case Unit.MINUTE | Unit.WORKING_MINUTE:
                return self.amount * 60
            case Unit.WORKING_HOUR:
                return self.amount * 3600
            case Unit.WORKING_DAY:
                return self.amount * calendar.day_seconds
            case Unit.NATURAL_DAY:
                return self.amount * DAY

    @property
    def text(self) -> tuple[Words, Mapping[str, object]]:
        """The sentence of the limit and what fills its hole."""
        return _SAID[self.unit][self.amount != 1], {"amount": self.amount}

    def say(self, translate: Translate = str) -> str:
        """Say the limit in the translator's language."""
        words, facts = self.text
        return words.say(translate, facts)

    @classmethod
    def of(cls, seconds: float, calendar_name: str, calendar: Calendar) -> "Span":
        """Return the limit of so many seconds in its largest whole unit."""
        whole = round(seconds)
        if calendar_name == "legal":
            return cls(round(whole / DAY), Unit.NATURAL_DAY)
        if calendar_name == "natural":
            return cls(round(whole / 60), Unit.MINUTE)
        for length, unit in ((calendar.day_seconds, Unit.WORKING_DAY), (3600, Unit.WORKING_HOUR)):
            if whole and whole % length == 0:
                return cls(whole // length, unit)
        return cls(round(whole / 60), Unit.WORKING_MINUTE)


def legal_end(start: datetime, days: float, calendar: Calendar) -> datetime:
    """Return when a legal period ends: day one is tomorrow, the last one ends at 24:00 and is no day off."""
    local = start.astimezone(calendar.zone).replace(tzinfo=None) + timedelta(microseconds=round(days * DAY * SECOND))
    last = calendar.next_working(local.date())
    return datetime.combine(last + timedelta(days=1), time(), calendar.zone).astimezone(UTC)
