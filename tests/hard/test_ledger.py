"""Somebody with all rights over the database changes what was recorded: whatever it is, verification finds it.

The wrongdoer is the database's owner with every trigger switched off; only the exported anchors are out of reach.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.base.clock import now
from fengqiao.cases import anchors, verifying

TABLES = ("cases", "case_event", "case_payload", "case_anchor", "case_head")
OF = "(SELECT id FROM cases ORDER BY id LIMIT 1)"
OTHER = "(SELECT id FROM cases ORDER BY id OFFSET 1 LIMIT 1)"
LAST = f"(SELECT max(seq) FROM case_event WHERE case_id = {OF})"

# What is done, and what must be said of it.
DEEDS: dict[str, tuple[str, str]] = {
    "the doer of an event": (f"UPDATE case_event SET actor = 'machine:x' WHERE case_id = {OF} AND seq = 2", "columns were changed"),
    "the post of an event": (f"UPDATE case_event SET post = 'mayor' WHERE case_id = {OF} AND seq = 2", "columns were changed"),
    "the organisation of an event": (f"UPDATE case_event SET org = act_id WHERE case_id = {OF} AND seq = 2", "columns were changed"),
    "the move of an event": (f"UPDATE case_event SET move = 'reject' WHERE case_id = {OF} AND seq = 2", "columns were changed"),
    "where an event led": (f"UPDATE case_event SET target = 'X' WHERE case_id = {OF} AND seq = 2", "columns were changed"),
    "where an event came from": (f"UPDATE case_event SET source = 'H' WHERE case_id = {OF} AND seq = 2", "columns were changed"),
    "the time of an event": (f"UPDATE case_event SET at = at - interval '1 day' WHERE case_id = {OF} AND seq = 2", "time was changed"),
    "the claimed time": (f"UPDATE case_event SET occurred_at = at WHERE case_id = {OF} AND seq = 2", "time was changed"),
    "the act of an event": (f"UPDATE case_event SET act_id = gen_random_uuid() WHERE case_id = {OF} AND seq = 2", "columns were changed"),
    "canonical bytes": (
        f"UPDATE case_event SET canonical = canonical || ' '::bytea WHERE case_id = {OF} AND seq = 2", "hash does not fit"
    ),
    "bytes that are no record": (
        f"UPDATE case_event SET canonical = 'x', hash = sha256('x') WHERE case_id = {OF} AND seq = 2", "not one of ours"
    ),
    "a hash": (f"UPDATE case_event SET hash = sha256(hash) WHERE case_id = {OF} AND seq = 2", "hash does not fit"),
    "what was said": (
        f"UPDATE case_payload SET body = convert_to(replace(convert_from(body, 'UTF8'), '路灯', '路牌'), 'UTF8') WHERE case_id = {OF}",
        "what was said was changed",
    ),
    "the salt": (f"UPDATE case_payload SET salt = sha256(salt) WHERE case_id = {OF}", "what was said was changed"),
    "what was said is gone": (f"DELETE FROM case_payload WHERE case_id = {OF}", "what was said is missing"),
    "something more was said": (
        "INSERT INTO case_payload (event_id, case_id, salt, body, sealed, erased_why) "
        f"VALUES (gen_random_uuid(), {OF}, 's', 'b', false, '')",
        "belongs to no event",
    ),
    "one event deleted": (f"DELETE FROM case_event WHERE case_id = {OF} AND seq = 2", "does not follow"),
    "one event deleted and the others moved up": (
        f"DELETE FROM case_event WHERE case_id = {OF} AND seq = 2; UPDATE case_event SET seq = seq - 1 WHERE case_id = {OF} AND seq > 2",
        "does not follow",
    ),
    "one event inserted": (
        f"UPDATE case_event SET seq = seq + 100 WHERE case_id = {OF} AND seq > 1; "
        f"UPDATE case_event SET seq = seq - 99 WHERE case_id = {OF} AND seq > 100; INSERT INTO case_event "
        "(id, case_id, seq, act_id, at, actor_kind, actor, post, move, source, target, canonical, hash) "
        "SELECT gen_random_uuid(), case_id, 2, act_id, at, actor_kind, actor, post, move, source, target, canonical, hash FROM case_event "
        f"WHERE case_id = {OF} AND seq = 1",
        "does not follow",
    ),
    "one event put behind the last": (
        "INSERT INTO case_event (id, case_id, seq, act_id, at, actor_kind, actor, post, move, source, target, canonical, hash) SELECT "
        f"gen_random_uuid(), case_id, seq + 1, act_id, at, actor_kind, actor, post, move, source, target, canonical, hash FROM case_event "
        f"WHERE case_id = {OF} AND seq = {LAST}",
        "behind the last",
    ),
    "two events change places": (
        f"UPDATE case_event SET seq = 1000 WHERE case_id = {OF} AND seq = 2; "
        f"UPDATE case_event SET seq = 2 WHERE case_id = {OF} AND seq = 3; "
        f"UPDATE case_event SET seq = 3 WHERE case_id = {OF} AND seq = 1000",
        "does not follow",
    ),
    "an event goes to another case": (
        f"UPDATE case_event SET case_id = {OTHER}, seq = 50 WHERE case_id = {OF} AND seq = {LAST}", "does not follow"
    ),
    "the tail is cut": (f"DELETE FROM case_event WHERE case_id = {OF} AND seq = {LAST}", "last event is missing"),
    "the tail is cut and the row made to fit": (
        f"DELETE FROM case_event WHERE case_id = {OF} AND seq = {LAST}; "
        "UPDATE cases c SET last_seq = e.seq, last_hash = e.hash, state = e.target "
        f"FROM case_event e WHERE c.id = {OF} AND e.case_id = c.id AND e.seq = {LAST}",
        "its tail was cut",
    ),
    "a whole case vanishes": (
        "; ".join(f"DELETE FROM {table} WHERE case_id = {OF}" for table in ("case_payload", "case_event", "case_head"))
        + f"; DELETE FROM cases WHERE id = {OF}",
        "vanished",
    ),
    "only the row of a case vanishes": (f"DELETE FROM cases WHERE id = {OF}", "its row is missing"),
    "the words of a case": (f"UPDATE cases SET text = '没有这回事' WHERE id = {OF}", "in other words"),
    "the state of a case": (f"UPDATE cases SET state = 'C' WHERE id = {OF}", "another state"),
    "an anchor in the database": ("UPDATE case_anchor SET digest = sha256(digest) WHERE no = 1", "the database keeps another"),
    "all anchors in the database": ("DELETE FROM case_anchor", "the database keeps another"),
}  # fmt: skip


class Wrongdoer:
    """The owner of the database, who can also undo what was done, so that the next deed starts from the truth."""

    def __init__(self, url: str) -> None:
        self.hand = psycopg.connect(url, autocommit=True)
        self.hand.execute("SET session_replication_role = replica")
        for table in TABLES:
            self.hand.execute(f"CREATE TABLE kept_{table} AS TABLE {table}")  # type: ignore[arg-type]

    def do(self, sql: str) -> None:
        with self.hand.transaction():
            for part in sql.split("; "):
                self.hand.execute(part)  # type: ignore[arg-type]

    def undo(self) -> None:
        for table in TABLES:
            self.hand.execute(f"DELETE FROM {table}")  # type: ignore[arg-type]
            names = ", ".join(f'"{row[0]}"' for row in self.hand.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position", [table]
            ))  # fmt: skip
            self.hand.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM kept_{table}")  # type: ignore[arg-type]


@pytest.fixture
def sealed(dispatcher: Any, lead_organisation: str, tmp_path: Path) -> Path:
    """Three cases on their way, under one anchor and then, grown, under a second."""
    ids = [json.loads(dispatcher.report(f"路灯不亮，第{n}处").content)["id"] for n in range(3)]
    for case in ids:
        dispatcher.move(case, "accept")
    folder = tmp_path / "anchors"
    with acting(machine_act("clock", now())):
        anchors.anchor(now(), folder)
    for case in ids:
        assert dispatcher.move(case, "triage", category="0505").status_code == 200
        assert dispatcher.move(case, "assign", lead=lead_organisation).status_code == 200
    with acting(machine_act("clock", now())):
        anchors.anchor(now(), folder)
    return folder


@pytest.fixture
def wrongdoer(sealed: Path, real_db: Any) -> Iterator[Wrongdoer]:
    made = Wrongdoer(real_db.owner_url)
    yield made
    made.hand.close()


def test_the_untouched_ledger_has_no_fault(sealed):
    found = verifying.verify(sealed)
    assert (found.faults, found.cases, found.events, found.anchors) == ([], 3, 12, 2)


def test_every_single_change_is_found_and_named(sealed, wrongdoer):
    missed = {}
    for deed, (sql, sentence) in DEEDS.items():
        wrongdoer.do(sql)
        faults = verifying.verify(sealed).faults
        if not any(sentence in fault for fault in faults):
            missed[deed] = faults
        wrongdoer.undo()
    assert missed == {}
    assert verifying.verify(sealed).faults == []


def test_a_chain_forged_from_end_to_end_is_found_by_its_seal(sealed, wrongdoer):
    """Whoever recomputes every hash, the row and the anchors in the database cannot recompute the exported anchors."""
    rows = wrongdoer.hand.execute(f"SELECT seq, canonical FROM case_event WHERE case_id = {OF} ORDER BY seq").fetchall()
    head = b""
    for seq, canonical in rows:
        said = {**json.loads(bytes(canonical)), "prev": head.hex()}
        if seq == 2:
            said["actor"] = "machine:x"
        forged = json.dumps(said).encode()
        head = hashlib.sha256(forged).digest()
        wrongdoer.hand.execute(
            f"UPDATE case_event SET canonical = %s, hash = %s, actor = %s WHERE case_id = {OF} AND seq = %s",
            [forged, head, said["actor"], seq],
        )
    wrongdoer.hand.execute(f"UPDATE cases SET last_hash = %s WHERE id = {OF}", [head])
    assert verifying.verify(None).faults == []
    assert any("not the one that was sealed" in fault for fault in verifying.verify(sealed).faults)


def _edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


EDITS: dict[str, Callable[[Path], object]] = {
    "a line": lambda folder: _edit(folder / "00000001.anchor", lambda text: text.replace(" 2 ", " 3 ", 1)),
    "its head": lambda folder: _edit(folder / "00000001.anchor", lambda text: text.replace('"no": 1', '"no": 2')),
    "a line less": lambda folder: _edit(folder / "00000002.anchor", lambda text: text.rsplit("\n", 2)[0] + "\n"),
    "nonsense": lambda folder: _edit(folder / "00000002.anchor", lambda text: "nonsense"),
    "the first is gone": lambda folder: (folder / "00000001.anchor").unlink(),
    "the last is gone": lambda folder: (folder / "00000002.anchor").unlink(),
}


def test_every_change_of_an_exported_anchor_is_found(sealed, tmp_path):
    missed = []
    for name, edit in EDITS.items():
        copy = shutil.copytree(sealed, tmp_path / name)
        edit(copy)
        if not any(fault.startswith("anchor") for fault in verifying.verify(copy).faults):
            missed.append(name)
    assert missed == []


def test_what_the_retention_role_erased_leaves_a_tombstone_that_verification_accepts(sealed, real_db):
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SET LOCAL ROLE fengqiao_retention")
        cursor.execute("UPDATE case_payload SET body = NULL, erased_at = now(), erased_why = 'schedule' RETURNING 1")
        erased = len(cursor.fetchall())
        cursor.execute("COMMIT")
    found = verifying.verify(sealed)
    assert erased == 12
    assert (found.faults, found.erased) == ([], 12)


def test_the_command_says_what_it_found_and_fails(sealed, wrongdoer, capsys):
    assert verifying.main(["--anchors", str(sealed)]) == 0
    assert "nothing was changed" in capsys.readouterr().out
    wrongdoer.do(DEEDS["the doer of an event"][0])
    assert verifying.main(["--anchors", str(sealed)]) == 1
    assert "event 2: its columns were changed" in capsys.readouterr().out
