"""What the clock sets off here: following the cases wherever the relay did not get round to it, and replies that are due."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import connection

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.duty import roster, services, telling
from fengqiao.audit import queries as audit
from fengqiao.cases.models import Case, SideRequest
from fengqiao.cases.terms import RequestKind

log = logging.getLogger("fengqiao.jobs")

STUMBLES = 5
WHERE = "SELECT seq, tries FROM duty_progress WHERE name = 'follow' FOR UPDATE"
# Only what somebody must be told of: the moves with a sentence, and reports of sealed cases.
NEXT = """
SELECT o.published_seq, o.case_id,
  split_part(o.topic, '.', 2) = ANY(%s) OR (split_part(o.topic, '.', 2) = ANY(%s) AND c.confidentiality >= 4),
  e.seq > coalesce(h.seq, 0)
FROM (SELECT * FROM case_outbox WHERE published_seq > %s ORDER BY published_seq LIMIT %s) o
JOIN cases c ON c.id = o.case_id JOIN case_event e ON e.id = o.event_id LEFT JOIN duty_heard h ON h.case_id = o.case_id
ORDER BY o.published_seq
"""
ON = "UPDATE duty_progress SET seq = %s, tries = 0 WHERE name = 'follow'"
STUMBLED = "UPDATE duty_progress SET tries = tries + 1 WHERE name = 'follow' RETURNING tries"


def catch_up(at: datetime, limit: int = 500) -> int:
    """Follow every case whose published events were not told; returns how many cases were followed.

    The relay has usually done it a moment before; then this only moves on. An event at which the pass stumbles again and
    again is left behind with a line in the log, so that one broken case does not keep all others from being told.
    """
    with acting(machine_act("duty", at)), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('fengqiao.duty'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(WHERE)
        since, tries = cursor.fetchone()
        cursor.execute(NEXT, [list(telling.TELLING), list(telling.ONLY_SEALED), since, limit])
        rows = cursor.fetchall()
    followed: set[UUID] = set()
    for seq, case_id, matters, untold in rows:
        if matters and untold and case_id not in followed:
            try:
                services.follow(machine_act("duty", at, key=f"follow:{seq}"), case_id)
            except Exception:
                log.exception("telling of case %s failed, time %d", case_id, tries + 1)
                _write(at, ON if tries + 1 >= STUMBLES else STUMBLED, seq)
                return len(followed)
            followed.add(case_id)
    if rows:
        _write(at, ON, rows[-1][0])
    return len(followed)


def _write(at: datetime, statement: str, seq: int) -> None:
    with acting(machine_act("duty", at)), connection.cursor() as cursor:
        cursor.execute(statement, [seq] if "%s" in statement else [])


def replies(at: datetime, limit: int = 100) -> int:
    """Tell the district of replies that did not come in time; once for each."""
    with acting(machine_act("duty", at)):
        late = list(
            SideRequest.objects.filter(kind=RequestKind.SUPERVISION, status=SideRequest.Status.PENDING, due_at__lte=at).order_by("due_at")[
                :limit
            ]
        )
        cases = {case.id: case for case in Case.objects.filter(id__in=[one.case_id for one in late])}
        return sum(_no_reply(at, cases[one.case_id], one) for one in late if one.case_id in cases)


def _no_reply(at: datetime, case: Case, one: SideRequest) -> int:
    organisation = str(one.to_org or roster.late_organisation(case, at, case.clock))
    return telling.no_reply(machine_act("duty", at), case, one, organisation)


def glasses(at: datetime) -> int:
    """Tell the officers of every sealed case that was opened by breaking the glass; once for each (handbook C4)."""
    with acting(machine_act("duty", at)):
        broken = list(audit.glasses().filter(at__gt=at - services.STALE, at__lte=at)[:100])
        cases = {case.id: case for case in Case.objects.filter(id__in=[one.case_id for one in broken])}
        act = machine_act("duty", at)
        return sum(telling.glass_broken(act, cases[one.case_id], one) for one in broken if one.case_id in cases)
