"""What a fresh database is given: the calendar of the years we know, the working hours, and the invented district."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
from django.contrib.auth.hashers import make_password
from django.db import transaction

from fengqiao.base.clock import now
from fengqiao.base.words import _
from fengqiao.people import models
from fengqiao.people.services import Day, bump, write_days, write_hours
from fengqiao.people.terms import Kind, Level
from fengqiao.people.yunxi import bodies, land, staff

FIRST_YEAR, LAST_YEAR = 2004, 2026
HOURS = ((time(8, 30), time(12, 0)), (time(13, 30), time(17, 30)))
ROSTER_BACK, ROSTER_AHEAD = timedelta(days=60), timedelta(days=30)
POLICE_GRID = 3
"""How many villages share a community police officer."""

HOLIDAYS = {
    "New Year's Day": _("New Year's Day"),
    "Spring Festival": _("Spring Festival"),
    "Tomb-sweeping Day": _("Tomb-sweeping Day"),
    "Labour Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "National Day": _("National Day"),
    "Mid-autumn Festival": _("Mid-Autumn Festival"),
    "Anti-Fascist 70th Day": _("Victory Day"),
}


def seed_reference(demo: bool) -> None:
    """Fill an empty database: calendar and hours always, the invented district for a demo."""
    seed_calendar()
    if demo:
        seed_yunxi(demo)


@transaction.atomic
def seed_calendar() -> None:
    """Write the statutory holidays and make-up days we know, unless the table holds any; then it is the centre's own."""
    if not models.WorkingHours.objects.exists():
        write_hours(HOURS)
    if not models.CalendarDay.objects.exists():
        write_days(known_days())


def known_days() -> list[Day]:
    """Return the days of the known years that differ from their weekday."""
    day, last, found = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31), []
    while day <= last:
        working = chinese_calendar.is_workday(day)
        if working != (day.weekday() < 5):
            _holiday, note = chinese_calendar.get_holiday_detail(day)
            found.append(Day(day, working, str(HOLIDAYS.get(note or "", note or ""))))
        day += timedelta(days=1)
    return found


@transaction.atomic
def seed_yunxi(demo: bool, today: date | None = None) -> None:
    """Write the invented district, once, and bring its rosters up to date; with `demo` its accounts may sign in."""
    today = today or now().date()
    seed_calendar()
    if not models.District.objects.exists():
        _settle(demo)
    held = models.District.objects.get()
    if held.area_id == land.DISTRICT:
        _roster(today, ZoneInfo(held.zone))


def _settle(demo: bool) -> None:
    areas = land.rows()
    filled = bodies.filled(areas)
    people = staff.hired(filled, areas, make_password(staff.DEMO_PASSWORD if demo else None))
    models.Area.objects.bulk_create(areas, batch_size=1000)
    organisations = [organisation for organisation, _posts in filled]
    models.Organisation.objects.bulk_create(organisations, batch_size=1000)
    models.District.objects.create(area_id=land.DISTRICT, demo=demo)
    for code, towns in bodies.served([area for area in areas if area.level == Level.TOWN]):
        models.Organisation.objects.get(code=f"{land.DISTRICT}-{code}").serves.set(towns)
    models.Person.objects.bulk_create(people.persons, batch_size=1000)
    models.Contact.objects.bulk_create(people.contacts, batch_size=1000)
    models.Appointment.objects.bulk_create(people.appointments, batch_size=1000)
    _police_grids(areas, organisations)
    bump()


def _police_grids(areas: list[models.Area], organisations: list[models.Organisation]) -> None:
    links, stations = [], [body for body in organisations if body.kind == Kind.POLICE_STATION]
    grids = [area for area in areas if area.level == Level.GRID]
    for station in stations:
        villages = [area.code for area in areas if area.level == Level.VILLAGE and area.parent_id == station.area_id]
        for i in range(0, len(villages), POLICE_GRID):
            number, near = i // POLICE_GRID + 1, villages[i : i + POLICE_GRID]
            code = f"PG{station.area_id}{number:02}"
            models.PoliceGrid.objects.create(code=code, name=f"{station.area.name}第{number}警格", station=station)
            links += [(code, grid.code) for grid in grids if grid.parent_id in near]
    through = models.PoliceGrid.grids.through
    through.objects.bulk_create([through(policegrid_id=code, area_id=grid) for code, grid in links], batch_size=1000)


def _roster(today: date, zone: ZoneInfo) -> None:
    first, last = today - ROSTER_BACK, today + ROSTER_AHEAD
    newest = models.Shift.objects.order_by("-starts").values_list("starts", flat=True).first()
    if newest is not None:
        first = max(first, newest.astimezone(zone).date())
    if first >= last:
        return
    posts = [post for post, _turns in staff.TURNS]
    held = list(models.Appointment.objects.filter(post__in=posts, person__demo=True).order_by("person_id"))
    # Days that are on the roster already keep their turns and their substitutes.
    models.Shift.objects.bulk_create(staff.rostered(held, first, last, zone), batch_size=2000, ignore_conflicts=True)
    bump()


def close_demo() -> int:
    """Take the demo's accounts away from a district that is no demo any more; returns how many."""
    unusable = make_password(None)
    return models.Person.objects.filter(demo=True).update(password=unusable, is_active=False)
