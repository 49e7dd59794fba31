"""How much happens when: by hour, weekday, holiday and weather, for every kind of matter (``volumes.csv``).

``rain``, ``heat`` and ``cold`` are by how much more or less on such a day. A kind without a row of its own shares that of its
class. The figures are invented; their shape is what counts.
"""

import csv
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files as resources
from itertools import accumulate
from random import Random

from fengqiao.people import queries as people
from fengqiao.simulation.weather import COLD, HEAVY, HOT, weather

# What part of a day's matters comes in each hour, from midnight on.
HOURS: dict[str, tuple[int, ...]] = {
    "day": (2, 1, 1, 1, 1, 2, 8, 22, 38, 46, 48, 40, 26, 32, 44, 46, 42, 36, 30, 26, 20, 14, 8, 4),
    "morning": (2, 1, 1, 1, 1, 4, 24, 60, 52, 40, 34, 26, 18, 20, 24, 24, 22, 24, 26, 22, 16, 10, 6, 3),
    "commute": (1, 1, 1, 1, 1, 3, 16, 54, 58, 34, 26, 22, 18, 20, 24, 28, 40, 58, 50, 28, 18, 10, 5, 2),
    "office": (0, 0, 0, 0, 0, 0, 3, 10, 34, 60, 62, 48, 22, 34, 56, 58, 50, 26, 16, 14, 12, 8, 3, 1),
    "round": (1, 0, 0, 0, 1, 3, 12, 34, 56, 62, 56, 36, 16, 30, 52, 56, 44, 24, 12, 8, 6, 4, 2, 1),
    "evening": (4, 2, 1, 1, 1, 2, 8, 16, 20, 22, 22, 24, 22, 20, 22, 26, 32, 44, 58, 62, 54, 40, 24, 10),
    "night": (30, 20, 12, 8, 8, 10, 12, 12, 10, 10, 10, 12, 16, 12, 10, 10, 12, 16, 22, 34, 52, 66, 64, 48),
}
WEEK = (1.14, 1.06, 1.02, 1.0, 1.02, 0.84, 0.78)
HOLIDAY, MAKE_UP, AFTER_HOLIDAYS, NO_DAY_OFF = 0.62, 1.04, 1.3, 5


@dataclass(frozen=True, slots=True)
class Volume:
    """At which hours a kind of matter happens, and what the weather does to it."""

    hours: str
    rain: float
    heat: float
    cold: float

    def on(self, seed: int, day: date) -> float:
        """Return by how much more or less happens on a day's weather."""
        sky = weather(seed, day)
        wet = 1 + (self.rain - 1) * min(1.0, sky.rain / HEAVY) if sky.rain else 1.0
        return wet * (self.heat if sky.high >= HOT else 1.0) * (self.cold if sky.high <= COLD else 1.0)


@cache
def _table() -> dict[str, Volume]:
    table = (resources(__package__) / "volumes.csv").read_text(encoding="utf-8")
    return {
        row["class"]: Volume(row["hours"], float(row["rain"]), float(row["heat"]), float(row["cold"]))
        for row in csv.DictReader(table.splitlines())
    }


def volume(category: str) -> Volume:
    """Return how a kind of matter happens: by its own row, else by its class's."""
    return _table().get(category) or _table()[category[:2]]


def weekday(day: date) -> float:
    """Return by how much more or less happens on a day of the week, a holiday, a make-up day, or the first day after a holiday."""
    calendar = people.calendar()
    working = calendar.is_working(day)
    if day.weekday() < NO_DAY_OFF and not working:
        return HOLIDAY
    if day.weekday() >= NO_DAY_OFF and working:
        return MAKE_UP
    if working and not any(calendar.is_working(day - timedelta(days=n)) for n in (1, 2, 3)):
        return AFTER_HOLIDAYS
    return WEEK[day.weekday()]


@dataclass(frozen=True, slots=True)
class Moments:
    """When something happens, within some days and up to a moment."""

    seed: int
    until: datetime
    days: tuple[date, ...]
    _sums: dict[str, list[float]]

    @classmethod
    def of(cls, seed: int, until: datetime, days: int, categories: Sequence[str]) -> "Moments":
        """Weigh every kind on every day."""
        today = until.astimezone(people.zone()).date()
        found = tuple(today - timedelta(days=n) for n in range(days - 1, -1, -1))
        plain = [weekday(day) for day in found]
        sums = {
            kind: list(accumulate(part * volume(kind).on(seed, day) for day, part in zip(found, plain, strict=True))) for kind in categories
        }
        return cls(seed, until, found, sums)

    def before(self, chance: Random, kind: str) -> datetime:
        """Return when a matter of this kind happened; what would lie ahead is drawn again."""
        while (at := self.moment(chance, kind)) > self.until:
            pass
        return at

    def moment(self, chance: Random, kind: str) -> datetime:
        """Return when a matter of this kind happens: its day by weekday and weather, its hour by its habit."""
        sums = self._sums[kind]
        day = self.days[bisect(sums, chance.random() * sums[-1])]
        return at_hour(day, chance.choices(range(24), HOURS[volume(kind).hours])[0], chance)


def at_hour(day: date, hour: int, chance: Random) -> datetime:
    """Return a moment within an hour of a day, as clocks of the district show it."""
    return datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)), people.zone())
