"""The people of Yunxi: somebody in every post, the accounts of the demo, and the rosters."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fengqiao.base.ids import derived_id
from fengqiao.people.models import Appointment, Area, Contact, Organisation, Person, Shift
from fengqiao.people.terms import Level
from fengqiao.people.yunxi import names
from fengqiao.people.yunxi.bodies import Filled, organisation_id
from fengqiao.people.yunxi.land import DISTRICT, SEED

QINGXI = f"{DISTRICT}001"
HOME_VILLAGE = f"{QINGXI}001"
HOME_GRID = f"{HOME_VILLAGE}001"
NEXT_GRID = f"{HOME_VILLAGE}002"
OTHER_TOWN = f"{DISTRICT}002"
SINCE = date(2024, 1, 1)

DEMO_PASSWORD = "demo1234"
"""The password of every demo account; it is printed in the manual, so nobody gets in with it where people work in earnest."""

DEMO: dict[tuple[str, str], tuple[str, ...]] = {
    (organisation_id(DISTRICT, "centre"), "district_duty_director"): ("director",),
    (organisation_id(DISTRICT, "centre"), "district_dispatcher"): ("district",),
    (organisation_id(DISTRICT, "centre"), "intake_clerk"): ("window",),
    (organisation_id(DISTRICT, "centre"), "mediation_acceptor"): ("acceptor",),
    (organisation_id(DISTRICT, "centre"), "mediation_reviewer"): ("reviewer",),
    (organisation_id(DISTRICT, "centre"), "supervisor"): ("supervisor",),
    (organisation_id(DISTRICT, "centre"), "performance_assessor"): ("assessor",),
    (organisation_id(DISTRICT, "digital"), "risk_analyst"): ("analyst",),
    (organisation_id(DISTRICT, "data"), "sys_admin"): ("admin",),
    (organisation_id(DISTRICT, "data"), "privacy_officer"): ("privacy",),
    (organisation_id(DISTRICT, "data"), "data_steward"): ("steward",),
    (organisation_id(DISTRICT, "audit"), "auditor"): ("auditor",),
    (organisation_id(DISTRICT, "court"), "judge_liaison"): ("judge",),
    (organisation_id(DISTRICT, "civil"), "child_protection_officer"): ("protector",),
    (organisation_id(DISTRICT, "health"), "crisis_lead"): ("crisis",),
    (organisation_id(DISTRICT, "housing"), "dept_handler"): ("department",),
    (organisation_id(QINGXI, "office"), "town_duty_leader"): ("leader",),
    (organisation_id(QINGXI, "room"), "town_dispatcher"): ("dispatcher", "dispatcher2"),
    (organisation_id(QINGXI, "room"), "grid_supervisor"): ("instructor",),
    (organisation_id(QINGXI, "power"), "station_handler"): ("handler", "handler2"),
    (organisation_id(QINGXI, "enforcement"), "station_handler"): ("enforcement",),
    (organisation_id(QINGXI, "market"), "station_handler"): ("market",),
    (organisation_id(QINGXI, "fire"), "station_handler"): ("fire",),
    (organisation_id(QINGXI, "housing"), "station_handler"): ("housing",),
    (organisation_id(QINGXI, "municipal"), "station_handler"): ("municipal",),
    (organisation_id(QINGXI, "sanitation"), "station_handler"): ("sanitation",),
    (organisation_id(QINGXI, "police"), "police_liaison"): ("police",),
    (organisation_id(QINGXI, "mediation"), "mediator"): ("mediator", "mediator2"),
    (organisation_id(HOME_VILLAGE), "village_clerk"): ("clerk",),
    (organisation_id(HOME_VILLAGE), "grid_leader"): ("gridleader",),
    (organisation_id(f"{QINGXI}002"), "village_clerk"): ("clerk2",),
    (organisation_id(OTHER_TOWN, "room"), "town_dispatcher"): ("otherroom",),
    (organisation_id(OTHER_TOWN, "office"), "town_duty_leader"): ("otherleader",),
}
"""Whose account has a short name, by organisation and post; all others are named after their organisation."""

GRID_DEMO = {HOME_GRID: "grid", NEXT_GRID: "grid2"}


@dataclass(slots=True)
class Staff:
    """Everybody, with how to reach them and what they hold."""

    password: str
    called: Iterator[names.Name]
    persons: list[Person] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)

    def hire(self, username: str) -> Person:
        """Make a person; their number is one that no telephone has."""
        name, name_en = next(self.called)
        number = len(self.persons) + 1
        person = Person(
            id=derived_id("person", username), username=username, name=name, name_en=name_en, password=self.password, demo=True,
            masked_phone=f"100****{number:04}", joined_at=datetime.combine(SINCE, time(), UTC),
        )  # fmt: skip
        self.persons.append(person)
        self.contacts.append(Contact(person=person, phone=f"1009901{number:04}", email=f"{username}@yunxi.example"))
        return person

    def appoint(self, person: Person, post: str, organisation: Organisation, area: str, order: int = 0) -> None:
        """Give a person a post from the first day on."""
        appointment = Appointment(
            id=derived_id("appointment", person.username, post, area), person=person, post=post, organisation=organisation,
            area_id=area, since=SINCE, order=order,
        )  # fmt: skip
        self.appointments.append(appointment)


def hired(filled: Sequence[Filled], areas: Sequence[Area], password: str) -> Staff:
    """Return somebody for every post of every organisation, and a worker for every grid."""
    staff = Staff(password, names.persons(random.Random(SEED + 1)))
    committees: dict[str, Organisation] = {}
    for organisation, posts in filled:
        area = organisation.area_id
        if organisation.field == "village":
            committees[area] = organisation
        waiting = {post: list(DEMO.get((str(organisation.id), post), ())) for post in posts}
        for i, post in enumerate(posts, start=1):
            short = waiting[post].pop(0) if waiting[post] else f"{organisation.code}-{i}"
            staff.appoint(staff.hire(short), post, organisation, area)
    for grid in areas:
        if grid.level == Level.GRID:
            _grid_team(staff, grid, committees[grid.parent_id or ""])
    return staff


def _grid_team(staff: Staff, grid: Area, committee: Organisation) -> None:
    worker = staff.hire(GRID_DEMO.get(grid.code, f"g{grid.code}"))
    staff.appoint(worker, "grid_worker", committee, grid.code)
    grid.phone = committee.phone
    if grid.code == NEXT_GRID:
        # Whoever settled a trifle on the spot may not verify it: the neighbour lends a hand in the home grid.
        staff.appoint(worker, "grid_assistant", committee, HOME_GRID, order=1)
    elif grid.code.startswith(QINGXI) and grid.code != HOME_GRID:
        staff.appoint(staff.hire(f"a{grid.code}"), "grid_assistant", committee, grid.code)


TURNS = (("town_dispatcher", 2), ("town_duty_leader", 1), ("district_dispatcher", 2), ("district_duty_director", 1))
"""Posts with a roster, and how many turns share a day; turns change at eight."""


def rostered(appointments: Sequence[Appointment], first: date, last: date, zone: ZoneInfo) -> list[Shift]:
    """Return the turns of duty from one day to another; the same days always give the same turns."""
    turns = dict(TURNS)
    seats: dict[tuple[str, str], list[Appointment]] = {}
    for appointment in appointments:
        if appointment.post in turns:
            seats.setdefault((str(appointment.organisation_id), appointment.post), []).append(appointment)
    found = []
    for (organisation, post), held in seats.items():
        if len(held) < 2:
            continue
        held.sort(key=lambda appointment: str(appointment.person_id))
        hours = 24 // turns[post]
        for day in range((last - first).days + 1):
            for turn in range(turns[post]):
                starts = datetime.combine(first + timedelta(days=day), time(8), zone) + timedelta(hours=hours * turn)
                number = (first + timedelta(days=day)).toordinal() * turns[post] + turn
                found.append(_shift(organisation, post, held[number % len(held)], starts.astimezone(UTC), hours))
    return found


def _shift(organisation: str, post: str, seat: Appointment, starts: datetime, hours: int) -> Shift:
    return Shift(
        id=derived_id("shift", organisation, post, starts.isoformat()), organisation_id=organisation, post=post,
        person_id=seat.person_id, starts=starts, ends=starts + timedelta(hours=hours),
    )  # fmt: skip
