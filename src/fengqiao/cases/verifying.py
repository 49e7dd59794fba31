"""The proof that nobody changed what was recorded: `fengqiao verify-ledger` (decision 4).

Every case's chain is walked in one snapshot and compared with its row and with every seal that was exported. Found is every
edit, deletion, insertion, reorder, cut tail and vanished case since the last exported anchor; each is named by case and event.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from fengqiao.access.doors import machine_act
from fengqiao.audit.services import note_deed
from fengqiao.base.clock import now
from fengqiao.cases.ledger import AS_BEFORE, AS_ENGINE

EVENTS = """
SELECT e.case_id, e.seq, e.canonical, e.hash, e.id, e.act_id, e.at, e.occurred_at, e.actor_kind, e.actor, e.post, e.org, e.move,
       e.source, e.target, p.case_id AS said_of, p.salt, p.body, p.erased_at, c.text AS told
FROM case_event e LEFT JOIN case_payload p ON p.event_id = e.id LEFT JOIN cases c ON c.id = e.case_id AND e.seq = 1
ORDER BY e.case_id, e.seq
"""
# What the chains cannot tell by themselves: rows without events, events without rows, a row that says otherwise.
ASTRAY = """
SELECT c.id, CASE WHEN e.id IS NULL THEN 'its last event is missing'
                  WHEN e.hash <> c.last_hash THEN 'the row says another last event than the chain'
                  ELSE 'the row says another state than its last event' END
FROM cases c LEFT JOIN case_event e ON e.case_id = c.id AND e.seq = c.last_seq
WHERE e.id IS NULL OR e.hash <> c.last_hash OR e.target <> c.state
UNION ALL
SELECT e.case_id, 'event ' || e.seq || ' stands behind the last one that the row knows' FROM case_event e
JOIN cases c ON c.id = e.case_id WHERE e.seq > c.last_seq
UNION ALL
SELECT DISTINCT e.case_id, 'its row is missing, its events are there' FROM case_event e
WHERE NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = e.case_id)
UNION ALL
SELECT p.case_id, 'something is said that belongs to no event' FROM case_payload p
WHERE NOT EXISTS (SELECT 1 FROM case_event e WHERE e.id = p.event_id)
"""
PLAIN = ("id", "act_id", "actor_kind", "actor", "post", "org", "move", "source", "target")
TIMES = ("at", "occurred_at")
LOCK = "SELECT pg_advisory_lock_shared(hashtext('fengqiao.anchor'))"
UNLOCK = "SELECT pg_advisory_unlock_shared(hashtext('fengqiao.anchor'))"

Seals = dict[str, dict[int, str]]


@dataclass(slots=True)
class Findings:
    """What a verification found."""

    cases: int = 0
    events: int = 0
    anchors: int = 0
    erased: int = 0
    faults: list[str] = field(default_factory=list)


def verify(folder: Path | None = None) -> Findings:
    """Walk every chain, and compare with every anchor that was exported to ``folder``."""
    found = Findings()
    with _snapshot():
        seals = _seals(found, folder) if folder else {}
        _walk(found, seals)
        with connection.cursor() as cursor:
            cursor.execute(ASTRAY)
            found.faults += [f"case {case}: {fault}" for case, fault in cursor.fetchall()]
    for case, sealed in seals.items():
        found.faults.append(f"case {case}: vanished, or its tail was cut; it was sealed with {max(sealed)} events")
    return found


@contextmanager
def _snapshot() -> Iterator[None]:
    """See everything as of one moment, while no anchor is being made."""
    outermost = not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if outermost:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute(AS_ENGINE)  # the second wall would hide events whose case is gone
            yield
            cursor.execute(AS_BEFORE)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(UNLOCK)


def _walk(found: Findings, seals: Seals) -> None:
    """Check every event against the one before it and against its seals; what is sealed and was met is taken off the list."""
    case, seq, head = "", 0, ""
    for facts in _events():
        found.events += 1
        found.erased += facts["erased_at"] is not None
        if str(facts["case_id"]) != case:
            case, seq, head = str(facts["case_id"]), 0, ""
            found.cases += 1
        if fault := _fault(facts, seq, head):
            found.faults.append(f"case {case}, event {facts['seq']}: {fault}")
        seq, head = facts["seq"], bytes(facts["hash"]).hex()
        sealed = seals.get(case)
        if sealed and (expected := sealed.pop(seq, None)) is not None:
            if expected != head:
                found.faults.append(f"case {case}, event {seq}: not the one that was sealed")
            if not sealed:
                del seals[case]


def _events() -> Iterator[dict[str, Any]]:
    # A server-side cursor: the ledger may be longer than the memory.
    with connection.connection.cursor(name="ledger") as cursor:
        cursor.itersize = 5_000
        cursor.execute(EVENTS)
        names = [column.name for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))


def _fault(facts: dict[str, Any], seq: int, head: str) -> str:
    canonical = bytes(facts["canonical"])
    if hashlib.sha256(canonical).digest() != bytes(facts["hash"]):
        return "its hash does not fit its content"
    try:
        said: dict[str, Any] = json.loads(canonical)
        return _contradiction(facts, said, seq, head) or _other_story(facts)
    except (ValueError, KeyError, TypeError):
        return "its content is not one of ours"


def _other_story(facts: dict[str, Any]) -> str:
    """Screens show the words of the report from the row; they must be the words that are on the record."""
    if not facts["told"] or facts["erased_at"] is not None:
        return ""
    return "" if json.loads(bytes(facts["body"])).get("text") == facts["told"] else "the row tells it in other words"


def _contradiction(facts: dict[str, Any], said: dict[str, Any], seq: int, head: str) -> str:
    if facts["seq"] != seq + 1 or said["seq"] != facts["seq"]:
        return "its number does not follow the one before"
    if said["prev"] != head or said["case_id"] != str(facts["case_id"]):
        return "it does not follow the event before"
    if any(str(said[name] or "") != str(facts[name] or "") for name in PLAIN):
        return "its columns were changed"
    if any((datetime.fromisoformat(said[name]) if said[name] else None) != facts[name] for name in TIMES):
        return "its time was changed"
    if facts["salt"] is None or facts["said_of"] != facts["case_id"]:
        return "what was said is missing"
    if facts["erased_at"] is not None and facts["body"] is None:
        return ""
    told = hashlib.sha256(bytes(facts["salt"]) + bytes(facts["body"])).hexdigest()
    return "" if told == said["payload"] else "what was said was changed"


def _seals(found: Findings, folder: Path) -> Seals:
    """Read the chain of exported anchors; return what was sealed, by case and number of the event."""
    seals: Seals = {}
    previous, expected = "", 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT no, digest FROM case_anchor ORDER BY no")
        kept = {no: bytes(digest).hex() for no, digest in cursor.fetchall()}
    for path in sorted(folder.glob("*.anchor")):
        try:
            told, lines = _read(path)
        except (ValueError, KeyError, TypeError, UnicodeError):
            found.faults.append(f"anchor {path.name}: the exported file cannot be read any more")
            continue
        digest = hashlib.sha256(bytes.fromhex(previous) + "".join(lines).encode()).hexdigest()
        if told["no"] != expected or told["previous"] != previous or told["digest"] != digest:
            found.faults.append(f"anchor {path.name}: the exported file was changed, or one before it is missing")
        if kept.get(told["no"]) != told["digest"]:
            found.faults.append(f"anchor {told['no']}: the database keeps another one")
        previous, expected, found.anchors = told["digest"], told["no"] + 1, found.anchors + 1
        for case, seq, head in (line.split() for line in lines):
            seals.setdefault(case, {})[int(seq)] = head
    found.faults += [f"anchor {no}: it was never exported, or its file is missing" for no in kept if no >= expected]
    return seals


def _read(path: Path) -> tuple[dict[str, Any], list[str]]:
    first, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    told = json.loads(first)
    told = {"no": int(told["no"]), "previous": bytes.fromhex(told["previous"]).hex(), "digest": bytes.fromhex(told["digest"]).hex()}
    for line in lines:
        _case, seq, head = line.split()
        bytes.fromhex(head), int(seq)
    return told, lines


def main(arguments: list[str]) -> int:
    """Verify the ledger; the exit code is 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="fengqiao verify-ledger", description="Prove that nobody changed what was recorded.")
    parser.add_argument("--anchors", type=Path, default=Path(settings.FENGQIAO_ANCHORS), help="the folder to which seals are exported")
    folder: Path = parser.parse_args(arguments).anchors
    found = verify(folder)
    # The health page says when this was done last and what was found.
    note_deed(
        machine_act("ledger", now()),
        "ledger_verified",
        cases=found.cases,
        events=found.events,
        anchors=found.anchors,
        faults=len(found.faults),
    )
    for fault in found.faults:
        sys.stdout.write(f"{fault}\n")
    counted = f"{found.cases} cases, {found.events} events ({found.erased} erased), {found.anchors} anchors in {folder}"
    sys.stdout.write(f"{counted}: {f'{len(found.faults)} faults' if found.faults else 'nothing was changed'}.\n")
    return 1 if found.faults else 0
