"""The second wall: what one act may see never reaches the next."""

from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from fengqiao.access.acting import TooManyAreas, acting, settings_of
from fengqiao.access.doors import anonymous, machine
from fengqiao.access.holdings import merged, subtree
from fengqiao.access.walls import walls_sql
from fengqiao.base.act import Act, Actor, ActorKind

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


def actor(*codes: str, grantees: tuple[str, ...] = (), compartments: tuple[str, ...] = ()) -> Actor:
    return Actor(ActorKind.PERSON, "somebody", ranges=tuple(map(subtree, codes)), grantees=grantees, compartments=compartments)


def act(by: Actor) -> Act:
    return Act(id=uuid4(), actor=by, at=AT)


def told(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [f"app.{name}"])
        return cursor.fetchone()[0] or ""


@pytest.fixture
def walled(real_db):
    """A table behind the wall, with rows of two towns, a granted one and a sealed one; yields their ids by name."""
    ids = {name: uuid4() for name in ("here", "there", "granted", "sealed")}
    with psycopg.connect(real_db.owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE walled (id uuid PRIMARY KEY, area text COLLATE \"C\", compartment text NOT NULL DEFAULT '')")
        owner.execute("CREATE TABLE walled_grant (case_id uuid, grantee text)")
        for statement in walls_sql("walled", grants="walled_grant"):
            owner.execute(statement)
        owner.execute("GRANT SELECT, UPDATE ON walled TO fengqiao_app")
        owner.execute("GRANT INSERT, UPDATE, SELECT ON walled TO fengqiao_engine")
        owner.execute("GRANT SELECT ON walled_grant TO fengqiao_app")
        for name, area, compartment in (
            ("here", "990101001003", ""),
            ("there", "990101002001", ""),
            ("granted", "990101009001", ""),
            ("sealed", "990101001004", "minors"),
        ):
            owner.execute("INSERT INTO walled VALUES (%s, %s, %s)", [ids[name], area, compartment])
        owner.execute("INSERT INTO walled_grant VALUES (%s, 'org:power')", [ids["granted"]])
        yield ids


def seen(ids) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM walled")
        rows = {row[0] for row in cursor.fetchall()}
    return {name for name, id in ids.items() if id in rows}


def test_outside_an_act_nothing_is_seen(walled):
    assert seen(walled) == set()
    with transaction.atomic():
        assert seen(walled) == set()


def test_an_actor_sees_their_area_and_what_was_granted_and_nothing_else(walled):
    with acting(act(actor("990101001"))):
        assert seen(walled) == {"here"}
    with acting(act(actor(grantees=("org:power",)))):
        assert seen(walled) == {"granted"}
    with acting(act(actor("990101001", "990101002", grantees=("org:power", "person:x")))):
        assert seen(walled) == {"here", "there", "granted"}
    with acting(act(actor("990101"))):
        assert seen(walled) == {"here", "there", "granted"}


def test_a_neighbouring_code_with_the_same_beginning_is_not_inside(walled):
    with acting(act(actor("99010100"))):
        assert seen(walled) == {"here", "there", "granted"}
    with acting(act(actor("990101001004"))):
        assert seen(walled) == set()


def test_a_sealed_row_opens_to_its_compartment_only(walled):
    with acting(act(actor("990101001", compartments=("crisis",)))):
        assert seen(walled) == {"here"}
    with acting(act(actor("990101001", compartments=("crisis", "minors")))):
        assert seen(walled) == {"here", "sealed"}


def test_a_broken_glass_opens_one_row_and_no_other(walled):
    with acting(act(actor(grantees=(f"glass:{walled['sealed']}",)))):
        assert seen(walled) == {"sealed"}


def test_the_system_itself_sees_everything(walled):
    with acting(act(machine("sweeper"))):
        assert seen(walled) == set(walled)


def test_an_anonymous_reporter_sees_only_what_their_receipt_grants(walled):
    with acting(act(anonymous("k"))):
        assert seen(walled) == set()
    with acting(act(anonymous("k", ("org:power",)))):
        assert seen(walled) == {"granted"}


def test_the_next_transaction_on_the_same_connection_knows_nothing_of_the_last(walled):
    with acting(act(actor("990101"))):
        assert seen(walled)
        backend = connection.connection.info.backend_pid
    assert connection.connection.info.backend_pid == backend, "it is the same connection"
    assert seen(walled) == set()
    assert told("lo1") == ""


def test_an_act_that_fails_leaves_nothing_behind(walled):
    with pytest.raises(ZeroDivisionError), acting(act(actor("990101"))):
        raise ZeroDivisionError
    assert seen(walled) == set()


def test_an_act_inside_an_act_gives_back_what_it_took(walled):
    with acting(act(actor("990101001"))):
        with acting(act(machine("relay"))):
            assert seen(walled) == set(walled)
        assert seen(walled) == {"here"}
        with pytest.raises(ZeroDivisionError), acting(act(machine("relay"))):
            raise ZeroDivisionError
        assert seen(walled) == {"here"}


def test_an_act_inside_a_plain_transaction_leaves_it_as_blind_as_before(walled):
    with transaction.atomic():
        with acting(act(actor("990101"))):
            assert seen(walled)
        assert seen(walled) == set()


def test_the_app_role_may_lock_what_it_sees_but_change_nothing(walled):
    with acting(act(actor("990101001"))), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM walled FOR UPDATE")
        assert [row[0] for row in cursor.fetchall()] == [walled["here"]]
    with pytest.raises(Exception, match="row-level security"), acting(act(actor("990101001"))), connection.cursor() as cursor:
        cursor.execute("UPDATE walled SET compartment = 'x'")
    with pytest.raises(Exception, match="permission denied"), acting(act(actor("990101001"))), connection.cursor() as cursor:
        cursor.execute("INSERT INTO walled VALUES (gen_random_uuid(), '990101001001', '')")


def test_only_the_engine_role_writes(walled):
    with acting(act(actor("990101001"))), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE fengqiao_engine")
        cursor.execute("UPDATE walled SET area = '990101002009' WHERE id = %s", [walled["here"]])
        assert cursor.rowcount == 1
        cursor.execute("RESET ROLE")
        assert seen(walled) == set()


def test_acting_is_one_statement_and_brings_the_editions(real_db):
    with CaptureQueriesContext(connection) as captured, acting(act(actor("990101"))) as editions:
        pass
    assert [query["sql"][:6] for query in captured] == ["BEGIN", "SELECT", "COMMIT"]
    assert editions["access"] > 0


def test_an_actor_has_at_most_four_ranges_and_no_commas_in_names():
    with pytest.raises(TooManyAreas):
        settings_of(actor("1", "2", "3", "4", "5"))
    with pytest.raises(ValueError, match="no comma"):
        settings_of(actor(grantees=("org:a,org:b",)))


def test_towns_that_follow_each_other_are_one_range():
    towns = ["990101001", "990101002", "990101003", "990101007"]
    assert merged(towns) == (("990101001", "990101003~"), ("990101007", "990101007~"))
