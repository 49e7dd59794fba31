"""The seal over the ledger, and the proof that nothing was changed (decision 4).

Each case's events are a chain of hashes. Every hour an anchor seals the heads of all chains that grew, in a chain of its
own, and is exported to a file outside the database. ``verify`` finds every single edit, deletion, insertion, reorder, cut
tail and vanished case since the last exported anchor, and says which case and which event.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from fengqiao.cases.ledger import AS_BEFORE, AS_ENGINE

GROWN = """
SELECT c.id, c.last_seq, c.last_hash FROM cases c LEFT JOIN case_head h ON h.case_id = c.id
WHERE h.case_id IS NULL OR h.seq < c.last_seq ORDER BY c.id
"""
SEAL = """
INSERT INTO case_head (case_id, seq, hash, anchor) SELECT unnest(%s::uuid[]), unnest(%s::int[]), unnest(%s::bytea[]), %s
ON CONFLICT (case_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, anchor = excluded.anchor
"""
EVENTS = """
SELECT e.case_id, e.seq, e.canonical, e.hash, e.id, e.act_id, e.at, e.actor_kind, e.actor, e.post, e.org, e.move, e.source,
       e.target, p.salt, p.body, p.erased_at
FROM case_event e LEFT JOIN case_payload p ON p.event_id = e.id ORDER BY e.case_id, e.seq
"""
PLAIN = ("id", "act_id", "actor_kind", "actor", "post", "org", "move", "source", "target")


@dataclass(slots=True)
class Findings:
    """What a verification found."""

    cases: int = 0
    events: int = 0
    anchors: int = 0
    erased: int = 0
    faults: list[str] = field(default_factory=list)


def anchor(at: datetime, folder: Path) -> int:
    """Seal all chains that grew since the last anchor and export the seal; returns how many heads it covers.

    The caller acts as a machine that sees every case.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('fengqiao.anchor'))")
        cursor.execute("SELECT no, digest FROM case_anchor ORDER BY no DESC LIMIT 1")
        no, previous = cursor.fetchone() or (0, b"")
        cursor.execute(GROWN)
        heads = [(str(case), seq, bytes(head)) for case, seq, head in cursor.fetchall()]
        if heads:
            _seal(cursor, no + 1, at, heads, bytes(previous))
            _export(folder, no + 1, at, heads, bytes(previous))
    return len(heads)


def _seal(cursor: Any, no: int, at: datetime, heads: list[tuple[str, int, bytes]], previous: bytes) -> None:
    cursor.execute(AS_ENGINE)
    cursor.execute(SEAL, [[head[0] for head in heads], [head[1] for head in heads], [head[2] for head in heads], no])
    cursor.execute(
        "INSERT INTO case_anchor (no, at, heads, digest, previous) VALUES (%s, %s, %s, %s, %s)",
        [no, at, len(heads), _digest(previous, heads), previous],
    )
    cursor.execute(AS_BEFORE)


def _digest(previous: bytes, heads: list[tuple[str, int, bytes]]) -> bytes:
    lines = "".join(f"{case} {seq} {head.hex()}\n" for case, seq, head in heads)
    return hashlib.sha256(previous + lines.encode()).digest()


def _export(folder: Path, no: int, at: datetime, heads: list[tuple[str, int, bytes]], previous: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{no:08d}.anchor"
    draft = path.with_suffix(f".{os.getpid()}")
    with draft.open("w", encoding="utf-8") as out:
        out.write(json.dumps({"no": no, "at": at.isoformat(), "previous": previous.hex(), "digest": _digest(previous, heads).hex()}) + "\n")
        out.writelines(f"{case} {seq} {head.hex()}\n" for case, seq, head in heads)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)


def verify(folder: Path | None = None) -> Findings:
    """Walk every chain and every exported anchor; the caller acts as a machine that sees every case."""
    found = Findings()
    heads: dict[str, list[str]] = {}
    with transaction.atomic():
        _walk(found, heads)
        _compare_heads(found, heads)
    for sealed in _sealed(found, folder) if folder else ():
        case, seq, head = sealed
        chain = heads.get(case)
        if chain is None:
            found.faults.append(f"case {case}: vanished; it was sealed with {seq} events")
        elif len(chain) < seq:
            found.faults.append(f"case {case}: its tail was cut; {seq} events were sealed, {len(chain)} are left")
        elif chain[seq - 1] != head:
            found.faults.append(f"case {case}, event {seq}: not the one that was sealed")
    return found


def _walk(found: Findings, heads: dict[str, list[str]]) -> None:
    with connection.connection.cursor(name="ledger") as cursor:  # a server-side cursor: the ledger may be long
        cursor.itersize = 5_000
        cursor.execute(EVENTS)
        for row in cursor:
            facts = dict(zip((column.name for column in cursor.description), row, strict=True))
            chain = heads.setdefault(str(facts["case_id"]), [])
            found.events += 1
            fault = _fault(facts, chain)
            if fault:
                found.faults.append(f"case {facts['case_id']}, event {facts['seq']}: {fault}")
            if facts["erased_at"]:
                found.erased += 1
            chain.append(bytes(facts["hash"]).hex())
    found.cases = len(heads)


def _fault(facts: dict[str, Any], chain: list[str]) -> str:
    canonical = bytes(facts["canonical"])
    said = json.loads(canonical)
    if hashlib.sha256(canonical).digest() != bytes(facts["hash"]):
        return "its hash does not fit its content"
    if facts["seq"] != len(chain) + 1 or said["seq"] != facts["seq"]:
        return "its number does not follow the one before"
    if said["prev"] != (chain[-1] if chain else "") or said["case_id"] != str(facts["case_id"]):
        return "it does not follow the event before"
    if any(str(said[name] or "") != str(facts[name] or "") for name in PLAIN):
        return "its columns were changed"
    if datetime.fromisoformat(said["at"]) != facts["at"]:
        return "its time was changed"
    if facts["salt"] is None:
        return "what was said is missing"
    if facts["erased_at"] is None and hashlib.sha256(bytes(facts["salt"]) + bytes(facts["body"])).hexdigest() != said["payload"]:
        return "what was said was changed"
    return ""


def _compare_heads(found: Findings, heads: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, last_seq, last_hash FROM cases")
        rows = {str(case): (seq, bytes(head).hex()) for case, seq, head in cursor.fetchall()}
    for case, chain in heads.items():
        if case not in rows:
            found.faults.append(f"case {case}: its row is missing, its events are there")
        elif rows[case] != (len(chain), chain[-1]):
            found.faults.append(f"case {case}: the row says another last event than the chain")
    for case in rows.keys() - heads.keys():
        found.faults.append(f"case {case}: it has no events")


def _sealed(found: Findings, folder: Path) -> Iterator[tuple[str, int, str]]:
    previous, expected = "", 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT no, digest FROM case_anchor ORDER BY no")
        kept = {no: bytes(digest).hex() for no, digest in cursor.fetchall()}
    for path in sorted(folder.glob("*.anchor")):
        first, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        told = json.loads(first)
        digest = hashlib.sha256(bytes.fromhex(previous) + "".join(lines).encode()).hexdigest()
        if told["no"] != expected or told["previous"] != previous or told["digest"] != digest:
            found.faults.append(f"anchor {path.name}: the exported file was changed or one before it is missing")
        if kept.get(told["no"]) != told["digest"]:
            found.faults.append(f"anchor {told['no']}: the database keeps another one")
        previous, expected, found.anchors = told["digest"], told["no"] + 1, found.anchors + 1
        for line in lines:
            case, seq, head = line.split()
            yield case, int(seq), head
    for no in kept:
        if no >= expected:
            found.faults.append(f"anchor {no}: it was never exported, or its file is missing")
