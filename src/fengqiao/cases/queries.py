"""What people look up about cases: boxes, lists, one case with everything that may be done with it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models.base import ModelState

from fengqiao.audit import services as audit
from fengqiao.base.act import Act, Actor
from fengqiao.base.errors import NotFound
from fengqiao.base.words import _
from fengqiao.cases import policies
from fengqiao.cases.claims import UnknownCase, cases_of
from fengqiao.cases.ledger import bigrams
from fengqiao.cases.models import Case
from fengqiao.cases.numbers import TOWN, is_number, numbers_like
from fengqiao.cases.terms import BOX_STATES, Box
from fengqiao.loop.alphabet import ENDINGS, Z
from fengqiao.people import queries as people
from fengqiao.people.statements import planned

COLUMNS = [
    "id", "number", "kind", "loop_version", "state", "title", "area", "address", "category", "channel", "level",
    "sla", "confidentiality", "compartment", "public_danger", "reporter", "lead", "assisting", "handler",
    "held_since", "created_at", "closed_at", "version", "clock", "due_at", "sort_at", "rung", "pending", "rating",
    "resume_on", "matter", "lon", "lat",
]  # fmt: skip
NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
PAGE = 50
FOUND_AT_MOST = 400
PLACES_AT_MOST = 20
SHORT = re.compile(r"(\d{4})-(\d{5})")
"""A number as a list shows it: month, day and serial."""
ENDED = "".join((*sorted(ENDINGS), Z))


class NoSuchBox(NotFound):
    """The desk has no such box."""

    message = _("There is no box called “{box}”.")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; empty means all."""

    box: str = ""
    state: str = ""
    colour: str = ""
    kind: str = ""
    category: str = ""
    area: str = ""
    org: str = ""
    channel: str = ""
    desk: str = ""
    mine: bool = False
    q: str = ""
    since: datetime | None = None
    until: datetime | None = None
    sort: str = "due"
    years: tuple[int, ...] = ()


@dataclass(slots=True)
class Where:
    """A condition that grows, with its values beside it."""

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, part: str, *values: Any) -> None:
        self.parts.append(part)
        self.values.extend(values)

    @property
    def sql(self) -> str:
        return " AND ".join(self.parts) or "true"


def page(actor: Actor, wanted: Filter, after: tuple[Any, ...] | None = None, limit: int = PAGE) -> list[Case]:
    """Return one page of cases by keyset, soonest due (or newest) first; one query, whatever the page (decision 28)."""
    states = _states(wanted)
    where = conditions(actor, wanted if states is None else replace(wanted, box="", state=""))
    order, keys = _order(wanted.sort)
    if after is not None:
        sign = ">" if wanted.sort == "due" else "<"
        where.add(f"({', '.join(keys)}) {sign} ({', '.join(['%s'] * len(keys))})", *after)
    sql = f"SELECT {NAMES} FROM cases WHERE {where.sql} ORDER BY {order} LIMIT {int(limit)}"
    values = where.values
    if states is not None:
        # An index holds one state in the order of the list, and several only in the order of the index: so each state
        # gives its first fifty, and of these the first fifty are the page.
        one = f"(SELECT {NAMES} FROM cases WHERE {where.sql} AND state = %s ORDER BY {order} LIMIT {int(limit)})"
        sql = " UNION ALL ".join([one] * len(states)) + (f" ORDER BY {order} LIMIT {int(limit)}" if len(states) > 1 else "")
        values = [value for state in states for value in (*where.values, state)]
    if states == "":
        return []
    return [_listed(row) for row in planned(sql, values)]


def _states(wanted: Filter) -> str | None:
    """Return the states of a list; none when it is not narrowed to any, or by more than its states, or by words: they come first."""
    if wanted.box and wanted.box not in list(Box):
        raise NoSuchBox(box=wanted.box)
    boxed = BOX_STATES[Box(wanted.box)] if wanted.box and wanted.box != Box.ALL else ""
    if wanted.box == Box.REQUESTS or wanted.q.strip() or not (boxed or wanted.state):
        return None
    return "".join(state for state in dict.fromkeys(boxed or wanted.state) if not wanted.state or state in wanted.state)


@cache
def _blank() -> Mapping[str, Any]:
    return {name: value for name, value in vars(Case()).items() if name != "_state"}


def _listed(values: Sequence[Any]) -> Case:
    """Make a case of a list's columns. Not by its constructor: for fifty lines that takes longer than asking the database."""
    case, state = Case.__new__(Case), ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    case.__dict__ = {**_blank(), **dict(zip(COLUMNS, values, strict=True)), "_state": state}
    return case


def _order(sort: str) -> tuple[str, tuple[str, ...]]:
    return ("created_at DESC, id DESC", ("created_at", "id")) if sort == "newest" else ("sort_at, id", ("sort_at", "id"))


def key_of(case: Case, sort: str) -> tuple[str, str]:
    """Return where a list stands after this row."""
    return (case.created_at if sort == "newest" else case.sort_at).isoformat(), str(case.id)


def conditions(actor: Actor, wanted: Filter) -> Where:
    """Return the condition of a list: the actor's ground first, so that the right index is taken; then what was asked."""
    where = Where()
    _ground(actor, wanted, where)
    _box(wanted.box, where)
    if wanted.state:
        where.add("state = ANY(%s)", list(wanted.state))
    if wanted.colour:
        _colour(wanted.colour, where)
    for name in ("kind", "channel"):
        if getattr(wanted, name):
            where.add(f"{name} = %s", getattr(wanted, name))
    if wanted.category:
        # Of what is confidential a list does not tell the category, so it is not found by it either (decision 22).
        where.add("category >= %s AND category < %s AND confidentiality < 2", wanted.category, wanted.category + "~")
    if wanted.area:
        where.add("area >= %s AND area < %s", wanted.area, wanted.area + "~")
    if wanted.org:
        where.add("(lead = %s OR assisting @> ARRAY[%s]::uuid[])", wanted.org, wanted.org)
    if wanted.desk:
        _desk(wanted.desk, where)
    _when(wanted, where)
    _text(wanted, where)
    return where


def _when(wanted: Filter, where: Where) -> None:
    if wanted.since:
        where.add("created_at >= %s", wanted.since)
    if wanted.until:
        where.add("created_at < %s", wanted.until)


def _ground(actor: Actor, wanted: Filter, where: Where) -> None:
    """A desk without ground of its own has its organisation's orders, one with ground its cases, everybody else their own."""
    if actor.person and (wanted.mine or not (actor.ranges or works_by_order(actor))):
        where.add("(handler = %s OR reporter = %s)", actor.person, actor.person)
    elif works_by_order(actor):
        where.add(
            "(lead = %s OR assisting @> ARRAY[%s]::uuid[] OR id = ANY(ARRAY(SELECT case_id FROM case_grant WHERE grantee = %s)))",
            actor.org, actor.org, f"org:{actor.org}",
        )  # fmt: skip
    elif actor.ranges and not any(low <= wanted.area and f"{wanted.area}~" <= high for low, high in actor.ranges if wanted.area):
        # An area within the actor's ground is asked for once: said twice, it is planned for a tenth of what there is.
        where.add(
            "(" + " OR ".join(["(area >= %s AND area < %s)"] * len(actor.ranges)) + ")", *(edge for pair in actor.ranges for edge in pair)
        )


def works_by_order(actor: Actor) -> bool:
    """Tell whether an actor sees only what was given to the organisation (handlers), not an area's cases."""
    return actor.speaks_for(actor.org) and not actor.ranges


def _box(box: str, where: Where) -> None:
    if not box or box == Box.ALL:
        return
    if box not in list(Box):
        raise NoSuchBox(box=box)
    if box == Box.REQUESTS:
        where.add("pending <> '{}'")
    else:
        states = list(BOX_STATES[Box(box)])
        where.add("state = %s" if len(states) == 1 else "state = ANY(%s)", states[0] if len(states) == 1 else states)


def _colour(colour: str, where: Where) -> None:
    if colour == "paused":
        where.add("state = 'P'")
        return
    rungs = {"on_time": 0, "amber": 1, "yellow": 2, "red": 3, "upgraded": 4}
    where.add("rung = %s AND due_at IS NOT NULL", rungs.get(colour, -1))


def _desk(desk: str, where: Where) -> None:
    """One of the four desks: what its organisations lead, and what was proposed to them and is not assigned yet."""
    answering = [row.id for row in people.organisations(desk=desk)]
    where.add(
        "(lead = ANY(%s::uuid[]) OR (lead IS NULL AND (suggestion->>'desk' = %s "
        "OR (coalesce(suggestion->>'desk', '') = '' AND suggestion->>'organisation' = ANY(%s)))))",
        answering, desk, answering,
    )  # fmt: skip


def _text(wanted: Filter, where: Where) -> None:
    """What was typed: a whole number, a number as the list shows it, the name of a place, or words."""
    text = wanted.q.strip()
    if not text:
        return
    if is_number(text):
        where.add("number = %s", text)
        return
    if short := SHORT.fullmatch(text):
        where.add("number = ANY(%s)", numbers_like(short[1], short[2], wanted.years))
        return
    words = [word for word in bigrams(text) if len(word) > 1] or bigrams(text)
    sought = " & ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words[:20])
    found = ["SELECT case_found(%s::tsquery, %s)"] if sought else []
    values: list[Any] = [sought, FOUND_AT_MOST] if sought else []
    for code in _places(text):
        # A place has an index of its own; so that the rest of the list stays quick, a place gives what is due there first.
        found.append("(SELECT id FROM cases WHERE area >= %s AND area < %s AND confidentiality < 2 ORDER BY sort_at, id LIMIT %s)")
        values += [code, f"{code}~", FOUND_AT_MOST]
    where.add(f"id IN ({' UNION ALL '.join(found)})" if found else "false", *values)


def _places(text: str) -> list[str]:
    """Return the villages and grids that are called this; a town or the district is a filter, not a search."""
    name = text.casefold()
    if len(name) < 2:
        return []
    begins = f"{name} "
    named = (
        row.code
        for row in people.areas().values()
        if len(row.code) > TOWN and (row.name.startswith(text) or f"{row.name_en.casefold()} ".startswith(begins))
    )
    return list(islice(named, PLACES_AT_MOST))


def boxes(actor: Actor) -> dict[str, int]:
    """Return how many cases wait in each box, counted in one pass; of those that have ended only an appeal still waits."""
    where = conditions(actor, Filter())
    sql = (
        f"SELECT state, count(*), count(*) FILTER (WHERE pending <> '{{}}') FROM cases "
        f"WHERE {where.sql} AND NOT state = ANY(%s) GROUP BY state "
        f"UNION ALL SELECT '', 0, count(*) FROM cases WHERE {where.sql} AND state = ANY(%s) AND pending <> '{{}}' AND id = ANY(ARRAY("
        "SELECT case_id FROM case_request WHERE status = 'pending' AND kind = 'appeal'))"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*where.values, list(ENDED), *where.values, list(ENDED)])
        rows = cursor.fetchall()
    by_state = {state: count for state, count, _pending in rows}
    counted: dict[str, int] = {
        str(box): sum(by_state.get(state, 0) for state in states) for box, states in BOX_STATES.items() if box is not Box.CLOSED
    }
    counted[Box.REQUESTS] = sum(pending for _state, _count, pending in rows)
    counted[Box.ALL] = sum(by_state.values())
    return counted


def read(act: Act, case_id: UUID, *, own: bool = False) -> Case:
    """Return one case if the actor may read it; reading C2 and above is noted (handbook C4).

    With ``own`` the door shows only what its reporter may know: then whoever reported is let in, and need not say why.
    """
    case = current(case_id)
    if own and policies.is_reporter(act.actor, case):
        act = replace(act, purpose=act.purpose or "own report")
    elif refused := policies.may_read(act.actor, case):
        raise refused
    if case.confidentiality >= 2:
        audit.note_reading(act, case.id, case.confidentiality)
    return case


def current(case_id: UUID) -> Case:
    """Return a case that the actor may see, as it is now."""
    for case in cases_of("SELECT * FROM cases WHERE id = %s", [case_id]):
        found: Case = case
        return found
    raise UnknownCase


def by_number(number: str) -> Case | None:
    """Return a case by its number, if the actor may see it."""
    return Case.objects.filter(number=number).first()


def linked(case: Case) -> list[tuple[str, Case]]:
    """Return the cases this one belongs to, with how; only those the actor may see."""
    names = ", ".join(f'c."{name}"' for name in COLUMNS)
    sql = (
        f"SELECT l.relation || CASE WHEN l.case_id = %s THEN '' ELSE '_by' END, {names} FROM case_link l "
        "JOIN cases c ON c.id = CASE WHEN l.case_id = %s THEN l.other_id ELSE l.case_id END "
        "WHERE l.case_id = %s OR l.other_id = %s ORDER BY c.created_at, c.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [case.id] * 4)
        return [(row[0], _listed(row[1:])) for row in cursor.fetchall()]


def counts_by(actor: Actor, wanted: Filter, column: str) -> Mapping[str, int]:
    """Return how many cases of a list fall under each value of a column."""
    if column not in {"state", "kind", "category", "area", "channel", "rung", "lead"}:
        raise ValueError(column)
    where = conditions(actor, wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}::text, count(*) FROM cases WHERE {where.sql} GROUP BY 1 ORDER BY 2 DESC", where.values)
        return dict(cursor.fetchall())


def titles(ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the titles of cases the actor may see."""
    return dict(Case.objects.filter(id__in=list(ids)).values_list("id", "title"))
