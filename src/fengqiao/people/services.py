"""What people can do to people and places: appoint, put on the roster, change the calendar. Every change bumps the edition."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from fengqiao.base.act import Act
from fengqiao.base.errors import Conflict, Invalid, NotAllowed, NotFound
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.people import models, queries, reference
from fengqiao.people.terms import DESKS, DeskScheme, Kind

SETTINGS = "settings:edit"
DUTY = "duty:edit"


class NotYoursToSet(NotAllowed):
    """The post may not edit the district's settings."""

    message = _("Only the system administrator may change people, rosters and calendars.")


class NotYourRoster(NotAllowed):
    """The post does not keep this organisation's roster."""

    message = _("Only whoever keeps the roster of {organisation} may put a substitute.")


class AlreadyAppointed(Conflict):
    """The same person, post, organisation and ground at the same time."""

    message = _("This person already holds this post here during these days. End the earlier appointment first.")


class AlreadyOnDuty(Conflict):
    """One person, two shifts at once."""

    message = _("This person already has duty during these hours. Choose somebody else or another time.")


class NotInThisOrder(Invalid):
    """The end lies before the start."""

    message = _("The end must be later than the start.")


class NeedsAnEnd(Invalid):
    """Temporary without an end."""

    message = _("A temporary appointment needs its last day.")


class NoSuchPerson(NotFound):
    """The id names nobody."""

    message = _("There is no such person.")


class NoSuchShift(NotFound):
    """The id names no shift."""

    message = _("There is no such shift.")


class NoSuchAppointment(NotFound):
    """The id names no appointment."""

    message = _("There is no such appointment.")


class OneselfAsSubstitute(Invalid):
    """Somebody stands in for themselves."""

    message = _("Nobody can stand in for themselves. Choose somebody else.")


class NoSuchZone(Invalid):
    """Not in the time zone database."""

    message = _("“{zone}” is no time zone. Write it like Asia/Shanghai.")


class HoursMeet(Invalid):
    """Two windows of a working day overlap."""

    message = _("The working hours must follow each other without meeting: each window ends before the next begins.")


def bump(name: str = "people") -> int:
    """Tell every process that reference data of this name has changed; takes effect with the transaction."""
    with connection.cursor() as cursor:
        # The transaction's own number, not one more: a number that was rolled back must never come again with other data.
        cursor.execute(
            "INSERT INTO people_edition (name, number) VALUES (%s, pg_current_xact_id()::text::bigint) "
            "ON CONFLICT (name) DO UPDATE SET number = excluded.number RETURNING number",
            [name],
        )
        number: int = cursor.fetchone()[0]
    reference.forget(name)
    return number


@dataclass(frozen=True, slots=True)
class Post:
    """A post to give: which, where, for what ground, from and until (not including) which day."""

    post: str
    organisation: UUID | str
    area: str
    since: date
    until: date | None = None
    temporary: bool = False


@transaction.atomic
def appoint(act: Act, person_id: UUID | str, post: Post) -> models.Appointment:
    """Give a person a post."""
    _may_set(act)
    if not models.Person.objects.filter(pk=person_id).exists():
        raise NoSuchPerson
    organisation = queries.organisation(post.organisation)
    if queries.area(post.area) is None:
        raise Invalid(fields={"area": post.area})
    if post.until is not None and post.until <= post.since:
        raise NotInThisOrder
    if post.temporary and post.until is None:
        raise NeedsAnEnd
    try:
        with transaction.atomic():
            appointment = models.Appointment.objects.create(
                id=new_id(), person_id=person_id, post=post.post, organisation_id=organisation.id, area_id=post.area,
                since=post.since, until=post.until, temporary=post.temporary,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyAppointed from error
    bump()
    return appointment


@transaction.atomic
def end_appointment(act: Act, appointment_id: UUID | str, until: date) -> models.Appointment:
    """Let a post end on a day; the record that it was held stays."""
    _may_set(act)
    appointment = models.Appointment.objects.select_for_update().filter(pk=appointment_id).first()
    if appointment is None:
        raise NoSuchAppointment
    if until <= appointment.since:
        raise NotInThisOrder
    appointment.until = until
    appointment.save(update_fields=["until"])
    bump()
    return appointment


@transaction.atomic
def put_on_roster(
    act: Act, organisation_id: UUID | str, post: str, *, person: UUID | str, starts: datetime, ends: datetime
) -> models.Shift:
    """Give somebody a turn of duty."""
    _may_set(act)
    if ends <= starts:
        raise NotInThisOrder
    organisation = queries.organisation(organisation_id)
    try:
        with transaction.atomic():
            shift = models.Shift.objects.create(
                id=new_id(), organisation_id=organisation.id, post=post, person_id=person, starts=starts, ends=ends
            )
    except IntegrityError as error:
        raise AlreadyOnDuty from error
    bump()
    return shift


@transaction.atomic
def substitute(act: Act, shift_id: UUID | str, person: UUID | str | None) -> models.Shift:
    """Let somebody stand in for a turn of duty, or give it back."""
    shift = models.Shift.objects.select_for_update().filter(pk=shift_id).first()
    if shift is None:
        raise NoSuchShift
    _may_fill(act, shift)
    if person is not None and str(shift.person_id) == str(person):
        raise OneselfAsSubstitute
    if person is not None and _busy(shift, person):
        raise AlreadyOnDuty
    shift.substitute_id = person
    shift.save(update_fields=["substitute"])
    bump()
    return shift


@dataclass(frozen=True, slots=True)
class Day:
    """A day that differs from its weekday."""

    date: date
    working: bool
    note: str = ""


@transaction.atomic
def set_days(act: Act, days: Iterable[Day]) -> int:
    """Change the working calendar; a day that is as its weekday says is forgotten. Clocks that start or go on later see it."""
    _may_set(act)
    return write_days(days)


def write_days(days: Iterable[Day]) -> int:
    """Write calendar days: the part that seeds and imports share, without a door."""
    told = {day.date: day for day in days}
    ordinary = {day.date for day in told.values() if day.working == (day.date.weekday() < 5)}
    differing = [models.CalendarDay(date=day.date, working=day.working, note=day.note) for day in told.values() if day.date not in ordinary]
    models.CalendarDay.objects.filter(date__in=ordinary).delete()
    models.CalendarDay.objects.bulk_create(
        differing, update_conflicts=True, unique_fields=["date"], update_fields=["working", "note"], batch_size=1000
    )
    bump()
    return len(told)


@transaction.atomic
def set_hours(act: Act, windows: Iterable[tuple[time, time]]) -> None:
    """Change the windows of a working day."""
    _may_set(act)
    ordered = sorted(windows)
    meet = any(ordered[i][1] > ordered[i + 1][0] for i in range(len(ordered) - 1))
    if not ordered or meet or any(opens >= closes for opens, closes in ordered):
        raise HoursMeet
    write_hours(ordered)


def write_hours(windows: Iterable[tuple[time, time]]) -> None:
    """Write the windows of a working day, without a door."""
    models.WorkingHours.objects.all().delete()
    models.WorkingHours.objects.bulk_create([models.WorkingHours(opens=opens, closes=closes) for opens, closes in windows])
    bump()


@transaction.atomic
def set_zone(act: Act, zone: str) -> None:
    """Change the zone in which the district reads its clocks."""
    _may_set(act)
    if zone not in available_timezones():
        raise NoSuchZone(zone=zone)
    models.District.objects.update(zone=ZoneInfo(zone).key)
    bump()


@transaction.atomic
def use_desk_scheme(act: Act, scheme: DeskScheme) -> None:
    """Give the four desks of every town the names of another scheme (handbook B1)."""
    _may_set(act)
    before = DESKS[queries.desk_scheme()]
    for (old, *_old_names), (new, name, name_en) in zip(before, DESKS[scheme], strict=True):
        models.Organisation.objects.filter(desk=old).update(desk=new)
        for desk in models.Organisation.objects.filter(desk=new, kind=Kind.DESK).select_related("area"):
            desk.name, desk.name_en = f"{desk.area.name}{name}", f"{desk.area.name_en} {name_en}"
            desk.save(update_fields=["name", "name_en"])
    models.District.objects.update(desk_scheme=scheme)
    bump()


@transaction.atomic
def remember_reading(person_id: UUID | str, *, language: str | None = None, big_type: bool | None = None) -> None:
    """Keep how a person likes to read."""
    told = {"language": language, "big_type": big_type}
    models.Person.objects.filter(pk=person_id).update(**{name: value for name, value in told.items() if value is not None})


def _may_set(act: Act) -> None:
    if not act.actor.may(SETTINGS):
        raise NotYoursToSet


def _may_fill(act: Act, shift: models.Shift) -> None:
    """Let in the administrator, and whoever keeps the roster of this ground or of their own organisation."""
    organisation = queries.organisation(shift.organisation_id)
    near = act.actor.org == organisation.id or act.actor.covers(organisation.area)
    if not (act.actor.may(SETTINGS) or (act.actor.may(DUTY) and near)):
        raise NotYourRoster(organisation=organisation.name)


def _busy(shift: models.Shift, person: UUID | str) -> bool:
    """Tell whether somebody has another turn, their own or as a substitute, during this one."""
    others = models.Shift.objects.exclude(pk=shift.pk).filter(starts__lt=shift.ends, ends__gt=shift.starts)
    return others.filter(Q(person_id=person, substitute=None) | Q(substitute_id=person)).exists()
