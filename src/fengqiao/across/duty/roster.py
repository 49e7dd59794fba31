"""Whom to tell: asked of the roster at that moment, one rung after the other until somebody has duty."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from uuid import UUID

from fengqiao.access import catalogue
from fengqiao.cases import views
from fengqiao.cases.limits import NIL
from fengqiao.cases.models import Case
from fengqiao.kits.notices.addresses import Address
from fengqiao.loop.terms import Level as CaseLevel
from fengqiao.people import queries as people
from fengqiao.people.terms import Kind, Level

DISPATCHER, LEADER = "town_dispatcher", "town_duty_leader"
DISTRICT, DIRECTOR = "district_dispatcher", "district_duty_director"
SUPERVISOR = "supervisor"
ROOMS = (Kind.COMMAND_ROOM, Kind.TOWN_OFFICE, Kind.GOVERNANCE_CENTRE)
OFFICERS = ("child_protection_officer", "crisis_lead")
HANDLER_CLOCKS = frozenset({"sign", "handle", "arrive", "fill_in"})


@dataclass(frozen=True, slots=True)
class Seat:
    """A post of an organisation."""

    organisation: str
    post: str


@dataclass(frozen=True, slots=True)
class Reached:
    """Who has duty, and the seats before them in which nobody had."""

    persons: tuple[str, ...]
    missed: tuple[Seat, ...] = ()


def first_on_duty(seats: Iterable[Seat], at: datetime) -> Reached:
    """Return whoever has duty in the first seat that anybody sits in."""
    missed: list[Seat] = []
    for seat in seats:
        found = people.on_duty(seat.organisation, seat.post, at)
        if found:
            return Reached(tuple(dict.fromkeys(row.id for row in found)), tuple(missed))
        missed.append(seat)
    return Reached((), tuple(missed))


# --- seats ------------------------------------------------------------------------------------------------------------


def district_seats(at: datetime, *posts: str) -> Iterator[Seat]:
    """Return seats of the district's own centre."""
    for post in posts:
        yield from _seats_in(people.district().area, post, at)


def town_seats(at: datetime, area: str, *posts: str) -> Iterator[Seat]:
    """Return seats of the town that a place lies in; a place in no town has none."""
    town = people.above(area, Level.TOWN)
    if town is not None:
        for post in posts:
            yield from _seats_in(town.code, post, at)


def _seats_in(area: str, post: str, at: datetime) -> Iterator[Seat]:
    """Return the rooms that have this post here; the one that should have it, where nobody holds it."""
    day = day_of(at)
    rooms = [row for row in people.organisations(area=area) if row.area == area and row.kind in ROOMS]
    held = [row for row in rooms if people.holders(row.id, post, day)]
    yield from (Seat(row.id, post) for row in held or rooms[:1])


def day_of(at: datetime) -> date:
    """Return the day on which a moment lies here."""
    return at.astimezone(people.zone()).date()


def handler_seats(organisation: UUID | str, kind: str, at: datetime) -> list[Seat]:
    """Return the seats of an organisation that may sign orders of this kind; which posts those are is data."""
    day = day_of(at)
    posts = dict.fromkeys(row.post for row in people.staff(organisation, day))
    return [Seat(str(organisation), post) for post in posts if _signs(post, kind)]


def _signs(post: str, kind: str) -> bool:
    carried = catalogue.post(post).permissions
    return "*:sign" in carried or f"{kind}:sign" in carried


# --- the ladder -------------------------------------------------------------------------------------------------------


def above_handlers(case: Case, at: datetime) -> Iterator[Seat]:
    """Return the rungs above those who handle: the town's room, its leader, the district."""
    yield from town_seats(at, case.area, DISPATCHER, LEADER)
    yield from district_seats(at, DISTRICT, DIRECTOR)


def handlers(case: Case, organisation: UUID | str, at: datetime) -> Reached:
    """Return the handlers of an organisation who have duty, all posts together; else the rungs above."""
    seats = handler_seats(organisation, case.kind, at)
    persons = {row.id: None for seat in seats for row in people.on_duty(seat.organisation, seat.post, at)}
    if persons:
        return Reached(tuple(persons))
    nobody = seats[:1] or [Seat(str(organisation), "")]
    found = first_on_duty(above_handlers(case, at), at)
    return Reached(found.persons, (*nobody, *found.missed))


def handler(case: Case, at: datetime) -> Reached:
    """Return who has the case in hand, if they still work there; else the lead organisation's handlers on duty."""
    if case.lead is None:
        return dispatcher(case, at)
    day = day_of(at)
    if case.handler and any(row.id == str(case.handler) for row in people.staff(case.lead, day)):
        return Reached((str(case.handler),))
    return handlers(case, case.lead, at)


def dispatcher(case: Case, at: datetime) -> Reached:
    """Return the dispatcher on duty at the level of the case."""
    town = [*town_seats(at, case.area, DISPATCHER, LEADER)] if below_district(case) else []
    return first_on_duty(chain(town, district_seats(at, DISTRICT, DIRECTOR, SUPERVISOR)), at)


def leader(case: Case, at: datetime) -> Reached:
    """Return the town's leader on duty."""
    return first_on_duty(chain(town_seats(at, case.area, LEADER), district_seats(at, DISTRICT, DIRECTOR, SUPERVISOR)), at)


def district(at: datetime) -> Reached:
    """Return who has duty for the district."""
    return first_on_duty(district_seats(at, DISTRICT, DIRECTOR, SUPERVISOR), at)


def next_level(case: Case, at: datetime) -> Reached:
    """Return who has duty at the level the case has just gone up to; above the district it is told, not moved."""
    if case.level == CaseLevel.TOWN:
        return leader(case, at)
    return first_on_duty(district_seats(at, DIRECTOR, DISTRICT, SUPERVISOR), at)


def supervisors(at: datetime) -> Reached:
    """Return the district's supervisors on duty."""
    return first_on_duty(district_seats(at, SUPERVISOR, DIRECTOR, DISTRICT), at)


def officers(case: Case, at: datetime) -> Reached:
    """Return the officers who must know of a sealed case at once (handbook C4)."""
    day = day_of(at)
    bodies = people.organisations()
    held = [(row, post) for row in bodies for post in OFFICERS if any(one.post == post for one in people.staff(row.id, day))]
    posts = [OFFICERS[1]] if case.category.startswith("1204") or case.kind == "counselling" else [OFFICERS[0]]
    persons = {one.id: None for row, post in held if post in posts for one in people.on_duty(row.id, post, at)}
    return Reached(tuple(persons)) if persons else first_on_duty(district_seats(at, DIRECTOR, DISTRICT), at)


def late_organisation(case: Case, at: datetime, clock: str, organisation: UUID | str = NIL) -> str:
    """Return whose clock ran out: its own organisation, the lead, or the room that had to accept, assign or close."""
    if str(organisation) != NIL:
        return str(organisation)
    if clock in HANDLER_CLOCKS and case.lead:
        return str(case.lead)
    seats = [*town_seats(at, case.area, DISPATCHER)] if below_district(case) else []
    seat = next(chain(seats, district_seats(at, DISTRICT)), None)
    return seat.organisation if seat else str(case.lead or "")


def below_district(case: Case) -> bool:
    """Tell whether the case lies at the town or below."""
    return case.level not in (CaseLevel.DISTRICT, CaseLevel.CITY)


# --- reporters --------------------------------------------------------------------------------------------------------


def reporter_of(case_id: UUID) -> Address | None:
    """Return where whoever reported a case wishes to be reached: only with a number left and the notice agreed to."""
    case = Case.objects.filter(id=case_id).first()
    told = views.told_of(case) if case else None
    if told is None or not told.phone or not told.consent:
        return None
    return Address(phone=told.phone, language=told.language)


def everybody(at: datetime, post: str = "", organisation: str = "") -> tuple[str, ...]:
    """Return all who hold a post of the district's centre, or everybody of one organisation who uses a desk."""
    day = day_of(at)
    if organisation:
        return tuple(row.id for row in people.staff(organisation, day) if "desk:use" in catalogue.post(row.post).permissions)
    return tuple(row.id for seat in district_seats(at, post) for row in people.holders(seat.organisation, post, day))
