"""Truths planted in the invented life (``truths.csv``), so that a model can be asked whether it finds them.

A row with a kind of matter adds matters: ``strength`` is their share of all planned matters, ``places`` the grids, ``since`` and ``until``
days before the end, ``hours`` the hours of the day (none: as usual for the kind), ``rises`` how steeply they become more (0: even).
A row without one names an organisation by town and trade, which uses ``strength`` times as much of its limits for signing and handling.
"""

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files as resources
from random import Random

from fengqiao.people import queries as people
from fengqiao.simulation.cast import organisation
from fengqiao.simulation.play import Written
from fengqiao.simulation.volumes import HOURS, at_hour, volume


@dataclass(frozen=True, slots=True)
class Truth:
    """What is planted: which matters, where, when and how strongly."""

    name: str
    places: tuple[str, ...]
    since: int
    until: int
    hours: tuple[int, ...]
    rises: float
    strength: float
    written: tuple[Written, ...]

    def moment(self, chance: Random, kind: str, end: datetime) -> datetime:
        """Return when a matter of it is reported; always before the end."""
        passed = chance.random() ** (1 / (1 + self.rises))
        ago = self.until + int((self.since - self.until) * (1 - passed))
        day = end.astimezone(people.zone()).date() - timedelta(days=ago)
        hour = chance.choice(self.hours) if self.hours else chance.choices(range(24), HOURS[volume(kind).hours])[0]
        return at_hour(day, hour, chance)


@cache
def truths() -> dict[str, Truth]:
    """Return everything that is planted, by name."""
    table = (resources(__package__) / "truths.csv").read_text(encoding="utf-8")
    return {row["truth"]: _read(row) for row in csv.DictReader(table.splitlines())}


def _read(row: dict[str, str]) -> Truth:
    texts = zip(row["channels"].split("|"), row["text"].split("|"), row["done"].split("|"), strict=True)
    said = tuple(Written(row["category"], tuple(channels.split()), text, done) for channels, text, done in texts)
    return Truth(
        row["truth"], tuple(row["places"].split()), int(row["since"]), int(row["until"]), tuple(map(int, row["hours"].split())),
        float(row["rises"]), float(row["strength"]), said if row["category"] else (),
    )  # fmt: skip


def planted(chance: Random) -> Truth | None:
    """Return which truth a matter belongs to, if any: each has its share of all."""
    drawn = chance.random()
    for truth in truths().values():
        if truth.written:
            if drawn < truth.strength:
                return truth
            drawn -= truth.strength
    return None


def dawdles(lead: str) -> float:
    """Return how many times as long as others an organisation takes to sign and to handle."""
    for truth in truths().values():
        if not truth.written and lead == organisation(*truth.places):
            return truth.strength
    return 1.0
