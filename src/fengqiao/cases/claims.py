"""Taking hold of a case for one act: the idempotency key first, then the row's lock (decisions 3 and 4)."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import JSONField

from fengqiao.base.act import Act
from fengqiao.base.errors import Invalid, NotFound
from fengqiao.base.words import _
from fengqiao.cases import limits
from fengqiao.cases.ledger import AS_BEFORE, AS_ENGINE, Stale
from fengqiao.cases.models import Case
from fengqiao.cases.schemas import Asked
from fengqiao.people import statements
from fengqiao.people.statements import prepared

LOCK = """
WITH a AS (
  INSERT INTO case_act (scope, key, request_hash, act_id, case_id, at) VALUES (%s, %s, %s, %s, %s, %s)
  ON CONFLICT DO NOTHING RETURNING 1)
SELECT cases.*, (SELECT count(*) FROM a) AS fresh, (SELECT c.version FROM cases c WHERE c.id = %s) AS seen_version,
       (SELECT jsonb_agg(to_jsonb(k)) FROM case_clock k WHERE k.case_id = %s)::text AS seen_clocks
FROM cases WHERE cases.id = %s FOR NO KEY UPDATE OF cases
"""
CLAIM = """
INSERT INTO case_act (scope, key, request_hash, act_id, case_id, at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING RETURNING case_id
"""
CLAIM_MANY = """
INSERT INTO case_act (scope, key, request_hash, act_id, case_id, at)
SELECT * FROM unnest(%s::text[], %s::text[], %s::bytea[], %s::uuid[], %s::uuid[], %s::timestamptz[])
ON CONFLICT DO NOTHING RETURNING case_id
"""
USED = "SELECT request_hash FROM case_act WHERE scope = %s AND key = %s"
DONE = "SELECT 1 FROM case_act WHERE scope = %s AND key = %s AND act_id = %s AND case_id = %s"
BY_ACT = "SELECT c.* FROM cases c JOIN case_event e ON e.case_id = c.id WHERE e.act_id = %s LIMIT 1"
COLUMNS = [one.attname for one in Case._meta.concrete_fields]
JSON = [one.attname for one in Case._meta.concrete_fields if isinstance(one, JSONField)]
MOMENTS = ("running_since", "ended_at")
CLOCKS = "SELECT * FROM case_clock WHERE case_id = %s"


class UnknownCase(NotFound):
    """The case does not exist, or the actor may not know that it does."""

    message = _("There is no such case, or you may not see it.")


class KeyUsedOtherwise(Invalid):
    """The same idempotency key came with another body (decision 3)."""

    message = _("This form was already sent with other contents. Open it anew and send it again.")


def claim(act: Act, case_id: UUID, asked: Asked) -> Case | None:
    """Note the key of an act that opens a case; return the case it opened before, if it did."""
    digest = _digest("report", asked)
    if prepared(CLAIM, [*_scope(act), digest, act.id, case_id, act.at]):
        return None
    return _replayed(act, digest)


def claim_many(opened: Sequence[tuple[Act, UUID, Asked]]) -> set[UUID]:
    """Note the keys of many acts that open cases; return which of the cases are new."""
    rows = [(*_scope(act), _digest("report", asked), act.id, case_id, act.at) for act, case_id, asked in opened]
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_MANY, [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * 6)
        return {row[0] for row in cursor.fetchall()}


def lock(act: Act, case_id: UUID, what: str, asked: Asked | None, *, version: int | None = None) -> tuple[Case, bool]:
    """Lock a case for an act; the second answer is false when the same act was done before.

    Raises ``UnknownCase``, ``KeyUsedOtherwise`` and ``ledger.Stale`` when the form was made for another version.
    """
    digest = _digest(f"{case_id}:{what}", asked)
    for case in cases_of(LOCK, [*_scope(act), digest, act.id, case_id, act.at, case_id, case_id, case_id]):
        if not case.fresh:
            _same_body(act, digest)
            return case, False
        if version is not None and version != case.version:
            raise Stale(version=case.version)
        return case, True
    raise UnknownCase


def cases_of(sql: str, values: Sequence[Any]) -> Iterator[Any]:
    """Yield cases with whatever columns the statement adds to theirs; not by Django's way, which plans it anew each time."""
    with statements.cursor(sql, values) as cursor:
        names = [column.name for column in cursor.description or ()]
        for found in cursor.fetchall():
            row = dict(zip(names, found, strict=True))
            for name in JSON:
                row[name] = msgspec.json.decode(row[name]) if isinstance(row[name], str | bytes) else row[name]
            case = Case.from_db(connection.alias, COLUMNS, [row.pop(name) for name in COLUMNS])
            vars(case).update(row)
            yield case


def done_before(act: Act, case_id: UUID) -> Case | None:
    """Return the case of an act that was done before, even where the act itself took it out of its actor's sight.

    Whoever hands a case on and sends the same form again, because the answer was lost, is told the same as the first time.
    """
    with connection.cursor() as cursor:
        cursor.execute(DONE, [*_scope(act), act.id, case_id])
        if cursor.fetchone() is None:
            return None
        cursor.execute(AS_ENGINE)
        found = Case.objects.filter(id=case_id).first()
        cursor.execute(AS_BEFORE)
    return found


def held_clocks(case: Case) -> dict[tuple[str, str], limits.Running]:
    """Return the clocks of a case that was just locked and not yet changed.

    The statement that locks reads them too, but as they were when it began. Whoever had to wait for the lock got a newer row
    than was seen then; only in that case they are asked for again.
    """
    seen: Any = case  # the two columns that the statement adds
    if seen.seen_version != case.version:
        return clocks_of(case)
    return clocks_told(msgspec.json.decode(seen.seen_clocks) if seen.seen_clocks else [])


def clocks_told(rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str], limits.Running]:
    """Return clocks from rows that came as JSON."""
    for row in rows:
        for name in MOMENTS:
            row[name] = datetime.fromisoformat(row[name]) if row[name] else None
    return limits.from_rows(rows)


def clocks_of(case: Case) -> dict[tuple[str, str], limits.Running]:
    """Return the clocks of a locked case. A query of its own: only after the lock are they sure to be the newest."""
    with statements.cursor(CLOCKS, [case.id]) as cursor:
        names = [column.name for column in cursor.description or ()]
        return limits.from_rows(dict(zip(names, row, strict=True)) for row in cursor.fetchall())


def _same_body(act: Act, digest: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(USED, list(_scope(act)))
        (used,) = cursor.fetchone()
    if bytes(used) != digest:
        raise KeyUsedOtherwise


def _replayed(act: Act, digest: bytes) -> Case:
    _same_body(act, digest)
    for case in Case.objects.raw(BY_ACT, [act.id]):
        return case
    raise UnknownCase


def _scope(act: Act) -> tuple[str, str]:
    return f"{act.actor.kind}:{act.actor.id}"[:80], act.key or str(act.id)


def _digest(what: str, asked: Asked | None) -> bytes:
    said: dict[str, Any] = asked.sent() if asked else {}
    body = msgspec.json.encode(said, enc_hook=str, order="deterministic")
    return hashlib.sha256(what.encode() + b"\n" + body).digest()
