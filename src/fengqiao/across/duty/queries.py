"""What people look up about duty: who has it now, the rota, what a turn leaves behind, and the signed records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import get_language, gettext

from fengqiao.access import catalogue
from fengqiao.across.duty import policies, roster, shifts
from fengqiao.across.duty.models import Handover, Interview, LogEntry, Taking
from fengqiao.base.act import Act, Actor
from fengqiao.base.words import Words
from fengqiao.cases import queries as cases
from fengqiao.cases import registry, views
from fengqiao.cases.limits import NIL
from fengqiao.cases.models import Case, CaseEvent, SideRequest
from fengqiao.cases.terms import COLOUR_TITLES, REQUEST_TITLES, Box, RequestKind
from fengqiao.loop.alphabet import ACTIVE, CLOCK_TITLES
from fengqiao.people import opening
from fengqiao.people import queries as people
from fengqiao.people.models import Shift
from fengqiao.people.queries import AreaRow, OrganisationRow
from fengqiao.people.terms import Kind, Level

DAYS = 14
MOST = 100
ROTA_AHEAD = timedelta(days=DAYS)
LATE_COLOURS = ("upgraded", "red", "yellow")
OPEN = "".join(sorted(ACTIVE))
VERIFYING = ("verify_pass", "auto_recheck", "verify_fail")


def language() -> str:
    """Return the reader's language."""
    return get_language() or "zh-hans"


# --- who is there -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody who is there now."""

    name: str
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """A post of an organisation with whoever has duty in it; a rostered post without anybody is a hole."""

    title: str
    people: tuple[OnDuty, ...]
    until: datetime | None
    rostered: bool


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation with its seats."""

    name: str
    phone: str
    seats: tuple[Seat, ...]
    hours: str
    is_open: bool | None


def grounds(actor: Actor) -> list[AreaRow]:
    """Return the district and the towns an actor may look at: the own ground, and the district to call on."""
    district = people.area(people.district().area)
    towns = [row for row in people.towns() if actor.covers(row.code) or any(row.code == low[:9] for low, _high in actor.ranges)]
    own = _own(actor)
    if own is not None and own not in towns and own.level == Level.TOWN:
        towns.append(own)
    return [*towns, district] if district and len(towns) == 1 else [*([district] if district else []), *towns]


def _own(actor: Actor) -> AreaRow | None:
    code = people.organisation(actor.org).area if actor.org else ""
    return (people.above(code, Level.TOWN) or people.area(code)) if code else None


def now_on_duty(area: str, at: datetime) -> list[Body]:
    """Return who has duty now in every organisation of a town, or of the district itself; rooms first."""
    rota = _rostered(at)
    bodies = [row for row in people.organisations(area=area) if row.area == area and row.kind != Kind.UNLOCATED]
    found = [_body(row, at, rota) for row in sorted(bodies, key=lambda row: (_order(row), row.code))]
    return [body for body in found if body.seats]


def _order(row: OrganisationRow) -> int:
    return roster.ROOMS.index(row.kind) if row.kind in roster.ROOMS else len(roster.ROOMS)


def _rostered(at: datetime) -> dict[tuple[str, str], datetime | None]:
    """Return every post that has a roster these days, with the end of the turn that runs now."""
    found: dict[tuple[str, str], datetime | None] = {}
    near = Shift.objects.filter(starts__lte=at + timedelta(days=1), ends__gt=at - timedelta(days=1)).order_by("starts")
    for organisation, post, starts, ends in near.values_list("organisation_id", "post", "starts", "ends"):
        found.setdefault((str(organisation), post), None)
        if starts <= at < ends:
            found[str(organisation), post] = ends
    return found


def _body(row: OrganisationRow, at: datetime, rota: Mapping[tuple[str, str], datetime | None]) -> Body:
    day = roster.day_of(at)
    posts = dict.fromkeys([*(post for id, post in rota if id == row.id), *(one.post for one in people.staff(row.id, day))])
    seats = []
    for post in posts:
        entry = catalogue.post(post)
        if "desk:use" in entry.permissions:
            on = tuple(OnDuty(one.called(language()), one.substitute_for) for one in people.on_duty(row.id, post, at))
            seats.append(Seat(entry.title_in(language()), on, rota.get((row.id, post)), (row.id, post) in rota))
    seats.sort(key=lambda seat: not seat.rostered)
    return Body(row.called(language()), row.phone, tuple(seats), opening.said(row.opening, gettext), people.is_open(row, at))


# --- the rota ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of duty as the rota shows it."""

    id: UUID
    starts: datetime
    ends: datetime
    name: str
    instead_of: str
    substitute: str
    mine: bool
    now: bool
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A roster to look at."""

    key: str
    title: str
    organisation: str
    post: str


def rosters(actor: Actor, at: datetime) -> list[Choice]:
    """Return the rosters of the actor's ground, the own one first."""
    near = Shift.objects.filter(starts__lte=at + ROTA_AHEAD, ends__gt=at).order_by().values_list("organisation_id", "post").distinct()
    found = []
    for organisation, post in near:
        row = people.organisation(organisation)
        if policies.on_ground(actor, row) or row.kind == Kind.GOVERNANCE_CENTRE:
            title = f"{row.called(language())} · {catalogue.post(post).title_in(language())}"
            found.append(Choice(f"{row.id}.{post}", title, row.id, post))
    own = (actor.org, actor.post)
    return sorted(found, key=lambda one: ((one.organisation, one.post) != own, one.organisation != actor.org, one.title))


def rota(act: Act, chosen: Choice) -> list[tuple[date, list[Turn]]]:
    """Return the turns of the next days, day by day, with who may stand in where the actor may say so."""
    turns = Shift.objects.filter(
        organisation_id=chosen.organisation, post=chosen.post, ends__gt=act.at, starts__lt=act.at + ROTA_AHEAD
    ).select_related("person", "substitute")
    may = policies.may_substitute(act.actor, people.organisation(chosen.organisation))
    days: dict[date, list[Turn]] = {}
    for shift in turns.order_by("starts", "id"):
        days.setdefault(roster.day_of(shift.starts), []).append(_turn(act, shift, may))
    return list(days.items())


def _turn(act: Act, shift: Shift, may: bool) -> Turn:
    who = shift.substitute or shift.person
    others = people.holders(shift.organisation_id, shift.post, roster.day_of(shift.starts)) if may else ()
    return Turn(
        shift.id, shift.starts, shift.ends, people.person_named(who.id, language()),
        people.person_named(shift.person_id, language()) if shift.substitute else "", str(shift.substitute_id or ""),
        str(who.id) == act.actor.person, shift.starts <= act.at < shift.ends,
        tuple((row.id, row.called(language())) for row in others if row.id != str(shift.person_id)),
    )  # fmt: skip


# --- what a turn leaves behind ------------------------------------------------------------------------------------------


def left_behind(act: Act, since: datetime) -> dict[str, Any]:
    """Return what a turn leaves: late clocks, questions without an answer, what was verified, and the log; as plain facts."""
    late = [case for colour in LATE_COLOURS for case in cases.page(act.actor, cases.Filter(colour=colour, state=OPEN), limit=MOST)]
    asked = cases.page(act.actor, cases.Filter(box=str(Box.REQUESTS)), limit=MOST)
    log = LogEntry.objects.filter(organisation=act.actor.org or NIL, at__gte=since).order_by("at", "id")[:MOST]
    return {
        "late": [_late(act.actor, case, act.at) for case in late[:MOST]],
        "more_late": max(0, len(late) - MOST),
        "requests": _requests(act.actor, asked),
        "verified": _verified(act.actor, since),
        "log": [{"at": entry.at, "person": entry.person, "text": entry.text} for entry in log],
    }


def _late(actor: Actor, case: Case, at: datetime) -> dict[str, Any]:
    shown = views.policies.shown(actor, case)
    return {
        "id": case.id, "number": case.number, "kind": case.kind, "title": shown["title"], "area": shown["area"], "clock": case.clock,
        "colour": views.colour_of(case, at), "due_at": case.due_at, "lead": case.lead,
    }  # fmt: skip


def _requests(actor: Actor, found: Iterable[Case]) -> list[dict[str, Any]]:
    by_id = {case.id: case for case in found}
    pending = SideRequest.objects.filter(case_id__in=by_id, status=SideRequest.Status.PENDING).order_by("asked_at", "id")
    return [
        {"id": one.case_id, "number": by_id[one.case_id].number, "request": one.kind, "to": one.to_org, "due_at": one.due_at}
        for one in pending[:MOST]
    ]


def _verified(actor: Actor, since: datetime) -> list[dict[str, Any]]:
    events = list(CaseEvent.objects.filter(move__in=VERIFYING, at__gte=since).order_by("-at")[:MOST])
    known = {case.id: case for case in Case.objects.filter(id__in=[event.case_id for event in events])}
    return [
        {"id": event.case_id, "number": known[event.case_id].number, "at": event.at, "passed": event.move != "verify_fail"}
        for event in events
        if event.case_id in known and actor.covers(known[event.case_id].area)
    ]


# --- records ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Record:
    """What was signed, in the reader's language."""

    id: UUID | None
    number: int
    organisation: str
    post: str
    leaves: str
    starts: datetime
    ends: datetime
    at: datetime | None
    remarks: str
    late: list[dict[str, Any]] = field(default_factory=list)
    more_late: int = 0
    requests: list[dict[str, Any]] = field(default_factory=list)
    verified: list[dict[str, Any]] = field(default_factory=list)
    log: list[dict[str, Any]] = field(default_factory=list)
    hash: str = ""
    sound: bool = True
    taking: Taking | None = None
    comes: str = ""
    may_take: bool = False


def draft(act: Act) -> Record:
    """Return what the actor would sign now; raises ``NotOnRota``."""
    shift = shifts.leaving(act)
    record = _titled(act.actor.org, act.actor.post, act.actor.person)
    record.starts, record.ends = shift.starts, shift.ends
    return _filled(record, msgspec.json.decode(msgspec.json.encode(left_behind(act, shift.starts), enc_hook=str)))


def handover(act: Act, id: UUID) -> Record:
    """Return a signed record of one's ground, recomputing its hash; raises ``UnknownHandover``."""
    row = Handover.objects.filter(id=id).first()
    if row is None:
        raise shifts.UnknownHandover
    said = msgspec.json.decode(bytes(row.canonical))
    record = _titled(str(row.organisation), row.post, str(row.person))
    record.id, record.number, record.at, record.remarks, record.hash = row.id, row.number, row.at, said["remarks"], bytes(row.hash).hex()
    record.starts, record.ends = (datetime.fromisoformat(said["shift"][name]) for name in ("starts", "ends"))
    record.taking = Taking.objects.filter(handover=row).first()
    record.comes = people.person_named(record.taking.person, language()) if record.taking else ""
    record.may_take = record.taking is None and shifts.may_take(act, row)
    record.sound = sound(row, record.taking)
    return _filled(record, said["content"])


def _titled(organisation: str, post: str, person: str) -> Record:
    name, title = people.organisation(organisation).called(language()), catalogue.post(post).title_in(language())
    begin = datetime.combine(date.min, time())
    return Record(None, 0, name, title, people.person_named(person, language()), begin, begin, None, "")


def _filled(record: Record, content: Mapping[str, Any]) -> Record:
    record.late = [{**one, **_late_words(one)} for one in content["late"]]
    record.more_late = content["more_late"]
    record.requests = [
        {**one, "title": gettext(REQUEST_TITLES[RequestKind(one["request"])]), "to": _name(one["to"]), "due_at": _time(one["due_at"])}
        for one in content["requests"]
    ]
    record.verified = [{**one, "at": _time(one["at"])} for one in content["verified"]]
    record.log = [{**one, "at": _time(one["at"]), "name": people.person_named(one["person"], language())} for one in content["log"]]
    return record


def _late_words(one: Mapping[str, Any]) -> dict[str, Any]:
    loop, clock, colour = registry.loop(one["kind"]), CLOCK_TITLES.get(one["clock"], Words(one["clock"])), COLOUR_TITLES[one["colour"]]
    return {
        "kind": gettext(loop.title), "place": people.address(one["area"], language()), "clock": gettext(clock) if clock else "",
        "colour_title": gettext(colour), "due_at": _time(one["due_at"]), "lead": _name(one["lead"]),
    }  # fmt: skip


def _name(organisation: str | None) -> str:
    return people.organisation(organisation).called(language()) if organisation else ""


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def sound(row: Handover, taking: Taking | None) -> bool:
    """Tell whether a record, its signature and its place after the one before are as they were signed."""
    before = Handover.objects.filter(organisation=row.organisation, post=row.post, number=row.number - 1).first()
    chained = bytes(row.previous) == (bytes(before.hash) if before else b"")
    signed = bytes(row.hash) == shifts.digest(bytes(row.previous), bytes(row.canonical))
    taken = taking is None or bytes(taking.hash) == shifts.digest(bytes(row.hash), shifts.signed_bytes(taking))
    return chained and signed and taken


@dataclass(frozen=True, slots=True)
class Line:
    """A record in a list."""

    id: UUID
    number: int
    title: str
    at: datetime
    leaves: str
    comes: str


def handovers(actor: Actor, limit: int = DAYS) -> list[Line]:
    """Return the last records of the actor's own organisation, or of the ground where there are none."""
    found = Handover.objects.select_related("taken").order_by("-at")
    own = list(found.filter(organisation=actor.org or NIL)[:limit])
    rows = own or list(found[:limit])
    return [_line(row) for row in rows]


def to_take(act: Act) -> list[Line]:
    """Return the records that wait for this actor's signature."""
    waiting = Handover.objects.filter(
        organisation=act.actor.org or NIL, post=act.actor.post, taken=None, at__gte=act.at - timedelta(days=1)
    ).order_by("-at")
    return [_line(row) for row in waiting[:5] if shifts.may_take(act, row)]


def _line(row: Handover) -> Line:
    taken = getattr(row, "taken", None)
    title = f"{people.organisation(row.organisation).called(language())} · {catalogue.post(row.post).title_in(language())}"
    comes = people.person_named(taken.person, language()) if taken else ""
    return Line(row.id, row.number, title, row.at, people.person_named(row.person, language()), comes)


def log_of(actor: Actor, since: datetime) -> list[dict[str, Any]]:
    """Return what was written in the log of the actor's organisation."""
    entries = LogEntry.objects.filter(organisation=actor.org or NIL, at__gte=since).order_by("-at", "-id")[:MOST]
    return [{"at": entry.at, "name": people.person_named(entry.person, language()), "text": entry.text} for entry in entries]


def interviews(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Return who is to be asked in this quarter, for those who supervise the district."""
    if not policies.may_see_interviews(actor):
        return []
    quarter = f"{roster.day_of(at).year}Q{(roster.day_of(at).month - 1) // 3 + 1}"
    return [
        {"name": _name(str(one.organisation)), "at": one.at, "count": len(one.cases)}
        for one in Interview.objects.filter(quarter=quarter).order_by("-at")
    ]
