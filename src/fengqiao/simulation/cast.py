"""Who acts in the simulated district: real appointments of the invented people, and residents with a receipt in hand."""

import copy
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from fengqiao.access import doors
from fengqiao.base.act import Act, Actor
from fengqiao.base.ids import derived_id, new_id
from fengqiao.cases import numbers
from fengqiao.cases.models import Case
from fengqiao.people import queries as people
from fengqiao.people.models import Appointment
from fengqiao.people.terms import Level
from fengqiao.people.yunxi.staff import DEMO, GRID_DEMO

FAMILIAR = {name for names in DEMO.values() for name in names} | set(GRID_DEMO.values())


@dataclass(slots=True)
class Cast:
    """Everybody with a post, found by what they do and where."""

    chance: random.Random
    _seats: dict[tuple[str, str], list[Appointment]] = field(default_factory=lambda: defaultdict(list))
    _actors: dict[str, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = Appointment.objects.select_related("person", "organisation", "area").prefetch_related("organisation__serves")
        for row in rows.order_by("order", "person__username"):
            self._seats[str(row.organisation_id), row.post].append(row)
            self._seats[row.area_id, row.post].append(row)

    def led_by(self, chance: random.Random) -> "Cast":
        """Return the same people, chosen by another chance: so what happens in one matter changes nothing in another."""
        other = copy.copy(self)
        other.chance = chance
        return other

    def of(self, place: str, post: str, *, but: str = "") -> Actor:
        """Return somebody in a post of an organisation, or of a piece of ground; the demo's own people act more often."""
        seats = [row for row in self._seats[place, post] if str(row.person_id) != but]
        known = [row for row in seats if row.person.username in FAMILIAR]
        chosen = self.chance.choice(known if known and self.chance.random() < 0.7 else seats)
        key = str(chosen.pk)
        if key not in self._actors:
            self._actors[key] = doors.actor_for(chosen)
        return self._actors[key]

    def has(self, place: str, post: str) -> bool:
        """Tell whether somebody holds this post there."""
        return bool(self._seats[place, post])

    def room(self, town: str, post: str) -> Actor:
        """Return somebody of the town's office or command room."""
        return self.of(organisation(town, "office" if post == "town_duty_leader" else "command"), post)

    def centre(self, post: str) -> Actor:
        """Return somebody of the district's centre."""
        return self.of(organisation(people.district().area, "governance"), post)

    def handler(self, organisation: str) -> Actor | None:
        """Return somebody who handles cases for an organisation, if it has anybody."""
        posts = ("station_handler", "police_liaison", "dept_handler")
        post = next((post for post in posts if self.has(organisation, post)), None)
        return self.of(organisation, post) if post else None

    def resident(self) -> Actor:
        """Return somebody without an account."""
        return doors.anonymous(f"{self.chance.getrandbits(128):032x}")

    def others_can_look(self, grid: str) -> bool:
        """Tell whether a second person works in the grid, so that one may check what the other did."""
        return self.has(grid, "grid_assistant")


def organisation(area: str, trade: str) -> str:
    """Return the id of the organisation of a trade on exactly this ground."""
    return next(row.id for row in people.organisations(area=area, field=trade) if row.area == area and row.kind != "sub_centre")


def holding_receipt(case: Case) -> Actor:
    """Return whoever holds the receipt of a case."""
    return doors.anonymous(
        str(derived_id("receipt", case.number)), (numbers.receipt_grantee(case.number, numbers.receipt_code(case.number)),)
    )


def act(actor: Actor, at: datetime, channel: str = "desk") -> Act:
    """Make one act of the simulation."""
    return Act(new_id(), actor, at, channel)


def grids(town: str) -> list[str]:
    """Return the grids of a town."""
    return [row.code for village in people.parts(town) for row in people.parts(village.code) if row.level == Level.GRID]
