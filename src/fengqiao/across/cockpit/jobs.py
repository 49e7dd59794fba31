"""What the clock sets off: folding new events into the counts, and comparing the counts with a recount, round after round."""

import logging
import sys
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.cockpit.counting import MOVED, PARTS
from fengqiao.base.clock import now
from fengqiao.cases.ledger import AS_BEFORE, AS_ENGINE
from fengqiao.people import queries as people

log = logging.getLogger("fengqiao.jobs")
BATCH, BATCHES = 2000, 20

_ADDS = f"""
WITH chosen AS MATERIALIZED (SELECT unnest(%(cases)s::uuid[]) AS case_id),
adds AS MATERIALIZED ({PARTS.replace("{some}", "chosen")})"""
_KEPT = """
SELECT d.case_id, d.area, d.compartment, d.kind, (p->>0)::date AS day, p->>1 AS what, (p->>2)::int AS n
FROM day_case d {chosen} CROSS JOIN LATERAL jsonb_array_elements(d.parts) p"""
_TOTALS = """
SELECT level, day, left(area, level) AS area, compartment, kind, what, sum(n)::int AS n FROM ({rows}) r
CROSS JOIN (VALUES (6), (9), (12)) AS levels(level)
WHERE length(area) >= level GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0"""
_ANEW = "SELECT case_id, seq, area, compartment, kind, jsonb_agg(jsonb_build_array(day, what, n) ORDER BY day, what) AS parts FROM adds"
_BOTH = "SELECT area, compartment, kind, day, what, n FROM adds UNION ALL SELECT area, compartment, kind, day, what, -n FROM before"
_KEY = "level, day, area, compartment, kind, what"
# One statement: what the cases added before is taken out, what they add now is added, and both are remembered.
FOLD = f"""{_ADDS},
before AS MATERIALIZED ({_KEPT.replace("{chosen}", "JOIN chosen ON chosen.case_id = d.case_id")}),
counts AS (INSERT INTO day_count ({_KEY}, n) {_TOTALS.replace("{rows}", _BOTH)} ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT ({_KEY}) DO UPDATE SET n = day_count.n + excluded.n),
gone AS (DELETE FROM day_case d USING chosen WHERE d.case_id = chosen.case_id
  AND NOT EXISTS (SELECT 1 FROM adds a WHERE a.case_id = d.case_id))
INSERT INTO day_case (case_id, seq, area, compartment, kind, parts) {_ANEW} GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (case_id) DO UPDATE SET seq = excluded.seq, area = excluded.area, compartment = excluded.compartment,
  kind = excluded.kind, parts = excluded.parts
"""
HOLD = "SELECT upto, compared FROM day_fold WHERE id = 1 FOR UPDATE"
NEXT = """
WITH o AS (SELECT published_seq, case_id FROM case_outbox WHERE published_seq > %s ORDER BY published_seq LIMIT %s)
SELECT max(published_seq), array_agg(DISTINCT case_id) FROM o
"""
UPTO = "UPDATE day_fold SET upto = %s, folded_at = %s WHERE id = 1"
SOME = """
SELECT array_agg(x.id) FROM (SELECT u.id FROM (
  (SELECT id FROM cases WHERE id > %(after)s ORDER BY id LIMIT %(most)s)
  UNION (SELECT case_id FROM day_case WHERE case_id > %(after)s ORDER BY case_id LIMIT %(most)s)) u ORDER BY 1 LIMIT %(most)s) x
"""
# Cases whose events are not folded in yet differ, of course.
DIFFERENT = f"""{_ADDS},
anew AS ({_ANEW} GROUP BY 1, 2, 3, 4, 5)
SELECT array_agg(x.case_id) FROM chosen x LEFT JOIN anew a ON a.case_id = x.case_id LEFT JOIN day_case d ON d.case_id = x.case_id
WHERE (a.area, a.compartment, a.kind, a.parts) IS DISTINCT FROM (d.area, d.compartment, d.kind, d.parts) AND x.case_id NOT IN ({MOVED})
"""
TOTALS_DIFFER = f"""
WITH anew AS ({_TOTALS.replace("{rows}", _KEPT.replace("{chosen}", ""))}),
wrong AS (SELECT {_KEY}, coalesce(a.n, 0) AS n FROM anew a FULL JOIN day_count k USING ({_KEY}) WHERE coalesce(a.n, 0) <> coalesce(k.n, 0))
INSERT INTO day_count ({_KEY}, n) SELECT {_KEY}, n FROM wrong ON CONFLICT ({_KEY}) DO UPDATE SET n = excluded.n
"""
EMPTY = "DELETE FROM day_count WHERE n = 0"
COMPARED = "UPDATE day_fold SET compared = %s, mended = mended + %s, verified_at = coalesce(%s, verified_at) WHERE id = 1"
FIRST = UUID(int=0)
MEASURES = sha256(PARTS.encode()).hexdigest()
ANEW = "UPDATE day_fold SET measures = %s, behind = true, compared = NULL WHERE id = 1 AND measures <> %s"
WHOLE = "UPDATE day_fold SET behind = false WHERE id = 1"
IS_BEHIND = "SELECT behind FROM day_fold WHERE id = 1"


def fold(at: datetime, limit: int = 5 * BATCH) -> int:
    """Fold newly published events into the counts; returns how many cases were folded."""
    with acting(machine_act("clock", at)), connection.cursor() as cursor:
        zone = str(people.zone())  # as the application: the engine reads no reference data
        cursor.execute(AS_ENGINE)
        upto, _compared = _held(cursor)
        cursor.execute(NEXT, [upto, limit])
        last, cases = cursor.fetchone()
        if last is not None:
            _fold(cursor, cases, zone)
            cursor.execute(UPTO, [last, at])
        cursor.execute(AS_BEFORE)
    return len(cases or ())


def verify(at: datetime, limit: int = BATCH) -> int:
    """Compare the counts of the next cases with a recount and put right what differs; at the end of a round, all totals.

    Nothing should ever differ: rows that were loaded past the outbox, or a database put back half, are found here. After an
    update that counts something else, the round is made without waiting, but in parts, so that the worker's other jobs get their turn.
    """
    done, behind = _compare(at, limit)
    for _batch in range(BATCHES if done and behind else 0):
        more, behind = _compare(at, limit)
        done += more
        if not behind:
            break
    return done


def _compare(at: datetime, limit: int) -> tuple[int, bool]:
    with acting(machine_act("clock", at)), connection.cursor() as cursor:
        zone = str(people.zone())
        cursor.execute(AS_ENGINE)
        cursor.execute(ANEW, [MEASURES, MEASURES])
        _upto, compared = _held(cursor)
        cursor.execute(IS_BEHIND)
        (behind,) = cursor.fetchone()
        cursor.execute(SOME, {"after": compared or FIRST, "most": limit})
        (cases,) = cursor.fetchone()
        wrong = _different(cursor, cases, zone) if cases else []
        if wrong:
            _fold(cursor, wrong, zone)
        totals = 0 if cases else _totals(cursor)
        if (wrong or totals) and not behind:
            log.warning("counts of %d cases and %d totals were not what a recount says; put right", len(wrong), totals)
        cursor.execute(COMPARED, [cases[-1] if cases else None, 0 if behind else len(wrong) + totals, None if cases else at])
        if not cases:
            cursor.execute(WHOLE)
        cursor.execute(AS_BEFORE)
    return len(cases or ()), behind


def _held(cursor: Any) -> tuple[int, UUID | None]:
    """Hold the mark: one folds or compares at a time."""
    cursor.execute(HOLD)
    upto, compared = cursor.fetchone()
    return upto, compared


def _fold(cursor: Any, cases: Sequence[UUID], zone: str) -> None:
    for begin in range(0, len(cases), BATCH):
        cursor.execute(FOLD, {"cases": list(cases[begin : begin + BATCH]), "zone": zone})


def _different(cursor: Any, cases: Sequence[UUID], zone: str) -> list[UUID]:
    cursor.execute(DIFFERENT, {"cases": list(cases), "zone": zone})
    return list(cursor.fetchone()[0] or [])


def _totals(cursor: Any) -> int:
    cursor.execute(TOTALS_DIFFER)
    wrong = int(cursor.rowcount)
    cursor.execute(EMPTY)
    return wrong


def main(arguments: list[str]) -> int:
    """Fold in what waits, then compare every count with a recount; a command."""
    while fold(now()):
        pass
    done = 0
    while some := verify(now()):
        done += some
    sys.stderr.write(f"The counts of {done} cases are what a recount says.\n")
    return 0
