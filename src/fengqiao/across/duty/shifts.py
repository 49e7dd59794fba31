"""What people do with their turns: put a substitute, write in the log book, hand over, take over."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Q

from fengqiao.access.acting import acting
from fengqiao.across.duty import roster
from fengqiao.across.duty.models import Handover, LogEntry, Taking
from fengqiao.base.act import Act
from fengqiao.base.errors import Conflict, Invalid, NotAllowed, NotFound
from fengqiao.base.words import _
from fengqiao.cases.limits import NIL
from fengqiao.kits.notices import services as notices
from fengqiao.kits.notices import wording
from fengqiao.people import queries as people
from fengqiao.people import services as people_services
from fengqiao.people.models import Shift

LATE = timedelta(hours=4)
"""So long after the end of a turn it can still be handed over."""

EARLY, LONGEST_GAP = timedelta(hours=1), timedelta(hours=12)
TEXT = 1000
HANDED = _("{who} hands over the duty of {post} at {organisation} to you. Read it and sign.")
LAST = "SELECT number, hash FROM duty_handover WHERE organisation = %s AND post = %s ORDER BY number DESC LIMIT 1"


class NotOnRota(NotAllowed):
    """Only whoever has the turn signs it away."""

    message = _("You have no turn to hand over in this post. Choose the post in which you have duty, or look at the roster.")


class NotYoursToTake(NotAllowed):
    """Only whoever comes next takes over."""

    message = _("Only whoever has the next turn may take over, and never the one who leaves.")


class NotOfThisPost(Invalid):
    """A substitute holds the post, or duty would be without its permissions."""

    message = _("A substitute must hold this post here. Choose somebody from the list.")


class PastTurn(Conflict):
    """Who had duty yesterday is a fact."""

    message = _("This turn is over. Whoever had it, had it.")


class HandedOverAlready(Conflict):
    """The turn was signed away before."""

    message = _("This turn was already handed over.")


class TakenAlready(Conflict):
    """Somebody took over before."""

    message = _("Somebody has already taken over.")


class NothingWritten(Invalid):
    """The log book takes words."""

    message = _("Write what the next shift must know, at most {length} characters.")


class UnknownHandover(NotFound):
    """No such record on this ground."""

    message = _("There is no such handover, or you may not see it.")


def substitute(act: Act, shift_id: UUID, person: str) -> Shift:
    """Let somebody who holds the post stand in, or give the turn back; both are told."""
    with acting(act):
        shift = Shift.objects.select_related("organisation").filter(pk=shift_id).first()
        if shift is None:
            raise people_services.NoSuchShift
        if shift.ends <= act.at:
            raise PastTurn
        holders = {row.id for row in people.holders(shift.organisation_id, shift.post, roster.day_of(shift.starts))}
        if person and person not in holders:
            raise NotOfThisPost
        before = shift.substitute_id
        shift = people_services.substitute(act, shift_id, person or None)
        if str(shift.substitute_id or "") != str(before or ""):
            _tell_change(act, shift, {str(one) for one in (before, shift.substitute_id, shift.person_id) if one})
    return shift


CHANGED = _("The roster has changed: {who} has duty as {post} at {organisation} from {due}.")


def _tell_change(act: Act, shift: Shift, persons: set[str]) -> None:
    who = str(shift.substitute_id or shift.person_id)
    facts = {
        "who": wording.person(who), "post": wording.post(shift.post), "organisation": wording.organisation(shift.organisation_id),
        "due": wording.moment(shift.starts),
    }  # fmt: skip
    notices.tell(act, persons - {act.actor.person}, CHANGED, facts, "/duty/", once=f"shift:{shift.id}:{act.id}")


def write_log(act: Act, text: str) -> LogEntry:
    """Write a line for whoever comes next; only who has duty now writes, and nobody changes it."""
    text = text.strip()
    if not 1 <= len(text) <= TEXT:
        raise NothingWritten(length=TEXT)
    with acting(act):
        if act.actor.person not in {row.id for row in people.on_duty(act.actor.org, act.actor.post, act.at)}:
            raise NotOnRota
        entry = LogEntry(
            id=act.id, organisation=act.actor.org, area=_area(act), person=act.actor.person, at=act.at, text=text
        )  # fmt: skip
        LogEntry.objects.bulk_create([entry], ignore_conflicts=True)
    return entry


def _area(act: Act) -> str:
    return people.organisation(act.actor.org).area


# --- handing over -----------------------------------------------------------------------------------------------------


def leaving(act: Act) -> Shift:
    """Return the turn that this actor may hand over now; raises ``NotOnRota``."""
    mine = Q(substitute_id=act.actor.person) | Q(person_id=act.actor.person, substitute=None)
    here = Shift.objects.filter(mine, organisation_id=act.actor.org or NIL, post=act.actor.post)
    turns = here.filter(starts__lte=act.at, ends__gte=act.at - LATE)
    signed = set(Handover.objects.filter(shift__in=[turn.id for turn in turns]).values_list("shift", flat=True))
    # The earliest that is still open: after a double turn, or when somebody forgot, it is signed first.
    shift = next((turn for turn in turns.order_by("starts") if turn.id not in signed), None)
    if shift is None:
        raise HandedOverAlready if signed else NotOnRota
    return shift


def leaving_or_signed(act: Act) -> datetime:
    """Return since when the turn that is signed runs; of a form sent twice, that of the record it made."""
    held = Handover.objects.filter(id=act.id).first()
    if held is not None:
        return Shift.objects.values_list("starts", flat=True).get(pk=held.shift)
    return leaving(act).starts


def coming(shift: Shift, at: datetime) -> set[str]:
    """Return who may take over a turn: whoever comes first after it, or has duty now; never the one who leaves."""
    leaves = str(shift.substitute_id or shift.person_id)
    turns = Shift.objects.filter(
        organisation_id=shift.organisation_id, post=shift.post, starts__gte=shift.ends - EARLY, starts__lte=shift.ends + LONGEST_GAP
    ).exclude(pk=shift.pk)
    # Somebody with two turns in a row hands over to nobody but the one after them.
    later = [(turn.starts, str(turn.substitute_id or turn.person_id)) for turn in turns.order_by("starts")]
    first = next((starts for starts, who in later if who != leaves), None)
    found = {who for starts, who in later if starts == first}
    found |= {row.id for row in people.on_duty(shift.organisation_id, shift.post, at)}
    return found - {leaves}


def hand_over(act: Act, content: Mapping[str, Any], remarks: str) -> Handover:
    """Sign what is left to the next shift; it is never changed afterwards, and signing twice is signing once."""
    with acting(act):
        # One row after the other: each carries the hash of the one before.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"duty:{act.actor.org}:{act.actor.post}"])
        held = Handover.objects.filter(id=act.id).first()
        if held is not None:
            return held
        shift = leaving(act)
        number, previous = _last(act)
        record = {
            "number": number, "organisation": act.actor.org, "post": act.actor.post, "person": act.actor.person, "at": act.at,
            "shift": {"id": shift.id, "starts": shift.starts, "ends": shift.ends}, "remarks": remarks.strip()[: 4 * TEXT],
            "content": content,
        }  # fmt: skip
        canonical = msgspec.json.encode(record, enc_hook=str, order="deterministic")
        handover = Handover(
            id=act.id, organisation=UUID(act.actor.org), post=act.actor.post, area=_area(act), shift=shift.id, number=number,
            person=UUID(act.actor.person), at=act.at, canonical=canonical, previous=previous, hash=digest(previous, canonical),
        )  # fmt: skip
        handover.save(force_insert=True)
        _tell_next(act, handover, coming(shift, act.at))
    return handover


def _last(act: Act) -> tuple[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(LAST, [act.actor.org, act.actor.post])
        row = cursor.fetchone()
    return (row[0] + 1, bytes(row[1])) if row else (1, b"")


def digest(*parts: bytes) -> bytes:
    """Return the hash that a signed record carries."""
    return hashlib.sha256(b"".join(parts)).digest()


def _tell_next(act: Act, handover: Handover, persons: set[str]) -> None:
    facts = {
        "who": wording.person(handover.person), "post": wording.post(handover.post),
        "organisation": wording.organisation(handover.organisation),
    }  # fmt: skip
    notices.tell(act, persons, HANDED, facts, f"/duty/handovers/{handover.id}/", once=f"handover:{handover.id}")


def take_over(act: Act, handover_id: UUID, remark: str) -> Taking:
    """Sign that one has read it and has duty from now on."""
    with acting(act):
        handover = Handover.objects.filter(id=handover_id).first()
        if handover is None:
            raise UnknownHandover
        if not may_take(act, handover):
            raise NotYoursToTake
        taking = Taking(
            handover=handover, organisation=handover.organisation, area=handover.area, person=UUID(act.actor.person), at=act.at,
            remark=remark.strip()[:TEXT],
        )  # fmt: skip
        taking.hash = digest(bytes(handover.hash), signed_bytes(taking))
        Taking.objects.bulk_create([taking], ignore_conflicts=True)
        kept = Taking.objects.get(handover=handover)
        if kept.person != taking.person:
            raise TakenAlready
    return kept


def signed_bytes(taking: Taking) -> bytes:
    """Return the bytes of the second signature."""
    return msgspec.json.encode([taking.person, taking.at.astimezone(UTC).isoformat(), taking.remark], enc_hook=str)


def may_take(act: Act, handover: Handover) -> bool:
    """Tell whether this actor comes after the one who signed."""
    here = act.actor.org == str(handover.organisation) and act.actor.post == handover.post
    shift = Shift.objects.filter(pk=handover.shift).first()
    return here and act.actor.person != str(handover.person) and shift is not None and act.actor.person in coming(shift, act.at)
