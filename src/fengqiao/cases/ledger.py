"""The one statement that writes: cases, events, clocks and outbox of one act, all or nothing.

A batch holds the rows of any number of cases; a single move and an import of five thousand take the same way, so what
holds for the one holds for the other. The chain of hashes is computed here and nowhere else (decision 4).
"""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

import msgspec

from fengqiao.base.errors import Conflict
from fengqiao.base.words import _
from fengqiao.people.statements import order, prepared

CASE = {
    "id": "uuid", "number": "text", "kind": "text", "loop_version": "int", "state": "text", "title": "text", "text": "text",
    "area": "text", "lon": "float8", "lat": "float8", "address": "text", "category": "text", "channel": "text", "level": "text",
    "sla": "text", "confidentiality": "int", "compartment": "text", "public_danger": "bool", "reporter": "text",
    "suggestion": "jsonb", "lead": "uuid", "assisting": "uuid[]", "handler": "uuid", "held_since": "timestamptz",
    "objections": "int", "reworks": "int", "reopens": "int", "extensions": "int", "doers": "jsonb", "pending": "text[]",
    "children_open": "int", "matter": "uuid", "version": "int", "last_seq": "int", "last_hash": "bytea",
    "created_at": "timestamptz", "closed_at": "timestamptz", "resume_on": "timestamptz", "rating": "int", "clock": "text",
    "due_at": "timestamptz", "sort_at": "timestamptz", "rung": "int", "locked": "bool",
}  # fmt: skip
FIXED = {"id", "number", "kind", "channel", "created_at", "reporter", "locked"}
EVENT = {
    "id": "uuid", "case_id": "uuid", "seq": "int", "act_id": "uuid", "at": "timestamptz", "occurred_at": "timestamptz",
    "actor_kind": "text", "actor": "text", "post": "text", "org": "uuid", "move": "text", "source": "text", "target": "text",
    "canonical": "bytea", "hash": "bytea",
}  # fmt: skip
PAYLOAD = {"event_id": "uuid", "case_id": "uuid", "salt": "bytea", "body": "bytea", "sealed": "bool", "erased_why": "text"}
CLOCK = {
    "case_id": "uuid", "name": "text", "org": "uuid", "calendar": "text", "budget": "int", "consumed": "int",
    "running_since": "timestamptz", "due_at": "timestamptz", "next_rung_at": "timestamptz", "rung": "int", "round": "int",
    "ended_at": "timestamptz",
}  # fmt: skip
RUNG = {"id": "uuid", "case_id": "uuid", "clock": "text", "org": "uuid", "round": "int", "rung": "int", "at": "timestamptz"}
REQUEST = {
    "id": "uuid", "case_id": "uuid", "kind": "text", "status": "text", "asked_by": "text", "asked_org": "uuid",
    "asked_at": "timestamptz", "asked": "jsonb", "to_org": "uuid", "due_at": "timestamptz", "answered_by": "text",
    "answered_org": "uuid", "answered_at": "timestamptz", "answer": "jsonb",
}  # fmt: skip
LINK = {"id": "uuid", "case_id": "uuid", "other_id": "uuid", "relation": "text", "required": "bool", "at": "timestamptz"}
GRANT = {"case_id": "uuid", "grantee": "text", "why": "text"}
REPORTER = {
    "case_id": "uuid", "name": "text", "phone": "text", "person": "text", "anonymous": "bool", "language": "text",
    "consent": "text",
}  # fmt: skip
OUTBOX = {"id": "uuid", "at": "timestamptz", "topic": "text", "case_id": "uuid", "event_id": "uuid", "area": "text"}
SEARCH = {"case_id": "uuid", "area": "text", "compartment": "text", "words": "text[]"}
KEY = {"case_id": "uuid", "compartment": "text", "wrapped": "bytea"}


class Stale(Conflict):
    """The case was changed by somebody else since the form was opened."""

    message = _("Somebody changed this case in the meantime. Nothing you typed is lost: look at what is new, then send again.")


@dataclass(slots=True)
class Batch:
    """All rows of one act."""

    opened: list[dict[str, Any]] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    payloads: list[dict[str, Any]] = field(default_factory=list)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    rungs: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    grants: list[dict[str, Any]] = field(default_factory=list)
    reporters: list[dict[str, Any]] = field(default_factory=list)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    search: list[dict[str, Any]] = field(default_factory=list)
    keys: list[dict[str, Any]] = field(default_factory=list)


def _rows(key: str, columns: Mapping[str, str]) -> str:
    typed = ", ".join(f'"{name}" {"text" if kind == "bytea" else kind}' for name, kind in columns.items())
    return f"w, jsonb_to_recordset(w.j->'{key}') AS x({typed})"


def _value(name: str, kind: str) -> str:
    if kind == "bytea":
        return f"decode(x.\"{name}\", 'hex')"
    return f'array_to_tsvector(x."{name}")' if (name, kind) == ("words", "text[]") else f'x."{name}"'


def _insert(alias: str, table: str, key: str, columns: Mapping[str, str], conflict: str = "") -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(_value(name, kind) for name, kind in columns.items())
    return f"{alias} AS (INSERT INTO {table} ({names}) SELECT {values} FROM {_rows(key, columns)} {conflict})"


def _upsert(target: str, columns: Mapping[str, str], keys: set[str]) -> str:
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in keys)
    return f"ON CONFLICT ({target}) DO UPDATE SET {sets}"


PARTS: dict[str, str] = {
    "opened": _insert("c", "cases", "opened", CASE),
    "moved": "u AS (UPDATE cases SET "
    + ", ".join(f'"{name}" = {_value(name, kind)}' for name, kind in CASE.items() if name not in FIXED)
    + f" FROM (SELECT x.* FROM {_rows('moved', CASE)} LIMIT {{most}}) AS x "
    "WHERE cases.id = x.id AND cases.version = x.version - 1 RETURNING 1)",
    "events": _insert("e", "case_event", "events", EVENT),
    "payloads": _insert("p", "case_payload", "payloads", PAYLOAD),
    "clocks": _insert("k", "case_clock", "clocks", CLOCK, _upsert("case_id, name, org", CLOCK, {"case_id", "name", "org"})),
    "rungs": _insert("ru", "case_rung", "rungs", RUNG),
    "requests": _insert("q", "case_request", "requests", REQUEST, _upsert("id", REQUEST, {"id", "case_id", "kind"})),
    "links": _insert("l", "case_link", "links", LINK),
    "grants": _insert("g", "case_grant", "grants", GRANT, "ON CONFLICT DO NOTHING"),
    "reporters": _insert("n", "case_reporter", "reporters", REPORTER),
    "outbox": _insert("o", "case_outbox", "outbox", OUTBOX),
    "search": _insert("s", "case_search", "search", SEARCH, _upsert("case_id", SEARCH, {"case_id"})),
    "keys": _insert("y", "case_key", "keys", KEY, _upsert("case_id", KEY, {"case_id"})),
}


@cache
def statement(present: tuple[str, ...], most: int) -> str:
    """Return the one statement that writes these parts of a batch; parts that are empty cost nothing.

    ``most`` tells the planner how many cases move: of one, it looks up the row instead of reading the table.
    """
    moved = "SELECT count(*) FROM u" if "moved" in present else "SELECT 0"
    parts = [PARTS[name].replace("{most}", str(most)) for name in present]
    return ",\n".join(["WITH w AS (SELECT %s::jsonb AS j)", *parts]) + "\n" + moved


AS_ENGINE = "SET LOCAL ROLE fengqiao_engine"
AS_BEFORE = "RESET ROLE"


def write(batch: Batch) -> None:
    """Write all rows of a batch as ``fengqiao_engine``; raises ``Stale`` when a moved case had another version."""
    rows = {name: rows for name in PARTS if (rows := getattr(batch, name))}
    said = msgspec.json.encode(rows, enc_hook=str).decode()
    order(AS_ENGINE)
    (moved,) = prepared(statement(tuple(rows), 1 if len(batch.moved) == 1 else 1_000_000), [said])[0]
    order(AS_BEFORE)
    if moved != len(batch.moved):
        raise Stale


def chained(previous: bytes, facts: Mapping[str, Any], said: Mapping[str, Any], seal: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the event row and the payload row that follow ``previous`` in the case's chain.

    ``facts`` are the metadata columns of ``EVENT`` but canonical and hash; ``said`` is what the move asked. The hash is
    SHA-256 over the canonical bytes, which hold the hash before and the salted hash of the payload (its ciphertext).
    """
    body = msgspec.json.encode(said, enc_hook=str, order="deterministic")
    if seal is not None:
        body = seal(body)
    salt = os.urandom(16)
    told = hashlib.sha256(salt + body).hexdigest()
    canonical = msgspec.json.encode({**facts, "payload": told, "prev": previous.hex()}, enc_hook=str, order="deterministic")
    digest = hashlib.sha256(canonical)
    event = {**facts, "canonical": canonical.hex(), "hash": digest.hexdigest()}
    payload = {
        "event_id": facts["id"], "case_id": facts["case_id"], "salt": salt.hex(), "body": body.hex(), "sealed": seal is not None,
        "erased_why": "",
    }  # fmt: skip
    return event, payload


LATIN, HAN = re.compile("[a-z0-9]+"), re.compile("[\u3400-\u9fff]+")


def bigrams(*texts: str) -> list[str]:
    """Return the search words of a text: pairs of neighbouring Han characters, and Latin words and numbers whole."""
    found: set[str] = set()
    for text in texts:
        found.update(word[:40] for word in LATIN.findall(text.lower()))
        for run in HAN.findall(text):
            found.update(run)
            found.update(one + two for one, two in pairwise(run))
    return sorted(found)[:400]
