"""What people look up about people and places; everything but the roster is answered from memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from fengqiao.base.errors import NotFound
from fengqiao.base.words import _
from fengqiao.loop.deadlines import Calendar
from fengqiao.people import models, opening, reference
from fengqiao.people.places import Place as Place
from fengqiao.people.places import locate as locate
from fengqiao.people.places import nearest as nearest
from fengqiao.people.places import outlines as outlines
from fengqiao.people.terms import DeskScheme, Kind, Level


class NoSuchOrganisation(NotFound):
    """The id names no organisation."""

    message = _("There is no such organisation.")


class NoDistrict(NotFound):
    """The database is empty."""

    message = _("No district has been set up yet. Run “fengqiao district” with its files, or start the demo.")


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A piece of ground without its outline."""

    code: str
    level: str
    parent: str
    name: str
    name_en: str
    lon: float | None
    lat: float | None
    bbox: tuple[float, float, float, float] | None
    special: bool
    households: int
    phone: str
    retired: bool

    def called(self, language: str) -> str:
        """Return the name in a language; where there is no English name, the Chinese one stands."""
        return self.name_en or self.name if language.lower().startswith("en") else self.name


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """A body that handles matters."""

    id: str
    code: str
    name: str
    name_en: str
    kind: str
    area: str
    parent: str
    desk: str
    field: str
    presence: str
    phone: str
    serves: tuple[str, ...]
    active: bool
    opening: str = ""

    def called(self, language: str) -> str:
        """Return the name in a language."""
        return self.name_en or self.name if language.lower().startswith("en") else self.name

    def covers(self, area: str) -> bool:
        """Tell whether a place lies on its ground."""
        return any(area.startswith(code) for code in self.serves or (self.area,))


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """The one district of this database."""

    area: str
    zone: str
    desk_scheme: str
    demo: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody with a post, as a list shows them."""

    id: str
    name: str
    name_en: str
    masked_phone: str
    post: str
    organisation: str
    area: str
    since: date
    until: date | None
    substitute_for: str = ""

    def called(self, language: str) -> str:
        """Return the name in a language."""
        return self.name_en or self.name if language.lower().startswith("en") else self.name


# The ground


@reference.cached("people")
def areas() -> Mapping[str, AreaRow]:
    """Return every area by its code, in the order of the codes."""
    fields = ("code", "level", "parent_id", "name", "name_en", "lon", "lat", "bbox", "special", "households", "phone", "retired")
    rows = models.Area.objects.order_by("code").values_list(*fields)
    return {r[0]: AreaRow(r[0], r[1], r[2] or "", r[3], r[4], r[5], r[6], tuple(r[7]) if r[7] else None, *r[8:]) for r in rows}


@reference.cached("people")
def _parts() -> Mapping[str, tuple[AreaRow, ...]]:
    found: dict[str, list[AreaRow]] = {}
    for row in areas().values():
        if not row.retired:
            found.setdefault(row.parent, []).append(row)
    return {parent: tuple(rows) for parent, rows in found.items()}


def area(code: str) -> AreaRow | None:
    """Return one area, if there is one of this code."""
    return areas().get(code)


def parts(code: str = "") -> tuple[AreaRow, ...]:
    """Return the areas directly inside one, or the outermost ones."""
    return _parts().get(code, ())


def way_to(code: str) -> tuple[AreaRow, ...]:
    """Return an area and all that hold it, widest first: district, town, village, grid."""
    way: list[AreaRow] = []
    row = area(code)
    while row is not None:
        way.append(row)
        row = area(row.parent)
    return tuple(reversed(way))


def above(code: str, level: str) -> AreaRow | None:
    """Return the area of a level that holds this one (or is it)."""
    return next((row for row in way_to(code) if row.level == level), None)


@reference.cached("people", size=20_000)
def address(code: str, language: str = "zh-hans") -> str:
    """Return the names from the town down to an area, as one line."""
    names = [row.called(language) for row in way_to(code) if row.level not in (Level.PROVINCE, Level.CITY, Level.DISTRICT)]
    return ", ".join(reversed(names)) if language.lower().startswith("en") else "".join(names)


@reference.cached("people")
def district() -> DistrictRow:
    """Return the district of this database; raises `NoDistrict` before one was set up."""
    row = models.District.objects.values_list("area_id", "zone", "desk_scheme", "demo").first()
    if row is None:
        raise NoDistrict
    return DistrictRow(*row)


def towns() -> tuple[AreaRow, ...]:
    """Return the towns and streets of the district."""
    return tuple(row for row in parts(district().area) if row.level == Level.TOWN)


# Organisations


def is_open(organisation: OrganisationRow, at: datetime) -> bool | None:
    """Tell whether an office is open at a moment; nothing where it says nothing of its hours."""
    return opening.is_open(organisation.opening, at, zone(), calendar().is_working)


@reference.cached("people")
def _organisations() -> Mapping[str, OrganisationRow]:
    served: dict[UUID, list[str]] = {}
    through = models.Organisation.serves.through
    for organisation_id, code in through.objects.order_by("area_id").values_list("organisation_id", "area_id"):
        served.setdefault(organisation_id, []).append(code)
    return {
        str(row.id): OrganisationRow(
            str(row.id), row.code, row.name, row.name_en, row.kind, row.area_id, str(row.parent_id or ""), row.desk, row.field,
            row.presence, row.phone, tuple(served.get(row.id, ())), row.active, row.opening,
        )
        for row in models.Organisation.objects.order_by("code")
    }  # fmt: skip


def organisation(id: str | UUID) -> OrganisationRow:
    """Return one organisation; raises `NoSuchOrganisation`."""
    found = _organisations().get(str(id))
    if found is None:
        raise NoSuchOrganisation
    return found


@reference.cached("people")
def _by_code() -> Mapping[str, OrganisationRow]:
    return {row.code: row for row in _organisations().values()}


def organisation_by_code(code: str) -> OrganisationRow:
    """Return one organisation by the code the district gave it; raises `NoSuchOrganisation`."""
    found = _by_code().get(code)
    if found is None:
        raise NoSuchOrganisation
    return found


def organisations(
    area: str | None = None, kind: str | None = None, field: str | None = None, q: str = "", desk: str | None = None
) -> tuple[OrganisationRow, ...]:
    """Return the active organisations inside an area (any depth), of a kind or trade, whose name holds some letters."""
    sought = q.strip().casefold()
    return tuple(
        row
        for row in _organisations().values()
        if row.active
        and (area is None or row.area.startswith(area))
        and (kind is None or row.kind == kind)
        and (field is None or row.field == field)
        and (desk is None or row.desk == desk)
        and (not sought or sought in row.name.casefold() or sought in row.name_en.casefold() or sought == row.code.casefold())
    )


@reference.cached("people")
def serving(area: str, kind: str | None = None, field: str | None = None, q: str = "") -> tuple[OrganisationRow, ...]:
    """Return the organisations on whose ground a place lies, the nearest level first."""
    found = [row for row in organisations(kind=kind, field=field, q=q) if row.kind != Kind.UNLOCATED and row.covers(area)]
    return tuple(sorted(found, key=lambda row: (-max(map(len, row.serves or (row.area,))), row.code)))


def unlocated() -> OrganisationRow:
    """Return the desk for what has no place; raises `NoSuchOrganisation`."""
    found = organisations(kind=Kind.UNLOCATED)
    if not found:
        raise NoSuchOrganisation
    return found[0]


def desk_scheme() -> DeskScheme:
    """Return which names the desks of the towns carry."""
    return DeskScheme(district().desk_scheme)


# People

_PERSON = (
    "person_id", "person__name", "person__name_en", "person__masked_phone", "post", "organisation_id", "area_id", "since", "until",
)  # fmt: skip


@reference.cached("people")
def _appointed() -> Mapping[str, tuple[PersonRow, ...]]:
    found: dict[str, list[PersonRow]] = {}
    rows = models.Appointment.objects.filter(person__is_active=True).order_by("order", "person__username")
    for r in rows.values_list(*_PERSON):
        row = PersonRow(str(r[0]), r[1], r[2], r[3], r[4], str(r[5]), r[6], r[7], r[8])
        found.setdefault(row.organisation, []).append(row)
    return {id: tuple(held) for id, held in found.items()}


@reference.cached("people")
def _teams() -> Mapping[str, tuple[PersonRow, ...]]:
    found: dict[str, list[PersonRow]] = {}
    for held in _appointed().values():
        for row in held:
            found.setdefault(row.area, []).append(row)
    return {code: tuple(rows) for code, rows in found.items()}


def holders(org_id: str | UUID, post: str, on: date) -> tuple[PersonRow, ...]:
    """Return who holds a post of an organisation on a day."""
    return tuple(row for row in staff(org_id, on) if row.post == post)


def staff(org_id: str | UUID, on: date) -> tuple[PersonRow, ...]:
    """Return everybody who holds any post of an organisation on a day."""
    return tuple(row for row in _appointed().get(str(org_id), ()) if _holds(row, on))


def team(area: str, on: date) -> tuple[PersonRow, ...]:
    """Return everybody whose ground is exactly this area: of a grid, its team."""
    return tuple(row for row in _teams().get(area, ()) if _holds(row, on))


def persons(org: str | UUID | None = None, q: str = "", on: date | None = None) -> tuple[PersonRow, ...]:
    """Return staff by organisation and letters of the name, each with the post that comes first."""
    sought = q.strip().casefold()
    found: dict[str, PersonRow] = {}
    rows = _appointed().get(str(org), ()) if org else [row for held in _appointed().values() for row in held]
    for row in rows:
        named = not sought or sought in row.name.casefold() or sought in row.name_en.casefold()
        if named and (on is None or _holds(row, on)):
            found.setdefault(row.id, row)
    return tuple(found.values())


def _holds(row: PersonRow, on: date) -> bool:
    return row.since <= on and (row.until is None or on < row.until)


def person_named(id: str | UUID, language: str = "zh-hans") -> str:
    """Return a person's name in a language, or an empty text for somebody we do not know."""
    name, name_en = _names().get(str(id), ("", ""))
    return name_en or name if language.lower().startswith("en") else name


@reference.cached("people")
def _names() -> Mapping[str, tuple[str, str]]:
    return {str(id): (name, name_en) for id, name, name_en in models.Person.objects.values_list("id", "name", "name_en")}


def on_duty(org_id: str | UUID, post: str, at: datetime) -> tuple[PersonRow, ...]:
    """Return who has duty in a post now: the substitute before the one on the roster; without a roster, all who hold the post."""
    day = at.astimezone(UTC).date()
    found = [row for starts, ends, row in _roster(str(org_id), post, day) if starts <= at < ends]
    return tuple(found) or holders(org_id, post, at.astimezone(zone()).date())


@reference.cached("people")
def _roster(org_id: str, post: str, day: date) -> tuple[tuple[datetime, datetime, PersonRow], ...]:
    start = datetime.combine(day, time(), UTC)
    shifts = models.Shift.objects.filter(
        Q(organisation_id=org_id, post=post, starts__lt=start + timedelta(days=1), ends__gt=start)
    ).select_related("person", "substitute", "organisation")
    found = []
    for shift in shifts.order_by("starts", "id"):
        who = shift.substitute or shift.person
        row = PersonRow(
            str(who.id), who.name, who.name_en, who.masked_phone, post, org_id, shift.organisation.area_id,
            shift.starts.date(), None, shift.person.name if shift.substitute else "",
        )  # fmt: skip
        found.append((shift.starts, shift.ends, row))
    return tuple(found)


# Time


@reference.cached("people")
def calendar() -> Calendar:
    """Return the district's working calendar: its zone, its hours, its holidays and make-up days."""
    days: dict[date, bool] = dict(models.CalendarDay.objects.values_list("date", "working"))
    windows = tuple(models.WorkingHours.objects.order_by("opens").values_list("opens", "closes"))
    settings: dict[str, Any] = {"windows": windows} if windows else {}
    return Calendar(zone(), days=days, **settings)


@reference.cached("people")
def zone() -> ZoneInfo:
    """Return the zone in which this district reads its clocks."""
    return ZoneInfo(models.District.objects.values_list("zone", flat=True).first() or "Asia/Shanghai")
