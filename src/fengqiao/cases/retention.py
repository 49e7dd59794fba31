"""Erasing: by the retention schedule, on request, or because a case was sealed after it had begun.

Only the role ``fengqiao_retention`` may take a payload's body away; the event and its hash stay, and verification accepts
the tombstone. Destroying a case's data key erases everything sealed in it at once.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from fengqiao.base.act import Act
from fengqiao.base.errors import NotAllowed
from fengqiao.base.words import _

AS_RETENTION = "SET LOCAL ROLE fengqiao_retention"
AS_BEFORE = "RESET ROLE"
ERASE = "UPDATE case_payload SET body = NULL, erased_at = %s, erased_why = %s WHERE event_id = ANY(%s) AND body IS NOT NULL"
VEIL = "UPDATE case_reporter SET name = '', phone = '' WHERE case_id = %s"
FORGET = "UPDATE case_reporter SET name = '', phone = '', person = '', anonymous = true WHERE case_id = %s"


class NotKeeper(NotAllowed):
    """Erasing is the privacy officer's."""

    message = _("Only the privacy officer erases what was recorded, by the retention schedule or on request.")


def erase(events: Iterable[UUID], why: str, at: datetime) -> int:
    """Take away what was said with these events; returns how many there were. The caller answers for the right to."""
    with connection.cursor() as cursor:
        cursor.execute(AS_RETENTION)
        cursor.execute(ERASE, [at, why[:200], list(events)])
        erased = int(cursor.rowcount)
        cursor.execute(AS_BEFORE)
    return erased


def veil_reporter(case_id: UUID) -> None:
    """Take name and telephone of whoever reported out of the open row; the caller has them under seal."""
    with connection.cursor() as cursor:
        cursor.execute(AS_RETENTION)
        cursor.execute(VEIL, [case_id])
        cursor.execute(AS_BEFORE)


def forget_reporter(act: Act, case_id: UUID) -> None:
    """Erase name and telephone of whoever reported (L9 §47)."""
    _check(act)
    with connection.cursor() as cursor:
        cursor.execute(AS_RETENTION)
        cursor.execute(FORGET, [case_id])
        cursor.execute(AS_BEFORE)


def destroy_key(act: Act, case_id: UUID) -> bool:
    """Destroy the data key of a sealed case: what was said in it is gone for everybody, and its ledger still holds."""
    _check(act)
    with connection.cursor() as cursor:
        cursor.execute(AS_RETENTION)
        cursor.execute("DELETE FROM case_key WHERE case_id = %s", [case_id])
        gone = bool(cursor.rowcount)
        cursor.execute(AS_BEFORE)
    return gone


def _check(act: Act) -> None:
    # The house carries out what a keeper has decided and a second person has confirmed.
    if not (act.actor.may("retention:run") or act.actor.is_house):
        raise NotKeeper
