"""Sending: due messages are claimed for a minute, sent, and noted; a pass that is killed has lost nothing.

A message that was sent but not noted is sent again under the same id, by which the gateway knows it.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext, override

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.kits.notices import addresses, channels, chats, gateways, wording
from fengqiao.kits.notices.models import Delivery, Notice, Told

log = logging.getLogger("fengqiao.jobs")

CLAIM = """
UPDATE notices_delivery SET tries = tries + 1, next_at = %s WHERE id IN (
  SELECT id FROM notices_delivery WHERE status = 'waiting' AND next_at <= %s ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id, channel
"""
LEASE = timedelta(minutes=1)
WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 3600, 3 * 3600, 8 * 3600))
"""How long to wait after each failure; after the last the message is given up and shown to the administrator."""

KEPT = timedelta(days=90)


def deliver(at: datetime, limit: int = 20) -> int:
    """Send what is due; returns how many messages left the house."""
    with acting(machine_act("notices", at)), connection.cursor() as cursor:
        cursor.execute(CLAIM, [at + LEASE, at, limit])
        claimed = cursor.fetchall()
    sent, silent = 0, set()
    for id, channel in claimed:
        if channel in silent:
            _put_back(id, at)
            continue
        try:
            sent += _send(id, at)
        except channels.OutOfReach as error:
            silent.add(channel)
            _later(id, at, str(error), error.seconds)
        except channels.Refused as error:
            _note(id, Delivery.Status.DEAD, trouble=str(error)[:200])
    return sent


def _send(id: UUID, at: datetime) -> bool:
    """Send one message; whatever has become needless is not sent."""
    with acting(machine_act("notices", at)):
        delivery = Delivery.objects.select_related("notice", "told").get(id=id)
        address, what = _address(delivery), delivery.notice or delivery.told
        gateway = gateways.named(delivery.channel)
        read = delivery.notice is not None and delivery.notice.read_at is not None and not _to_group(delivery)
        if gateway is None or address is None or what is None or read or not gateway.reaches(address):
            _note(id, Delivery.Status.NEEDLESS)
            return False
        message = _message(delivery, what, address.language)
    receipt = gateway.send(address, message, at)
    _note(id, Delivery.Status.SENT, sent_at=at, receipt=receipt, trouble="")
    return True


def _to_group(delivery: Delivery) -> bool:
    return delivery.channel.startswith(chats.PREFIX)


def _address(delivery: Delivery) -> addresses.Address | None:
    if _to_group(delivery):
        return addresses.Address(language=settings.LANGUAGE_CODE)
    if delivery.notice is not None:
        return addresses.of_person(delivery.notice.person_id)
    return addresses.of_reporter(delivery.told.about) if delivery.told else None


def _message(delivery: Delivery, what: Notice | Told, language: str) -> channels.Message:
    with override(language):
        text = wording.say_outside(what.sentence, what.facts, language, quiet=what.quiet, channel=delivery.channel, at=what.at)
        title = settings.FENGQIAO_NAME or gettext("Fengqiao")
    link = what.link if isinstance(what, Notice) and settings.FENGQIAO_ADDRESS else ""
    return channels.Message(delivery.id, title, text[: channels.LONGEST], settings.FENGQIAO_ADDRESS.rstrip("/") + link if link else "")


def _later(id: UUID, at: datetime, why: str, seconds: int) -> None:
    tries = Delivery.objects.values_list("tries", flat=True).get(id=id)
    if tries > len(WAITS):
        log.error("message %s is given up after %d tries: %s", id, tries, why)
        _note(id, Delivery.Status.DEAD, trouble=why[:200])
        return
    _note(id, Delivery.Status.WAITING, trouble=why[:200], next_at=at + max(WAITS[tries - 1], timedelta(seconds=seconds)))


def _put_back(id: UUID, at: datetime) -> None:
    """A gateway that has just been silent is not asked again in this pass; that costs the others no try."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notices_delivery SET tries = tries - 1, next_at = %s WHERE id = %s", [at + WAITS[0], id])


def _note(id: UUID, status: Delivery.Status, **more: object) -> None:
    Delivery.objects.filter(id=id).update(status=status, **more)


def forget(at: datetime) -> int:
    """Drop notices that were read long ago, with what was sent of them."""
    with acting(machine_act("notices", at)):
        count, _each = Notice.objects.filter(read_at__lt=at - KEPT).delete()
    return count
