"""One matter on its way through the invented district: what happens next follows from where the case stands."""

import csv
import random
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from importlib.resources import files as resources
from typing import Any
from uuid import UUID

from django.db import connection

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.base.act import Act, Actor
from fengqiao.cases import forms, ladder, limits, registry, services
from fengqiao.cases.models import Case
from fengqiao.kits.files import services as files
from fengqiao.loop.alphabet import WINDOW_CLOCKS
from fengqiao.loop.deadlines import ClockState
from fengqiao.people import queries as people
from fengqiao.simulation import cast, pictures
from fengqiao.simulation.cast import Cast

RUNGS = """
SELECT next_rung_at, name, org FROM case_clock
WHERE case_id = %s AND next_rung_at IS NOT NULL AND NOT name = ANY(%s) ORDER BY next_rung_at, name, org LIMIT 1
"""
SPOTS = (
    "{n}幢{u}单元", "{n}幢楼下", "{n}幢地下室入口", "东门口", "西门路口", "菜场旁", "公交站旁", "小学门口", "河边步道", "老年活动室门口",
    "清溪路{n}号门前", "柳堤路{n}号旁", "云锦路{n}弄口", "稻香路桥下", "文化广场边", "垃圾房旁", "停车棚边", "桂园巷{n}号",
)  # fmt: skip
OVER = frozenset("XOCMWZ")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭"


@dataclass(frozen=True, slots=True)
class Written:
    """A thing that may happen: what it is, by which channels it comes in, what is said and what is done."""

    category: str
    channels: tuple[str, ...]
    text: str
    done: str


@cache
def written() -> tuple[Written, ...]:
    """Return everything that may happen, from the table beside this file."""
    table = (resources(__package__) / "reports.csv").read_text(encoding="utf-8")
    return tuple(
        Written(row["category"], tuple(row["channels"].split()), row["text"], row["done"]) for row in csv.DictReader(table.splitlines())
    )


@dataclass(slots=True)
class Play:
    """A matter, the people around it, and what is still to happen beyond the plain way."""

    cast: Cast
    chance: random.Random
    at: datetime
    what: Written
    grid: str
    channel: str
    plan: list[str] = field(default_factory=list)
    slow: str = ""
    slowness: float = 0.0
    master: "Play | None" = None
    asked: list[tuple[str, UUID]] = field(default_factory=list)
    held: Case | None = None
    rung: tuple[datetime, str, UUID] | None = None
    parent: "Play | None" = None
    parts: list["Play"] = field(default_factory=list)
    over: bool = False

    @property
    def case(self) -> Case:
        """The case as it stood after the last step."""
        if self.held is None:
            raise LookupError("Nothing was reported yet.")
        return self.held

    @property
    def town(self) -> str:
        return self.grid[:9]

    @property
    def village(self) -> str:
        return self.grid[:12]

    @property
    def village_name(self) -> str:
        village = people.area(self.village)
        return village.name if village else ""

    def take(self, *specials: str) -> str:
        """Return the first of these that is planned, striking it off; or nothing."""
        found = next((one for one in self.plan if one in specials), "")
        if found:
            self.plan.remove(found)
        return found

    # --- acts -------------------------------------------------------------------------------------------------------

    def act(self, actor: Actor, channel: str = "desk") -> Act:
        return cast.act(actor, self.at, channel)

    def move(self, actor: Actor, name: str, *, pictures: int = 0, mended: bool = True, **said: Any) -> None:
        """Make a move as the desk does: parsed by its form, dispatched through the registry."""
        act = self.act(actor)
        if pictures:
            said["files"] = self.photos(act, pictures, mended=mended)
        asks = forms.asks_of(registry.loop(self.case.kind), name)
        with acting(act):
            self.held = services.dispatch(act, self.case.id, name, asks(**said) if asks else None)
            self.look()

    def photos(self, act: Act, count: int, *, mended: bool) -> list[UUID]:
        """Keep some pictures as the actor's own: of two, the first shows how it was before."""
        shots = [mended and not (count > 1 and i == 0) for i in range(count)]
        return [files.keep(act, pictures.picture(self.what.category, mended=after, chance=self.chance)).id for after in shots]

    # --- time -------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Notice which rung of which clock is due next, as whoever is acting."""
        if self.case.state in OVER:
            self.rung = None
            return
        with connection.cursor() as cursor:
            cursor.execute(RUNGS, [self.case.id, list(WINDOW_CLOCKS)])
            self.rung = cursor.fetchone()

    def climb(self, until: datetime) -> None:
        """Let the ladder do what it would have done up to a moment, each rung at its own time."""
        while self.rung is not None and self.rung[0] <= until:
            moment, name, org = self.rung
            ladder.climb(moment, self.case.id, name, org)
            self.refresh()

    def refresh(self) -> None:
        """See the case anew after somebody else has changed it."""
        with acting(machine_act("clock", self.at)):
            self.held = Case.objects.get(id=self.case.id)
            self.look()

    def after(self, clock: str, share: float) -> datetime:
        """Return when so much of a limit will be used from now on."""
        calendar, case = people.calendar(), self.case
        span = limits.limit(case.sla, clock, case.category, self.at.astimezone(calendar.zone).date())
        if span is None:
            return self.working(self.chance.uniform(0.3, 3))
        state = ClockState.of(clock, span, calendar, public_danger=case.public_danger).started(self.at)
        if state.calendar == "legal":
            return self.working(span.amount * share * 5)
        return replace(state, budget=max(60.0, state.budget * share)).due_at(calendar) or self.at

    def working(self, hours: float) -> datetime:
        """Return the moment after so many working hours."""
        return people.calendar().add_working(self.at, hours * 3600)

    def pace(self, clock: str) -> float:
        """Return how much of a limit is used: most people are in time, some matters are not."""
        if clock == self.slow:
            self.slow = ""
            return self.slowness
        return self.chance.triangular(0.04, 0.7, 0.25)

    # --- words ------------------------------------------------------------------------------------------------------

    def contact(self) -> dict[str, str]:
        """Return a name and a number that nobody has."""
        name = self.chance.choice(SURNAMES) + self.chance.choice(("女士", "先生", "阿姨", "师傅"))
        return {"name": name, "phone": f"1009902{self.chance.randint(0, 9999):04}"}

    def spot(self) -> str:
        """Return a place in words."""
        way = self.chance.choice(SPOTS).format(n=self.chance.randint(1, 28), u=self.chance.randint(1, 4))
        return f"{self.village_name}{way}"

    def point(self) -> tuple[float, float]:
        """Return a point inside the grid."""
        area = people.area(self.grid)
        lon, lat = (area.lon or 0.0, area.lat or 0.0) if area else (0.0, 0.0)
        for _attempt in range(5):
            tried = lon + self.chance.uniform(-0.0012, 0.0012), lat + self.chance.uniform(-0.001, 0.001)
            found = people.locate(*tried)
            if found and found.grid == self.grid:
                return round(tried[0], 6), round(tried[1], 6)
        return lon, lat
