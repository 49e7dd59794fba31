"""From files to a plan: everything a district is made of, checked as far as it can be without writing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from fengqiao.base.errors import FengqiaoError
from fengqiao.base.words import _
from fengqiao.people import opening
from fengqiao.people.coordinates import System
from fengqiao.people.district.cells import Cells
from fengqiao.people.district.findings import Finding, grave
from fengqiao.people.district.outlines import Shapes, check_ground, read_outlines
from fengqiao.people.district.tables import Row, Tables, read_tables
from fengqiao.people.posts import post_named
from fengqiao.people.terms import DESKS, DIGITS, KIND_TITLES, LEVEL_TITLES, PLACED, DeskScheme, Kind, Level, Presence

ORDER = list(Level)
MOST_APART = 4
"""As many ranges of areas as the second wall is told of an actor (``access.acting.SLOTS``)."""
CHINESE_LEVELS = {
    "省": "province", "市": "city", "区": "district", "区县": "district", "街道": "town", "乡镇": "town", "乡镇街道": "town", "镇": "town",
    "村社": "village", "村": "village", "社区": "village", "网格": "grid", "微网格": "microgrid", "建筑": "building",
}  # fmt: skip
CHINESE_KINDS = {
    "综治中心": "governance_centre", "分中心": "sub_centre", "指挥室": "command_room", "平台": "desk", "党政办": "town_office",
    "站所": "station", "部门": "department", "村社委会": "village_committee", "派出所": "police_station", "调解组织": "mediation",
    "法院": "court", "学校": "school", "无定位受理台": "unlocated", "外部单位": "outside",
}  # fmt: skip


@dataclass(slots=True)
class Plan:
    """A district as the files tell it. Rows are plain mappings from field to value."""

    code: str = ""
    name: str = ""
    name_en: str = ""
    zone: str = "Asia/Shanghai"
    desk_scheme: str = DeskScheme.V2021.value
    system: System = System.WGS84
    areas: dict[str, dict[str, Any]] = field(default_factory=dict)
    shapes: Shapes = field(default_factory=dict)
    organisations: dict[str, dict[str, Any]] = field(default_factory=dict)
    persons: dict[str, dict[str, Any]] = field(default_factory=dict)
    appointments: list[dict[str, Any]] = field(default_factory=list)
    held: dict[tuple[str, ...], list[dict[str, Any]]] = field(default_factory=dict)
    shifts: list[dict[str, Any]] = field(default_factory=list)
    days: dict[date, tuple[bool, str]] = field(default_factory=dict)
    hours: list[tuple[time, time]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Tell whether the plan can be written."""
        return not grave(self.findings)


def read(path: Path, defaults: Mapping[str, str] | None = None) -> Plan:
    """Read and check the files of a district; `defaults` stand in for a missing district table."""
    tables = read_tables(path)
    plan = Plan(findings=tables.findings)
    _district(plan, tables, defaults or {})
    _areas(plan, tables.rows.get("areas", []))
    for file in tables.outlines:
        read_outlines(file, plan.system, plan.areas, plan.shapes, plan.findings, default=plan.code, naming=defaults or {})
    for area in list(plan.areas.values()):
        _code(plan, Cells(area["row"], plan.findings), area)
    if not plan.areas:
        plan.findings.append(Finding(path.name, 0, "", _("there are no areas: give an areas table or outlines with codes.")))
    _whole(plan, tables)
    check_ground(plan.areas, plan.shapes, plan.findings, overlaps=bool((defaults or {}).get("overlaps")))
    _organisations(plan, tables.rows.get("organisations", []))
    staff(plan, tables.rows.get("staff", []))
    _roster(plan, tables.rows.get("roster", []))
    _calendar(plan, tables.rows.get("calendar", []), tables.rows.get("hours", []))
    _completeness(plan, tables, path.name)
    return plan


def read_calendar(path: Path) -> Plan:
    """Read only the calendar and the hours: the part of a district that changes every year."""
    tables = read_tables(path)
    plan = Plan(findings=tables.findings)
    _calendar(plan, tables.rows.get("calendar", []), tables.rows.get("hours", []))
    if not plan.days and not plan.hours and plan.sound:
        plan.findings.append(Finding(path.name, 0, "", _("holds no calendar and no hours.")))
    return plan


def _district(plan: Plan, tables: Tables, defaults: Mapping[str, str]) -> None:
    rows = tables.rows.get("district", [])
    if not rows and not (defaults.get("code") and defaults.get("name")):
        plan.findings.append(
            Finding("district", 0, "", _("this table is missing: it holds code, name and zone (or give --code and --name)."))
        )
        return
    row = rows[0] if rows else Row("--", 0, {key: value for key, value in defaults.items() if value})
    cells = Cells(row, plan.findings)
    for extra in rows[1:]:
        Cells(extra, plan.findings).wrong("code", _("one database holds one district; take this row out."))
    plan.code, plan.name = cells.text("code", needed=True), cells.text("name", needed=True)
    plan.name_en = cells.text("name_en", most=120)
    plan.zone = cells.text("zone") or plan.zone
    if plan.zone not in available_timezones():
        cells.wrong("zone", _("“{text}” is no time zone; write it like Asia/Shanghai."), text=plan.zone)
    plan.desk_scheme = cells.choice("desk_scheme", [scheme.value for scheme in DeskScheme]) or plan.desk_scheme
    try:
        plan.system = System.named(row["system"] or "WGS84")
    except ValueError:
        cells.wrong("system", _("“{text}” is not known here; choose one of {choices}."), text=row["system"], choices=", ".join(System))


def _areas(plan: Plan, rows: list[Row]) -> None:
    titles = {str(title): level.value for level, title in LEVEL_TITLES.items()} | CHINESE_LEVELS
    seen: dict[str, int] = {}
    for row in rows:
        cells = Cells(row, plan.findings)
        code, level = cells.text("code", needed=True, most=20), cells.choice("level", list(Level), titles, needed=True)
        if code in seen:
            cells.wrong("code", _("{code} stands already in row {other}."), code=code, other=seen[code])
        lon, lat = cells.number("lon", -180, 180), cells.number("lat", -90, 90)
        if (lon is None) != (lat is None):
            cells.wrong("lat", _("longitude and latitude go together."))
        area = {
            "code": code, "level": level, "parent": cells.text("parent", most=20), "name": cells.text("name", needed=True),
            "name_en": cells.text("name_en", most=120), "households": int(cells.number("households", 0, 10**7) or 0),
            "phone": cells.text("phone", most=30), "special": cells.switch("special"), "lon": lon, "lat": lat, "row": row,
        }  # fmt: skip
        seen.setdefault(code, row.number)
        if code and level:
            plan.areas.setdefault(code, area)


def _code(plan: Plan, cells: Cells, area: dict[str, Any]) -> None:
    code, level, parent = area["code"], Level(area["level"]), area["parent"]
    if not code.isascii() or not code.isdigit():
        cells.wrong("code", _("“{code}” may hold digits only."), code=code)
    elif level in PLACED and len(code) != DIGITS[level]:
        cells.wrong("code", _("the code of a {level} has {count} digits; “{code}” has {had}."),
                    level=LEVEL_TITLES[level], count=DIGITS[level], code=code, had=len(code))  # fmt: skip
    if not parent and code != plan.code and ORDER.index(level) > ORDER.index(Level.DISTRICT):
        parent = area["parent"] = _holder(plan, code)
    if not parent:
        return
    if parent not in plan.areas and parent != plan.code:
        cells.wrong("parent", _("there is no area {code}."), code=parent)
    elif not code.startswith(parent) or code == parent:
        cells.wrong("code", _("“{code}” must begin with the code of its parent, {parent}."), code=code, parent=parent)
    elif parent in plan.areas and ORDER.index(level) <= ORDER.index(Level(plan.areas[parent]["level"])):
        cells.wrong("level", _("must lie below the level of its parent, {parent}."), parent=parent)


def _holder(plan: Plan, code: str) -> str:
    # Without a parent column the longest code that begins this one is the parent: codes are made that way (handbook C9).
    return next((code[:length] for length in range(len(code) - 1, 0, -1) if code[:length] in plan.areas), plan.code)


def _whole(plan: Plan, tables: Tables) -> None:
    if plan.code and plan.code not in plan.areas:
        plan.areas[plan.code] = {
            "code": plan.code, "level": Level.DISTRICT.value, "parent": "", "name": plan.name, "name_en": plan.name_en, "households": 0,
            "phone": "", "special": False, "lon": None, "lat": None, "row": Row(tables.files.get("district", "--"), 0, {}),
        }  # fmt: skip
    for area in plan.areas.values():
        if not area["parent"] and area["code"] != plan.code and area["level"] not in (Level.PROVINCE, Level.CITY):
            area["parent"] = plan.code


def _organisations(plan: Plan, rows: list[Row]) -> None:
    titles = {str(title): kind.value for kind, title in KIND_TITLES.items()} | CHINESE_KINDS
    desks = [code for code, *_names in DESKS[DeskScheme(plan.desk_scheme)]]
    codes = {row["code"] for row in rows}
    for row in rows:
        cells = Cells(row, plan.findings)
        code = cells.text("code", needed=True, most=40)
        if code in plan.organisations:
            cells.wrong("code", _("{code} stands already in row {other}."), code=code, other=plan.organisations[code]["row"].number)
        serves = [part for part in row["serves"].replace(",", " ").replace("、", " ").replace("，", " ").split() if part]
        for part in serves:
            if part not in plan.areas:
                cells.wrong("serves", _("there is no area {code}."), code=part)
        if _apart(serves) > MOST_APART:
            too_many = _("at most {most} areas that lie apart; split the organisation or name one larger area.")
            cells.wrong("serves", too_many, most=MOST_APART)
        parent = cells.known("parent", codes, _("there is no organisation {code} in this table."))
        if parent and parent == code:
            cells.wrong("parent", _("an organisation cannot be its own parent."))
        organisation = {
            "code": code, "name": cells.text("name", needed=True), "name_en": cells.text("name_en", most=120),
            "kind": cells.choice("kind", list(Kind), titles, needed=True), "parent": parent,
            "area": cells.known("area", plan.areas, _("there is no area {code}."), needed=True), "desk": cells.choice("desk", desks),
            "field": cells.text("field", most=20), "presence": cells.choice("presence", list(Presence)),
            "phone": cells.text("phone", most=30), "serves": serves, "opening": _opening(cells), "row": row,
        }  # fmt: skip
        plan.organisations.setdefault(code, organisation)
    _circles(plan)


def _opening(cells: Cells) -> str:
    text = cells.text("opening", most=300)
    try:
        return opening.kept(text)
    except FengqiaoError as error:
        cells.wrong("opening", error.message, True, **error.facts)
        return ""


def _apart(codes: list[str]) -> int:
    """Count areas as the wall does: codes that follow each other are one range."""
    found = sorted(set(codes))
    follows = sum(low.isdecimal() and str(int(low) + 1).zfill(len(low)) == high for low, high in pairwise(found))
    return len(found) - follows


def _circles(plan: Plan) -> None:
    for code, organisation in plan.organisations.items():
        above, steps = organisation["parent"], 0
        while above and above != code and steps <= len(plan.organisations):
            above, steps = plan.organisations[above]["parent"], steps + 1
        if above == code and organisation["parent"] != code:
            Cells(organisation["row"], plan.findings).wrong(
                "parent", _("the parents go round in a circle and come back to {code}."), code=code
            )


def staff(plan: Plan, rows: list[Row]) -> None:
    """Read the persons of a table and what posts they hold, by the areas and organisations that the plan knows."""
    for row in rows:
        cells = Cells(row, plan.findings)
        username = cells.text("username", needed=True, most=60)
        person = {
            "username": username, "name": cells.text("name", needed=True, most=60), "name_en": cells.text("name_en"),
            "phone": cells.text("phone", most=30), "email": cells.text("email", most=200),
            "account": cells.text("account"),
            "language": cells.choice("language", ("zh-hans", "en")) or "zh-hans", "row": row,
        }  # fmt: skip
        known = plan.persons.setdefault(username.lower(), person)
        if known["name"] != person["name"] and person["name"]:
            cells.wrong("name", _("the account {username} belongs to {name} in row {other}."),
                        username=username, name=known["name"], other=known["row"].number)  # fmt: skip
        _appointment(plan, cells, username)


def _appointment(plan: Plan, cells: Cells, username: str) -> None:
    row = cells.row
    post = post_named(cells.text("post", needed=True))
    if row["post"] and post is None:
        cells.wrong("post", _("there is no post “{text}”."), text=row["post"])
    organisation = cells.known("organisation", plan.organisations, _("there is no organisation {code}."), needed=True)
    area = cells.known("area", plan.areas, _("there is no area {code}."))
    since, until = cells.day("since", needed=True), cells.day("until")
    temporary = cells.switch("temporary")
    if since and until and until <= since:
        cells.wrong("until", _("must be later than the first day."))
    if temporary and row["until"] == "":
        cells.wrong("until", _("a temporary appointment needs its last day."))
    if cells.good:
        plan.appointments.append({
            "username": username.lower(), "post": post, "organisation": organisation, "since": since, "until": until,
            "area": area or plan.organisations[organisation]["area"], "temporary": temporary, "row": row,
        })  # fmt: skip
        _twice(plan, cells)


def _twice(plan: Plan, cells: Cells) -> None:
    new, far = plan.appointments[-1], date.max
    held = plan.held.setdefault((new["username"], new["post"], new["organisation"], new["area"]), [])
    for other in held:
        if new["since"] < (other["until"] or far) and other["since"] < (new["until"] or far):
            cells.wrong("since", _("the same appointment stands in row {other} for some of these days."), other=other["row"].number)
            break
    held.append(new)


def _roster(plan: Plan, rows: list[Row]) -> None:
    if not rows or plan.zone not in available_timezones():
        return
    zone, turns = ZoneInfo(plan.zone), dict[str, list[dict[str, Any]]]()
    for row in rows:
        cells = Cells(row, plan.findings)
        organisation = cells.known("organisation", plan.organisations, _("there is no organisation {code}."), needed=True)
        post = post_named(cells.text("post", needed=True))
        if row["post"] and post is None:
            cells.wrong("post", _("there is no post “{text}”."), text=row["post"])
        who, instead = (_account(plan, cells, column) for column in ("username", "substitute"))
        if who and who == instead:
            cells.wrong("substitute", _("nobody can stand in for themselves."))
        starts, ends = cells.moment("starts", zone), cells.moment("ends", zone)
        if starts and ends and ends <= starts:
            cells.wrong("ends", _("must be later than the start."))
        elif starts and ends:
            turn = {"organisation": organisation, "post": post, "who": who, "instead": instead, "starts": starts, "ends": ends, "row": row}
            met = next((other for other in turns.get(who, ()) if starts < other["ends"] and other["starts"] < ends), None)
            if met:
                cells.wrong("starts", _("this person already has duty then, in row {other}."), other=met["row"].number)
            turns.setdefault(who, []).append(turn)
            plan.shifts.append(turn)


def _account(plan: Plan, cells: Cells, column: str) -> str:
    username = cells.text(column, needed=column == "username", most=60)
    if username and username.lower() not in plan.persons:
        cells.wrong(column, _("there is no account {username} in the staff table."), username=username)
    return username.lower()


def _calendar(plan: Plan, days: list[Row], hours: list[Row]) -> None:
    for row in days:
        cells = Cells(row, plan.findings)
        day, working = cells.day("date", needed=True), cells.switch("working")
        if day in plan.days:
            cells.wrong("date", _("this day stands twice."))
        if day and cells.good:
            plan.days[day] = (working, cells.text("note"))
    for row in hours:
        cells = Cells(row, plan.findings)
        opens, closes = cells.clock("opens"), cells.clock("closes")
        if opens and closes and opens >= closes:
            cells.wrong("closes", _("must be later than the opening."))
        elif opens and closes:
            if any(opens < other_closes and other_opens < closes for other_opens, other_closes in plan.hours):
                cells.wrong("opens", _("these hours meet those of another row."))
            plan.hours.append((opens, closes))


def _completeness(plan: Plan, tables: Tables, path: str) -> None:
    def note(file: str, sentence: Any, **facts: object) -> None:
        plan.findings.append(Finding(file, 0, "", sentence, facts, grave=False))

    kinds = [(organisation["kind"], organisation["area"]) for organisation in plan.organisations.values()]
    file = tables.files.get("organisations", path)
    if Kind.UNLOCATED not in [kind for kind, _area in kinds]:
        note(file, _("there is no desk for what has no place; one is added."))
    for area in plan.areas.values():
        if area["level"] == Level.TOWN and plan.organisations and (Kind.COMMAND_ROOM, area["code"]) not in kinds:
            note(file, _("{name} has no command room; its reports wait for the district."), name=area["name"])
    manned = {appointment["organisation"] for appointment in plan.appointments}
    empty = [code for code in plan.organisations if code not in manned]
    if plan.appointments and empty:
        note(file, _("{count} organisations have nobody: {codes}."), count=len(empty), codes=", ".join(empty[:5]))
