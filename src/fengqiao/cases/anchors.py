"""The seal over the ledger (decision 4).

Each case's events are a chain of hashes. Every hour an anchor seals the heads of all chains that grew, in a chain of its
own, and is exported to a file outside the database. ``cases.verifying`` proves from both that nothing was changed.
"""

import hashlib
import json
import os
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
