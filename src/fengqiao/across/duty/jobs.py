"""What the clock sets off here: following the cases wherever the relay did not get round to it, and replies that are due."""

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.duty import roster, services, telling
from fengqiao.audit import queries as audit
from fengqiao.cases.models import Case, SideRequest
from fengqiao.cases.terms import RequestKind

log = logging.getLogger("fengqiao.jobs")

STUMBLES = 5
SCANNED, BATCHES = 5000, 20
WHERE = "SELECT seq, tries FROM duty_progress WHERE name = 'follow' FOR UPDATE"
# Only what somebody must be told of and was not yet: the moves with a sentence, and reports of sealed cases. What was
# imported happened long ago and elsewhere. The last row says how far was looked, whether or not anything was found.
NEXT = """
WITH o AS MATERIALIZED (
  SELECT published_seq, case_id, event_id, split_part(topic, '.', 2) AS move FROM case_outbox
  WHERE published_seq > %s ORDER BY published_seq LIMIT %s)
(SELECT min(o.published_seq) AS seq, o.case_id FROM o
  JOIN case_event e ON e.id = o.event_id JOIN cases c ON c.id = o.case_id LEFT JOIN duty_heard h ON h.case_id = o.case_id
  WHERE (o.move = ANY(%s) OR (o.move = ANY(%s) AND c.confidentiality >= 4)) AND NOT starts_with(e.actor, %s) AND e.seq > coalesce(h.seq, 0)
  GROUP BY o.case_id ORDER BY 1)
UNION ALL (SELECT max(published_seq), NULL FROM o)
"""
ON = "UPDATE duty_progress SET seq = %s, tries = 0 WHERE name = 'follow'"
STUMBLED = "UPDATE duty_progress SET seq = %s, tries = tries + 1 WHERE name = 'follow'"


def catch_up(at: datetime, limit: int = SCANNED) -> int:
    """Follow every case whose published events were not told; returns how many cases were followed.

    A case at which the pass stumbles again and again is left behind with a line in the log, so that one broken case does
    not keep all others from being told.
    """
    followed = 0
    for _batch in range(BATCHES):
        did, more = _batch_of(at, limit)
        followed += did
        if not more:
            break
    return followed


def _batch_of(at: datetime, limit: int) -> tuple[int, bool]:
    """Look at so many events and follow their cases; the second answer says whether there may be more."""
    with acting(machine_act("duty", at)), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('fengqiao.duty'))")
        if not cursor.fetchone()[0]:
            return 0, False
        cursor.execute(WHERE)
        since, tries = cursor.fetchone()
        cursor.execute(NEXT, [since, limit, list(telling.TELLING), list(telling.ONLY_SEALED), services.IMPORTED])
        *found, (last, _nobody) = cursor.fetchall()
    for count, (seq, case_id) in enumerate(found):
        try:
            services.follow(machine_act("duty", at, key=f"follow:{seq}"), case_id)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            stumbled = tries + 1 if count == 0 else 1
            log.exception("telling of case %s failed, time %d", case_id, stumbled)
            _write(at, *((ON, seq) if stumbled >= STUMBLES else (STUMBLED, seq - 1)))
            return count, False
    if last is not None:
        _write(at, ON, last)
    return len(found), last is not None and last - since >= limit


def _write(at: datetime, statement: str, seq: int) -> None:
    with acting(machine_act("duty", at)), connection.cursor() as cursor:
        cursor.execute(statement, [seq])


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
