"""Writing a checked plan, all or nothing. What stands already is brought up to date; nothing is deleted."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import shapely
from django.db import IntegrityError, connection, transaction

from fengqiao.base.errors import Conflict, Invalid
from fengqiao.base.ids import derived_id, new_id
from fengqiao.base.words import _
from fengqiao.people import models, seeds
from fengqiao.people.district.outlines import Outline
from fengqiao.people.district.plan import Plan
from fengqiao.people.services import Day, bump, write_days, write_hours
from fengqiao.people.terms import Kind

DIGITS = 7
BATCH = 1000


class NotSound(Invalid):
    """The plan has grave findings."""

    message = _("These files have {count} mistakes. Nothing was written; check them with --check.")


class AnotherDistrict(Conflict):
    """The database belongs to another district."""

    message = _("This database already holds {name}. Every district has a database of its own: choose another with --data.")


class MeetsRoster(Conflict):
    """A shift of the files overlaps another of the same person that is there already."""

    message = _("Somebody in the roster table already has duty at that time by what was entered before. Nothing was written.")


@transaction.atomic
def write(plan: Plan, at: datetime) -> dict[str, int]:
    """Write a district; returns how many of each it holds now by the files."""
    if not plan.sound:
        raise NotSound(count=sum(finding.grave for finding in plan.findings))
    standing = models.District.objects.select_related("area").first()
    if standing is not None and standing.area_id != plan.code:
        raise AnotherDistrict(name=standing.area.name)
    _areas(plan)
    models.District.objects.update_or_create(
        pk=1, defaults={"area_id": plan.code, "zone": plan.zone, "desk_scheme": plan.desk_scheme, "demo": False}
    )
    bodies = _organisations(plan)
    people = _persons(plan, at)
    _appointments(plan, bodies, people)
    _shifts(plan, bodies, people)
    _time(plan)
    bump()
    return {
        "areas": len(plan.areas), "outlines": len(plan.shapes), "organisations": len(bodies), "persons": len(people),
        "appointments": len(plan.appointments), "shifts": len(plan.shifts), "days": len(plan.days),
    }  # fmt: skip


def _areas(plan: Plan) -> None:
    rows = [_area(area, plan.shapes.get(code)) for code, area in sorted(plan.areas.items())]
    fields = ["level", "parent", "name", "name_en", "households", "phone", "special", "polygon", "lon", "lat", "bbox", "retired"]
    # A parent that lies above what the files hold (a province, a city) is not invented.
    models.Area.objects.bulk_create(rows, batch_size=BATCH, update_conflicts=True, unique_fields=["code"], update_fields=fields)


def _area(area: dict[str, Any], outline: Outline | None) -> models.Area:
    row = models.Area(
        code=area["code"], level=area["level"], parent_id=area["parent"] or None, name=area["name"], name_en=area["name_en"],
        households=area["households"], phone=area["phone"], special=area["special"], lon=area["lon"], lat=area["lat"],
    )  # fmt: skip
    if outline is not None:
        shape = _rounded(outline)
        row.polygon, row.bbox = json.loads(shapely.to_geojson(shape)), list(shape.bounds)
        if row.lon is None:
            point = shape.representative_point()
            row.lon, row.lat = round(point.x, 6), round(point.y, 6)
    return row


def _rounded(outline: Outline) -> shapely.Geometry:
    shape = shapely.transform(outline.shape, lambda corners: corners.round(DIGITS))
    return shape if shape.is_valid else outline.shape


def _organisations(plan: Plan) -> dict[str, UUID]:
    held = dict(models.Organisation.objects.values_list("code", "id"))
    if not any(body["kind"] == Kind.UNLOCATED for body in plan.organisations.values()):
        code = f"{plan.code}-unlocated"
        empty: dict[str, Any] = dict.fromkeys(("parent", "desk", "field", "presence", "phone", "opening"), "")
        name, name_en = f"{plan.name}无定位事项受理台", "Desk for matters without a place"
        told = {"code": code, "name": name, "name_en": name_en, "kind": Kind.UNLOCATED.value, "area": plan.code, "serves": []}
        plan.organisations.setdefault(code, empty | told)
    ids = {code: held.get(code) or derived_id("organisation", code) for code in plan.organisations}
    rows = [
        models.Organisation(
            id=ids[code], code=code, name=body["name"], name_en=body["name_en"], kind=body["kind"], area_id=body["area"],
            parent_id=ids.get(body["parent"]), desk=body["desk"], field=body["field"], presence=body["presence"], phone=body["phone"],
            opening=body["opening"],
        )
        for code, body in plan.organisations.items()
    ]  # fmt: skip
    fields = ["name", "name_en", "kind", "area", "parent", "desk", "field", "presence", "phone", "opening", "active"]
    models.Organisation.objects.bulk_create(rows, batch_size=BATCH, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    through = models.Organisation.serves.through
    through.objects.filter(organisation_id__in=ids.values()).delete()
    served = [(ids[code], area) for code, body in plan.organisations.items() for area in dict.fromkeys(body["serves"])]
    through.objects.bulk_create([through(organisation_id=body, area_id=area) for body, area in served], batch_size=BATCH)
    return ids


def _persons(plan: Plan, at: datetime) -> dict[str, UUID]:
    held = {username.lower(): id for username, id in models.Person.objects.values_list("username", "id")}
    fresh = [told for key, told in plan.persons.items() if key not in held]
    made = [
        models.Person(
            id=new_id(), username=told["username"], name=told["name"], name_en=told["name_en"], language=told["language"],
            masked_phone=masked(told["phone"]), password="!", joined_at=at,
        )
        for told in fresh
    ]  # fmt: skip
    models.Person.objects.bulk_create(made, batch_size=BATCH)
    held |= {person.username.lower(): person.id for person in made}
    for key, told in plan.persons.items():
        if told not in fresh:
            models.Person.objects.filter(pk=held[key]).update(
                name=told["name"], name_en=told["name_en"], masked_phone=masked(told["phone"]), language=told["language"]
            )
    contacts = [
        models.Contact(person_id=held[key], phone=told["phone"], email=told["email"], account=told["account"])
        for key, told in plan.persons.items()
    ]
    models.Contact.objects.bulk_create(
        contacts, batch_size=BATCH, update_conflicts=True, unique_fields=["person"], update_fields=["phone", "email", "account"]
    )
    return {key: held[key] for key in plan.persons}


def masked(phone: str) -> str:
    """Return a telephone number that can be recognised by its owner and dialled by nobody."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 9 else "****" if phone else ""


def _appointments(plan: Plan, bodies: dict[str, UUID], people: dict[str, UUID]) -> None:
    def key(row: models.Appointment) -> tuple[object, ...]:
        return row.person_id, row.post, row.organisation_id, row.area_id, row.since

    standing = {key(row): row for row in models.Appointment.objects.filter(person_id__in=people.values())}
    fresh, changed = [], []
    places: dict[str, int] = {}
    for told in plan.appointments:
        order = places[told["username"]] = places.get(told["username"], -1) + 1
        row = models.Appointment(
            id=new_id(), person_id=people[told["username"]], post=told["post"], organisation_id=bodies[told["organisation"]],
            area_id=told["area"], since=told["since"], until=told["until"], temporary=told["temporary"], order=order,
        )  # fmt: skip
        known = standing.get(key(row))
        if known is None:
            fresh.append(row)
        elif (known.until, known.temporary) != (row.until, row.temporary):
            known.until, known.temporary = row.until, row.temporary
            changed.append(known)
    models.Appointment.objects.bulk_update(changed, ["until", "temporary"], batch_size=BATCH)
    models.Appointment.objects.bulk_create(fresh, batch_size=BATCH)


def _shifts(plan: Plan, bodies: dict[str, UUID], people: dict[str, UUID]) -> None:
    turns = [
        models.Shift(
            id=derived_id("shift", turn["who"], turn["starts"].astimezone(UTC).isoformat()), organisation_id=bodies[turn["organisation"]],
            post=turn["post"], person_id=people[turn["who"]], substitute_id=people.get(turn["instead"]),
            starts=turn["starts"], ends=turn["ends"],
        )
        for turn in plan.shifts
    ]  # fmt: skip
    fields = ["organisation", "post", "ends", "substitute"]
    try:
        with transaction.atomic():
            models.Shift.objects.bulk_create(turns, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=fields)
    except IntegrityError as error:
        raise MeetsRoster from error


@transaction.atomic
def write_calendar(plan: Plan) -> dict[str, int]:
    """Write the calendar and the hours of a plan; other days stay as they are."""
    if not plan.sound:
        raise NotSound(count=sum(finding.grave for finding in plan.findings))
    write_days(Day(day, working, note) for day, (working, note) in plan.days.items())
    if plan.hours:
        write_hours(plan.hours)
    return {"days": len(plan.days), "hours": len(plan.hours)}


def _time(plan: Plan) -> None:
    if plan.days:
        write_days(Day(day, working, note) for day, (working, note) in plan.days.items())
    elif plan.zone not in ("Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "PRC"):
        # The holidays that a fresh database knows are China's; elsewhere only the week counts until a calendar is given.
        models.CalendarDay.objects.all().delete()
    if plan.hours:
        write_hours(plan.hours)
    elif not models.WorkingHours.objects.exists():
        write_hours(seeds.HOURS)
    with connection.cursor() as cursor:
        # Foreign keys wait for the end of the transaction; ask now, so that a stray code is an error of this write.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
