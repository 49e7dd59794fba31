"""Which posts a person holds: read once, held in the process, forgotten when people or posts change."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fengqiao.access import catalogue
from fengqiao.access.models import Scope, Seat, Token
from fengqiao.base.act import Actor, ActorKind
from fengqiao.people.models import Appointment, Person
from fengqiao.people.reference import cached

EVERYWHERE = (("!", "~~"),)
"""A range that holds every area code there can be."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One appointment, with what an actor needs of it."""

    id: str
    post: str
    organisation: str
    organisation_name: str
    organisation_name_en: str
    area: str
    area_name: str
    area_name_en: str
    level: str
    ranges: tuple[tuple[str, str], ...]
    since: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def subtree(code: str) -> tuple[str, str]:
    """Return the range of codes of an area and everything inside it."""
    return code, f"{code}~"


@cached("people", size=8192)
def holdings(person: str) -> tuple[Holding, ...]:
    """Return all appointments of a person, the first offered first; the days are checked by whoever asks."""
    rows = Appointment.objects.filter(person_id=person).select_related("organisation", "area").prefetch_related("organisation__serves")
    return tuple(holding(row) for row in rows)


@cached("access", size=8192)
def seats(person: str) -> tuple[Seat, ...]:
    """Return the sealed compartments in which a person has a seat."""
    return tuple(Seat.objects.filter(person_id=person))


@cached("access")
def token(digest: str) -> Token | None:
    """Return the key of a program by its digest."""
    return Token.objects.filter(digest=digest).first()


def holding(row: Appointment) -> Holding:
    """Turn an appointment into what an actor needs of it."""
    organisation, area = row.organisation, row.area
    served = sorted(part.code for part in organisation.serves.all() if part.code.startswith(area.code))
    return Holding(
        id=str(row.id),
        post=row.post,
        organisation=str(organisation.id),
        organisation_name=organisation.name,
        organisation_name_en=organisation.name_en,
        area=area.code,
        area_name=area.name,
        area_name_en=area.name_en,
        level=area.level,
        ranges=merged(served or [area.code]),
        since=row.since,
        until=row.until,
    )


def merged(codes: list[str]) -> tuple[tuple[str, str], ...]:
    """Join areas whose codes follow each other, so that a sub-centre's towns fit into the four slots of the wall."""
    ranges: list[tuple[str, str]] = []
    for low, high in map(subtree, codes):
        if ranges and _next(ranges[-1][1][:-1]) == low:
            ranges[-1] = (ranges[-1][0], high)
        else:
            ranges.append((low, high))
    return tuple(ranges)


def _next(code: str) -> str:
    return str(int(code) + 1).zfill(len(code)) if code.isdecimal() else ""


def actor_of(person: Person, held: Holding, at: datetime, opened: tuple[str, ...] = ()) -> Actor:
    """Build the actor of a person in one post."""
    post = catalogue.post(held.post)
    identity = str(person.pk)
    grantees = [f"person:{identity}", *opened]
    if post.scope != Scope.OWN:
        grantees.append(f"org:{held.organisation}")
    return Actor(
        kind=ActorKind.PERSON,
        id=identity,
        person=identity,
        post=held.post,
        org=held.organisation,
        level=held.level,
        ranges=held.ranges if post.scope == Scope.AREA else (),
        grantees=tuple(grantees),
        compartments=tuple(sorted(s.compartment for s in seats(identity) if s.since <= at and (s.until is None or at < s.until))),
        permissions=post.permissions,
        name=person.name,
    )


def actor_of_token(key: Token) -> Actor:
    """Build the actor of a program that brought a key; it reaches no sealed compartment."""
    return Actor(
        kind=ActorKind.MACHINE,
        id=f"token:{key.id}",
        post="token",
        org=str(key.organisation) if key.organisation else "",
        ranges=(subtree(key.area),) if key.area else (),
        grantees=(f"org:{key.organisation}",) if key.organisation else (),
        permissions=frozenset(key.scopes),
        name=key.name,
    )


def holding_of(person: str, appointment: str | UUID) -> Holding | None:
    """Find one appointment of a person."""
    return next((held for held in holdings(person) if held.id == str(appointment)), None)
