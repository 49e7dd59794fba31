"""The witness: what it writes down, and that nobody edits it."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from fengqiao.audit import queries, services
from fengqiao.audit.models import AccessLog, SignInLog
from fengqiao.base.act import Act, Actor, ActorKind
from fengqiao.base.ids import new_id

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


def act(purpose: str = "", at: datetime = AT) -> Act:
    actor = Actor(ActorKind.PERSON, "p1", person="p1", post="town_dispatcher", org="o1")
    return Act(id=new_id(), actor=actor, at=at, purpose=purpose)


def test_reading_c1_leaves_no_trace_and_reading_c2_does(db):
    case = new_id()
    assert services.note_reading(act(), case, 1) is None
    services.note_reading(act(), case, 2)
    note = queries.readings(case_id=case).get()
    assert (note.actor, note.post, note.org, note.at, note.confidentiality) == ("p1", "town_dispatcher", "o1", AT, 2)


@pytest.mark.parametrize("level", [3, 4])
def test_c3_and_above_is_read_for_a_purpose_or_not_at_all(db, level):
    with pytest.raises(services.NoPurpose):
        services.note_reading(act("  "), new_id(), level)
    assert services.note_reading(act("reviewing the agreement"), new_id(), level).purpose == "reviewing the agreement"


def test_the_database_refuses_a_c3_reading_without_purpose_too(db):
    with pytest.raises(DatabaseError), transaction.atomic():
        AccessLog.objects.create(id=new_id(), at=AT, actor_kind="person", actor="x", case_id=new_id(), confidentiality=3)


@pytest.mark.parametrize("statement", ["UPDATE audit_accesslog SET purpose = 'nothing'", "DELETE FROM audit_accesslog"])
def test_nobody_changes_or_deletes_what_was_written_down(db, statement):
    services.note_reading(act(), new_id(), 2)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AccessLog.objects.count() == 1


def test_not_even_the_owner_of_the_tables_edits_it(real_db):
    services.note_reading(act(), new_id(), 2)
    with psycopg.connect(real_db.owner_url) as owner, pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        owner.execute("UPDATE audit_accesslog SET purpose = 'nothing'")


def test_only_retention_drops_and_only_what_is_older_than_six_months(real_db):
    services.note_reading(act(at=datetime.now(UTC) - timedelta(days=100)), new_id(), 2)
    services.note_reading(act(at=datetime.now(UTC) - timedelta(days=300)), new_id(), 2)
    with psycopg.connect(real_db.owner_url, autocommit=True) as owner:
        owner.execute("GRANT SELECT, DELETE ON audit_accesslog TO fengqiao_retention")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE fengqiao_retention")
        cursor.execute("DELETE FROM audit_accesslog WHERE at < now() - interval '6 months'")
        assert cursor.rowcount == 1
    statements = "SET LOCAL ROLE fengqiao_retention; DELETE FROM audit_accesslog"
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements)


def test_a_broken_glass_has_a_reason_of_some_length(db):
    with pytest.raises(services.NoReason):
        services.note_glass(act(), new_id(), reason="because")
    services.note_glass(act(), new_id(), reason="A child is in danger at this address now.")
    assert queries.glasses().count() == 1


def test_sign_ins_are_written_down_with_zero_characters_taken_out(db):
    services.note_sign_in(SignInLog.Outcome.REFUSED, AT, username="a\0b", address="203.0.113.7")
    assert queries.sign_ins(outcome="refused").get().username == "ab"
