"""What the clock sets off: the ladder of limits, the end of pauses and windows, the relay of events, the hourly anchor.

Each is a pass that may be killed at any moment and run twice at once: due rows are claimed with SKIP LOCKED, and what a
pass does for a case is one act whose id says what it is, so that doing it again does nothing.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.ids import derived_id
from fengqiao.cases import anchors, ladder, registry, services

log = logging.getLogger("fengqiao.jobs")

DUE = """
SELECT case_id, name, org FROM case_clock WHERE next_rung_at <= %s ORDER BY next_rung_at LIMIT %s
"""
RESUME = "SELECT id FROM cases WHERE state = 'P' AND resume_on <= %s ORDER BY resume_on LIMIT %s"
CLAIM = """
WITH waiting AS (
  SELECT id FROM case_outbox WHERE published_seq IS NULL ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
UPDATE case_outbox o SET published_seq = nextval('case_published_seq') FROM waiting
WHERE o.id = waiting.id RETURNING o.published_seq, o.topic, o.case_id, o.event_id, o.area
"""


def _act(what: str, at: datetime, *parts: object) -> Act:
    key = ":".join(map(str, (what, *parts)))
    return Act(id=derived_id(key), actor=machine("clock"), at=at, channel="desk", key=str(derived_id(key)))


def sweep(at: datetime, limit: int = 200) -> int:
    """Climb the ladder for every clock whose next rung has come; returns how many rungs were climbed."""
    with acting(_act("look", at, at)), connection.cursor() as cursor:
        cursor.execute(DUE, [at, limit])
        due = cursor.fetchall()
        cursor.execute(RESUME, [at, limit])
        paused = [row[0] for row in cursor.fetchall()]
    climbed = sum(_safely(partial(ladder.climb, at, *row), row[0]) for row in due)
    for case_id in paused:
        _safely(partial(_resume, case_id, at), case_id)
    return climbed


def _resume(case_id: UUID, at: datetime) -> bool:
    act = _act("resume", at, case_id, at.isoformat())
    with acting(act):
        services.dispatch(act, case_id, "resume")
    return True


def _safely(doing: Callable[[], bool], case_id: UUID) -> bool:
    """Do one thing; what a rule refuses is no reason to stop the pass for all others."""
    try:
        return bool(doing())
    except FengqiaoError as error:
        log.warning("case %s: %s", case_id, error)
        return False


def relay(at: datetime, limit: int = 500) -> int:
    """Stamp waiting events in order, tell the streams, and run the reactions; returns how many were published."""
    with acting(_act("relay", at, at)), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('fengqiao.relay'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SET LOCAL ROLE fengqiao_engine")
        cursor.execute(CLAIM, [limit])
        rows = sorted(cursor.fetchall())
        if rows:
            cursor.execute("SELECT pg_notify('fengqiao', %s)", [str(rows[-1][0])])
        cursor.execute("RESET ROLE")
    for _seq, topic, case_id, event_id, _area in rows:
        for reaction in registry.reactions(topic):
            act = _act("react", at, event_id, reaction.__module__, reaction.__name__)
            _safely(partial(_react, act, reaction, case_id), case_id)
    return len(rows)


def _react(act: Act, reaction: registry.Reaction, case_id: UUID) -> bool:
    with acting(act):
        reaction(act, case_id)
    return True


def seal(at: datetime) -> int:
    """Anchor the ledger and export the seal."""
    with acting(_act("anchor", at, at)):
        return anchors.anchor(at, Path(settings.FENGQIAO_ANCHORS))


def forget_keys(at: datetime) -> int:
    """Drop idempotency keys older than 90 days (decision 3)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM case_act WHERE at < %s", [at - timedelta(days=settings.FENGQIAO_KEY_DAYS)])
        return int(cursor.rowcount)
