"""The second wall alone: whatever an actor is, a bare SELECT on any table of cases gives exactly the rows it may see.

Nothing of the first wall runs here; the oracle is twenty lines of Python. And whoever holds the application's role writes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fengqiao.access.acting import acting
from fengqiao.base.act import Act, Actor, ActorKind
from fengqiao.base.clock import now
from fengqiao.base.ids import new_id

AREAS = (
    "990101001", "990101001001", "990101001001001", "990101001002001", "990101002001001", "990101010001", "990101010001002", "9901010100",
    "990101012003004", "991",
)  # fmt: skip
GRANTEES = ("org:a", "org:b", "person:p", "receipt:r1", "receipt:r2", "link:l")
COMPARTMENTS = ("", "", "", "counselling", "protection")
CHILDREN = ("case_event", "case_payload", "case_clock", "case_rung", "case_request", "case_reporter", "case_outbox", "case_key")
WRITTEN = ("cases", *CHILDREN, "case_link", "case_grant", "case_search", "case_anchor", "case_head")


@dataclass
class Field:
    """What lies in the database, as the oracle knows it."""

    owner: psycopg.Connection
    area: dict[UUID, str] = field(default_factory=dict)
    compartment: dict[UUID, str] = field(default_factory=dict)
    granted: dict[UUID, set[str]] = field(default_factory=dict)
    links: dict[UUID, tuple[UUID, UUID]] = field(default_factory=dict)

    def sees(self, actor: Actor) -> set[UUID]:
        return {case for case in self.area if self._sees(actor, case)}

    def _sees(self, actor: Actor, case: UUID) -> bool:
        area = self.area[case].encode()
        granted = bool(self.granted[case] & set(actor.grantees))
        opened = f"glass:{case}" in actor.grantees
        in_range = any(low.encode() <= area < high.encode() for low, high in actor.ranges)
        sealed = self.compartment[case]
        seated = not sealed or sealed in actor.compartments or actor.compartments == ("*",)
        return (in_range or granted or opened) and (seated or granted or opened)


@pytest.fixture
def field_of_cases(real_db: Any) -> Iterator[Field]:
    """Forty cases anywhere, sealed or not, granted to anybody; every case has a row in every table."""
    chance, at = Random(20261125), now()
    with psycopg.connect(real_db.owner_url, autocommit=True) as owner:
        made = Field(owner)
        for number in range(40):
            case, area, sealed = new_id(), chance.choice(AREAS), chance.choice(COMPARTMENTS)
            made.area[case], made.compartment[case] = area, sealed
            made.granted[case] = set(chance.sample(GRANTEES, chance.choice((0, 0, 1, 2))))
            _rows(owner, made, case, number, at)
        cases = list(made.area)
        for _each in range(30):
            one, other = chance.sample(cases, 2)
            link = new_id()
            made.links[link] = (one, other)
            owner.execute("INSERT INTO case_link VALUES (%s, 'child_of', false, %s, %s, %s)", [link, at, one, other])
        yield made


def _rows(owner: psycopg.Connection, made: Field, case: UUID, number: int, at: Any) -> None:
    def put(table: str, **row: Any) -> None:
        names = ", ".join(f'"{name}"' for name in row)
        values = ", ".join(["%s"] * len(row))
        owner.execute(f"INSERT INTO {table} ({names}) VALUES ({values})", list(row.values()))  # type: ignore[arg-type]

    sealed, area, event = made.compartment[case], made.area[case], new_id()
    put("cases", id=case, number=f"{number:023d}", kind="incident", loop_version=1, state="R", title="t", text="", area=area, address="",
        category="", channel="qr", level="town", sla="S3", confidentiality=4 if sealed else 1, compartment=sealed, public_danger=False,
        reporter="", assisting=[], held_since=at, objections=0, reworks=0, reopens=0, extensions=0, doers="{}", pending=[], children_open=0,
        matter=case, version=1, last_seq=1, last_hash=b"", created_at=at, clock="", sort_at=at, rung=0, locked=False)  # fmt: skip
    put("case_event", id=event, case_id=case, seq=1, act_id=event, at=at, actor_kind="machine", actor="m", post="", move="report",
        source="", target="R", canonical=b"", hash=b"")  # fmt: skip
    put("case_payload", event_id=event, case_id=case, salt=b"", body=b"", sealed=False, erased_why="")
    put("case_clock", case_id=case, name="accept", org=case, calendar="day", budget=1, consumed=0, rung=0, round=1)
    put("case_rung", id=new_id(), case_id=case, clock="accept", org=case, round=1, rung=1, at=at)
    put("case_request", id=new_id(), case_id=case, kind="pause", status="pending", asked_by="x", asked_at=at, asked="{}", answered_by="")
    put("case_reporter", case_id=case, name="n", phone="", person="", anonymous=False, language="", consent="")
    put("case_outbox", id=event, at=at, topic="incident.report", case_id=case, event_id=event, area=area)
    put("case_key", case_id=case, compartment=sealed, wrapped=b"")
    put("case_search", case_id=case, area=area, compartment=sealed, words=f"'street' '@{area[:9]}'")
    for grantee in made.granted[case]:
        put("case_grant", case_id=case, grantee=grantee, why="lead")


@st.composite
def actors(draw: st.DrawFn) -> Actor:
    """Anybody: up to four ranges that need not make sense, grants, seats, and glass broken somewhere."""
    codes = st.one_of(st.sampled_from(AREAS), st.text("0129~!", max_size=6))
    subtrees = st.sampled_from(AREAS).map(lambda code: (code, f"{code}~"))
    ranges = draw(st.lists(st.one_of(subtrees, st.tuples(codes, codes)), max_size=4))
    grantees = draw(st.lists(st.sampled_from((*GRANTEES, "org:nobody", "org:", "%", "org:a'--")), max_size=3, unique=True))
    seats = draw(
        st.one_of(st.just(("*",)), st.lists(st.sampled_from(("counselling", "protection", "other")), max_size=2, unique=True).map(tuple))
    )
    return Actor(ActorKind.PERSON, "me", ranges=tuple(ranges), grantees=tuple(grantees), compartments=seats)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actor=actors(), glass=st.integers(-80, 39))
def test_every_table_of_cases_shows_exactly_what_the_actor_may_see(field_of_cases, actor, glass):
    if glass >= 0:
        actor = Actor(**{**_fields(actor), "grantees": (*actor.grantees, f"glass:{list(field_of_cases.area)[glass]}")})
    expected = field_of_cases.sees(actor)
    with acting(Act(new_id(), actor, now())), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases")
        assert {row[0] for row in cursor.fetchall()} == expected
        for table in CHILDREN:
            cursor.execute(f"SELECT case_id FROM {table}")
            assert {row[0] for row in cursor.fetchall()} == expected, table
        cursor.execute("SELECT id FROM case_link")
        assert {row[0] for row in cursor.fetchall()} == {link for link, ends in field_of_cases.links.items() if expected & set(ends)}
        cursor.execute("SELECT case_found('street'::tsquery, 1000)")
        assert {row[0] for row in cursor.fetchall()} == expected


def _fields(actor: Actor) -> dict[str, Any]:
    return {name: getattr(actor, name) for name in Actor.__dataclass_fields__}


def test_nobody_acting_sees_nothing(field_of_cases):
    with connection.cursor() as cursor:
        for table in ("cases", *CHILDREN, "case_link"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table


EVERYTHING = Actor(ActorKind.MACHINE, "m", ranges=(("!", "~~"),), compartments=("*",))
KEYS = {"cases": "id", "case_link": "id", "case_anchor": "no"}


def refused(deed: str) -> bool:
    """Do something in the application's role, as an actor who sees everything; tell whether the database refused it."""
    try:
        with acting(Act(new_id(), EVERYTHING, now())), connection.cursor() as cursor:
            cursor.execute(deed)
    except DatabaseError:
        return True
    return False


def test_the_applications_role_writes_no_row_of_a_case(field_of_cases):
    done = []
    for table in WRITTEN:
        key = KEYS.get(table, "case_id")
        done += [
            deed
            for deed in (
                f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1",
                f"UPDATE {table} SET {key} = {key}",
                f"DELETE FROM {table}",
                f"TRUNCATE {table} CASCADE",
                f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
                f"DROP TABLE {table} CASCADE",
            )
            if not refused(deed)
        ]
    assert done == []


def test_a_row_may_be_locked_but_not_marked(field_of_cases):
    assert not refused("SELECT id FROM cases FOR NO KEY UPDATE")
    assert refused("UPDATE cases SET locked = true")
    assert refused("SELECT words FROM case_search")


REWRITES = (
    "UPDATE case_event SET actor = 'x'", "DELETE FROM case_event", "TRUNCATE case_event CASCADE", "UPDATE case_payload SET body = 'x'",
    "UPDATE case_payload SET body = 'x', erased_at = now()", "DELETE FROM case_payload",
)  # fmt: skip


def test_not_even_the_owner_changes_what_was_recorded(field_of_cases):
    for deed in (*REWRITES, "UPDATE case_payload SET body = NULL, erased_at = now()"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            field_of_cases.owner.execute(deed)


def test_neither_engine_nor_retention_rewrites_what_was_recorded(field_of_cases):
    for role in ("fengqiao_engine", "fengqiao_retention"):
        assert [deed for deed in REWRITES if not refused(f"SET LOCAL ROLE {role}; {deed}")] == []
