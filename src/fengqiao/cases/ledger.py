"""The one statement that writes: cases, events, clocks and outbox of one act, all or nothing.

A batch holds the rows of any number of cases; a single move and an import of five thousand take the same way, so what
holds for the one holds for the other. The chain of hashes is computed here and nowhere else (decision 4).
"""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.db import connection

from fengqiao.base.errors import Conflict
from fengqiao.base.words import _

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


def _statement() -> str:
    changed = ", ".join(f'"{name}" = {_value(name, kind)}' for name, kind in CASE.items() if name not in FIXED)
    parts = [
        "w AS (SELECT %s::jsonb AS j)",
        _insert("c", "cases", "opened", CASE),
        f"u AS (UPDATE cases SET {changed} FROM {_rows('moved', CASE)} "
        "WHERE cases.id = x.id AND cases.version = x.version - 1 RETURNING 1)",
        _insert("e", "case_event", "events", EVENT),
        _insert("p", "case_payload", "payloads", PAYLOAD),
        _insert("k", "case_clock", "clocks", CLOCK, _upsert("case_id, name, org", CLOCK, {"case_id", "name", "org"})),
        _insert("ru", "case_rung", "rungs", RUNG),
        _insert("q", "case_request", "requests", REQUEST, _upsert("id", REQUEST, {"id", "case_id", "kind"})),
        _insert("l", "case_link", "links", LINK),
        _insert("g", "case_grant", "grants", GRANT, "ON CONFLICT DO NOTHING"),
        _insert("n", "case_reporter", "reporters", REPORTER),
        _insert("o", "case_outbox", "outbox", OUTBOX),
        _insert("s", "case_search", "search", SEARCH, _upsert("case_id", SEARCH, {"case_id"})),
        _insert("y", "case_key", "keys", KEY, _upsert("case_id", KEY, {"case_id"})),
    ]
    return "WITH " + ",\n".join(parts) + "\nSELECT count(*) FROM u"


WRITE = _statement()
AS_ENGINE = "SET LOCAL ROLE fengqiao_engine"
AS_BEFORE = "RESET ROLE"


def write(batch: Batch) -> None:
    """Write all rows of a batch as ``fengqiao_engine``; raises ``Stale`` when a moved case had another version."""
    rows = {name: getattr(batch, name) for name in Batch.__dataclass_fields__}
    with connection.cursor() as cursor:
        cursor.execute(AS_ENGINE)
        cursor.execute(WRITE, [msgspec.json.encode(rows, enc_hook=str).decode()])
        (moved,) = cursor.fetchone()
        cursor.execute(AS_BEFORE)
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


def bigrams(*texts: str) -> list[str]:
    """Return the search words of a text: pairs of neighbouring Han characters, and Latin words and numbers whole."""
    found: set[str] = set()
    for text in texts:
        found.update(_pieces(text))
    return sorted(found)[:400]


def _pieces(text: str) -> Iterable[str]:
    run = ""
    for sign in text.lower() + " ":
        if sign.isalnum() and sign.isascii():
            run += sign
            continue
        if run:
            yield run[:40]
            run = ""
    han = [sign if "\u3400" <= sign <= "\u9fff" else " " for sign in text]
    for one, two in zip(han, [*han[1:], " "], strict=False):
        if one != " ":
            yield one
            if two != " ":
                yield one + two
