"""What the clock sets off: the ladder of limits, the end of pauses and windows, the relay of events, the hourly anchor.

Each is a pass that may be killed at any moment and run twice at once: what a pass does for a case is one act whose id
says what it is, so that doing it again does nothing.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.ids import derived_id
from fengqiao.cases import anchors, erasing, ladder, registry, services, views
from fengqiao.cases.models import Case, CaseEvent
from fengqiao.cases.schemas import Archive
from fengqiao.cases.terms import Elsewhere

log = logging.getLogger("fengqiao.jobs")

DUE = """
SELECT case_id, name, org FROM case_clock WHERE next_rung_at <= %s ORDER BY next_rung_at LIMIT %s
"""
RESUME = "SELECT id FROM cases WHERE state = 'P' AND resume_on <= %s ORDER BY resume_on LIMIT %s"
# What an outside body has is not over before somebody has said what became of it: then nobody need ask again.
OVER = """
SELECT id FROM cases WHERE state = ANY('{C,X,M,W,O}') AND kind = %s AND pending = '{}' AND closed_at <= %s AND (state <> 'O' OR EXISTS (
  SELECT 1 FROM case_clock k WHERE k.case_id = cases.id AND k.name = 'follow_up' AND k.ended_at IS NOT NULL))
ORDER BY closed_at LIMIT %s
"""
WAITING = "SELECT id, topic, case_id FROM case_outbox WHERE published_seq IS NULL ORDER BY id LIMIT %s"
STAMP = """
WITH waiting AS (SELECT id FROM case_outbox WHERE id = ANY(%s) AND published_seq IS NULL ORDER BY id FOR UPDATE)
UPDATE case_outbox o SET published_seq = nextval('case_published_seq') FROM waiting
WHERE o.id = waiting.id RETURNING o.published_seq
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


def archive(at: datetime, limit: int = 200) -> int:
    """Put away what has ended and can no longer be rated, handled again or appealed (t26); returns how many there were."""
    over: list[UUID] = []
    with acting(_act("look", at, at)), connection.cursor() as cursor:
        for loop in registry.loops():
            days = max(loop.rating_days, loop.reopen_days, loop.appeal_days) + 1
            cursor.execute(OVER, [loop.key, at - timedelta(days=days), limit])
            over += [row[0] for row in cursor.fetchall()]
    return sum(_safely(partial(_archive, case_id, at), case_id) for case_id in over)


def _archive(case_id: UUID, at: datetime) -> bool:
    act = _act("archive", at, case_id)
    with acting(act):
        services.dispatch(act, case_id, "archive", Archive(outcome=_became(case_id)))
    return True


def _became(case_id: UUID) -> str:
    """Return what was said last of a case that an outside body has; of any other there is nothing to say."""
    told = CaseEvent.objects.filter(case_id=case_id, move="outcome").select_related("said").order_by("seq").last()
    said = views.what_was_said(Case.objects.get(id=case_id), told) if told else {}
    return str(said.get("kind", "")) or (Elsewhere.SETTLED if told else "")


def _safely(doing: Callable[[], bool], case_id: UUID) -> bool:
    """Do one thing; what a rule refuses, or a fault of ours, is no reason to stop the pass for all others.

    A database that does not answer is one: then nothing of the pass is done, and the next one begins again.
    """
    try:
        return bool(doing())
    except FengqiaoError as error:
        log.warning("case %s: %s", case_id, error)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("case %s", case_id)
    return False


def relay(at: datetime, limit: int = 500) -> int:
    """Run the reactions to waiting events, stamp the events in order, and tell the streams; returns how many there were.

    Only what has been reacted to is stamped, so that a worker killed half-way loses no reaction: the next pass runs it
    again, and its act, whose id says what it reacts to, does nothing twice.
    """
    with acting(_act("relay", at, at)), connection.cursor() as cursor:
        cursor.execute(WAITING, [limit])
        rows = cursor.fetchall()
    for event_id, topic, case_id in rows:
        for reaction in registry.reactions(topic):
            act = _act("react", at, event_id, reaction.__module__, reaction.__name__)
            _safely(partial(_react, act, reaction, case_id), case_id)
    return _stamp(at, [row[0] for row in rows]) if rows else 0


def _stamp(at: datetime, events: list[UUID]) -> int:
    with acting(_act("relay", at, at)), connection.cursor() as cursor:
        # One after the other: whoever follows the numbers must never see a smaller one after a greater.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('fengqiao.relay'))")
        cursor.execute("SET LOCAL ROLE fengqiao_engine")
        cursor.execute(STAMP, [events])
        stamped = sorted(row[0] for row in cursor.fetchall())
        if stamped:
            cursor.execute("SELECT pg_notify('fengqiao', %s)", [str(stamped[-1])])
        cursor.execute("RESET ROLE")
    return len(stamped)


def _react(act: Act, reaction: registry.Reaction, case_id: UUID) -> bool:
    with acting(act):
        reaction(act, case_id)
    return True


def expire(at: datetime, limit: int = 200) -> int:
    """Erase what was said in cases whose time is over (L9 §19); returns how many cases that were."""
    if not settings.FENGQIAO_KEEP_YEARS:
        return 0
    with acting(_act("look", at, at)):
        found = erasing.due(at, settings.FENGQIAO_KEEP_YEARS, limit)
    return sum(_safely(partial(_expire, case_id, at), case_id) for case_id in found)


def _expire(case_id: UUID, at: datetime) -> bool:
    act = _act("expire", at, case_id)
    with acting(act):
        erasing.expire(act, case_id)
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
