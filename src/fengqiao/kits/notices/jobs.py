"""Sending: due messages are claimed for a minute, sent, and noted; a pass that is killed has lost nothing.

A message that was sent but not noted is sent again under the same id, by which the gateway knows it.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext, override

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.kits.notices import addresses, channels, chats, events, gateways, holding, wording
from fengqiao.kits.notices.models import Delivery, Notice, Told

log = logging.getLogger("fengqiao.jobs")

CLAIM = """
UPDATE notices_delivery SET tries = tries + 1, next_at = %s WHERE id IN (
  SELECT id FROM notices_delivery WHERE status IN ('waiting', 'held') AND next_at <= %s {more}
  ORDER BY wakes DESC, next_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id, channel
"""
LEASE = timedelta(minutes=1)
WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 3600, 3 * 3600, 8 * 3600))
"""How long to wait after each failure; after the last the message is given up and shown to the administrator."""

KEPT = timedelta(days=90)
MOST_TOGETHER = 500
ENOUGH = 4.0
"""Seconds after which a pass asks no further gateway."""
Status = Delivery.Status


@dataclass(frozen=True, slots=True)
class Ready:
    """A claimed message that still makes sense, with its way and its address."""

    delivery: Delivery
    channel: channels.Channel
    address: addresses.Address

    @property
    def key(self) -> tuple[str, str]:
        """Whom it is for, and by which way."""
        return self.delivery.recipient, self.delivery.channel


def deliver(at: datetime, limit: int = 20) -> int:
    """Send what is due; returns how many messages left the house. What is to be spared is held, a flood becomes a digest.

    A worker has other things to do: after some seconds the rest waits for the next pass.
    """
    began, sent, claimed = monotonic(), 0, limit
    while claimed == limit and monotonic() - began < ENOUGH:
        done, claimed = _pass(at, limit, began)
        sent += done
    return sent


def _pass(at: datetime, limit: int, began: float) -> tuple[int, int]:
    """Send some of what is due; returns how many went out and how many were claimed."""
    with acting(machine_act("notices", at)):
        ids = _claim(at, limit)
        ready = _ready(ids)
        for recipient, channel in {one.key for one in ready if one.delivery.held}:
            # Whatever was held for the same person comes along, so that it is one message and not several.
            more = " AND recipient = %s AND channel = %s"
            ready += _ready(_claim(at, MOST_TOGETHER, more, [recipient, channel]))
        ready.sort(key=lambda one: (*one.key, one.delivery.made_at, one.delivery.id))
        # By person and way, so that a flood is seen; then emergencies first.
        going = [one for _key, rows in groupby(ready, key=lambda one: one.key) for one in holding.spared(list(rows), at)]
    going.sort(key=lambda one: not one.delivery.wakes)
    sent, silent = 0, set()
    for one in going:
        id, name = one.delivery.id, one.delivery.channel
        if not _still_ours(one, at + timedelta(seconds=monotonic() - began)):
            continue
        if name in silent:
            _put_back(id, at + WAITS[0])
            continue
        if monotonic() - began >= ENOUGH:
            _put_back(id, at)
            continue
        try:
            sent += _send(one, at)
        except channels.OutOfReach as error:
            silent.add(name)
            _later(id, at, str(error), error.seconds)
        except channels.Refused as error:
            _note(id, Status.DEAD, trouble=str(error)[:200])
    return sent, len(ids)


def _claim(at: datetime, limit: int, more: str = "", values: Iterable[str] = ()) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM.format(more=more), [at + LEASE, at, *values, limit])
        return [id for id, _channel in cursor.fetchall()]


def _ready(ids: list[UUID]) -> list[Ready]:
    """Return what still makes sense of what was claimed, by person and way; the rest is noted as not needed any more."""
    found = []
    for delivery in Delivery.objects.select_related("notice", "told").filter(id__in=ids).order_by("made_at", "id"):
        channel, address = gateways.named(delivery.channel), _address(delivery)
        if channel is None or address is None or holding.read_already(delivery) or not channel.reaches(address):
            _note(delivery.id, Status.NEEDLESS)
            continue
        whom = holding.recipient(delivery, address)
        if whom != delivery.recipient:
            delivery.recipient = whom
            Delivery.objects.filter(id=delivery.id).update(recipient=whom)
        found.append(Ready(delivery, channel, address))
    return found


def _still_ours(one: Ready, at: datetime) -> bool:
    """Take a claim for another minute, unless slow gateways made it run out and another worker has it now."""
    mine = Delivery.objects.filter(id=one.delivery.id, tries=one.delivery.tries, status__in=(Status.WAITING, Status.HELD))
    return mine.update(next_at=at + LEASE) == 1


def _send(one: Ready, at: datetime) -> bool:
    """Send one message, or the digest it has become."""
    with acting(machine_act("notices", at)):
        message = _message(one.delivery, one.address.language)
    receipt = one.channel.send(one.address, message, at)
    _note(one.delivery.id, Status.SENT, sent_at=at, receipt=receipt, trouble="", held="")
    return True


def _address(delivery: Delivery) -> addresses.Address | None:
    if delivery.channel.startswith(chats.PREFIX):
        return addresses.Address(language=settings.LANGUAGE_CODE)
    if delivery.notice is not None:
        return addresses.of_person(delivery.notice.person_id)
    return addresses.of_reporter(delivery.told.about) if delivery.told else None


def _message(delivery: Delivery, language: str) -> channels.Message:
    what: Notice | Told | None = delivery.notice or delivery.told
    digest = delivery.folded.exists()
    with override(language):
        title = settings.FENGQIAO_NAME or gettext("Fengqiao")
        if digest:
            count = holding.unread_in(delivery)
            sentence = str(wording.DIGEST if isinstance(what, Notice) else wording.DIGEST_REPORTER)
            text, link = wording.say(sentence, {"count": count}, language, channel=delivery.channel), "/desk/"
            facts = {"count": str(count)}
        elif what is not None:
            text = wording.say_outside(
                what.sentence, what.facts, language, quiet=what.quiet, channel=delivery.channel, at=what.at
            )  # fmt: skip
            link, sentence = what.link if isinstance(what, Notice) else "", what.sentence
            facts = wording.filled_outside(sentence, what.facts, language, quiet=what.quiet)
    link = link if isinstance(what, Notice) and settings.FENGQIAO_ADDRESS else ""
    url = settings.FENGQIAO_ADDRESS.rstrip("/") + link if link else ""
    event = events.of_sentence(sentence) if facts else None
    return channels.Message(delivery.id, title, text[: channels.LONGEST], url, event.key if event else "", facts)


def _later(id: UUID, at: datetime, why: str, seconds: int) -> None:
    tries = Delivery.objects.values_list("tries", flat=True).get(id=id)
    if tries > len(WAITS):
        log.error("message %s is given up after %d tries: %s", id, tries, why)
        _note(id, Status.DEAD, trouble=why[:200])
        return
    _note(id, Status.WAITING, trouble=why[:200], next_at=at + max(WAITS[tries - 1], timedelta(seconds=seconds)))


def _put_back(id: UUID, until: datetime) -> None:
    """Leave for later what was claimed and not asked: the gateway has just been silent, or time is up. That is no try."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notices_delivery SET tries = tries - 1, next_at = %s WHERE id = %s", [until, id])


def _note(id: UUID, status: Delivery.Status, **more: object) -> None:
    Delivery.objects.filter(id=id).update(status=status, **more)


def forget(at: datetime) -> int:
    """Drop notices that were read long ago, with what was sent of them, and what was sent to reporters as long ago."""
    with acting(machine_act("notices", at)):
        count, _each = Notice.objects.filter(read_at__lt=at - KEPT).delete()
        old = Delivery.objects.filter(made_at__lt=at - KEPT, told__isnull=False).exclude(status__in=(Status.WAITING, Status.HELD))
        gone, _every = old.delete()
    return count + gone
