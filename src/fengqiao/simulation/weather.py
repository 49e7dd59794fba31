"""The invented weather of Yunxi: data of the simulation, so that rain can bring full drains and heat can bring noise and dark houses.

A day's weather follows from the seed and the date alone; what is usual for a month (``weather.csv``: the mean high in degrees
Celsius, the share of days with rain, the millimetres of such a day) is made up after a town in the lower Yangtze valley.
"""

import csv
import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files as resources

HEAVY, HOT, COLD = 10.0, 33.0, 6.0


@dataclass(frozen=True, slots=True)
class Weather:
    """What a day was like: its high in degrees Celsius and its rain in millimetres."""

    day: date
    high: float
    rain: float

    @property
    def sky(self) -> str:
        """Say it in one word: ``downpour``, ``rain``, ``hot``, ``cold`` or ``fair``."""
        if self.rain >= HEAVY:
            return "downpour"
        if self.rain > 0:
            return "rain"
        return "hot" if self.high >= HOT else "cold" if self.high <= COLD else "fair"


@cache
def _months() -> dict[int, tuple[float, float, float]]:
    table = (resources(__package__) / "weather.csv").read_text(encoding="utf-8")
    return {
        int(row["month"]): (float(row["high"]), float(row["rain_days"]), float(row["rain"])) for row in csv.DictReader(table.splitlines())
    }


@cache
def weather(seed: int, day: date) -> Weather:
    """Return the weather of a day; neighbours are alike, because each is made of three days' chance."""
    high, share, rain = _months()[day.month]
    chances = [random.Random(f"{seed}:weather:{day + timedelta(days=n)}") for n in (-1, 0, 1)]
    wet, warm = (sum(one.random() for one in chances) / 3 for _each in range(2))
    # The mean of three even chances lies within 1/6 of a half two times of three.
    rains = wet > 0.5 + (0.5 - share) * 0.55
    fallen = chances[1].expovariate(1 / rain) + 0.5 if rains else 0.0
    return Weather(day, round(high + (warm - 0.5) * 18 - (4 if rains else 0), 1), round(fallen, 1))


def series(seed: int, first: date, last: date) -> list[Weather]:
    """Return the weather of every day from one to another."""
    return [weather(seed, first + timedelta(days=n)) for n in range((last - first).days + 1)]
