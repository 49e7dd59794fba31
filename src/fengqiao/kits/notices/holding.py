"""What is spared: messages wait for the end of quiet hours, for another day, or become one digest; what wakes is never held."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Min, Q
from django.utils.crypto import salted_hmac

from fengqiao.kits.notices import chats
from fengqiao.kits.notices.addresses import Address
from fengqiao.kits.notices.models import Delivery, Wish
from fengqiao.kits.notices.quiet import Quiet
from fengqiao.people import queries as people
from fengqiao.people.models import Shift

if TYPE_CHECKING:
    from fengqiao.kits.notices.jobs import Ready

QUIET, FLOOD, DAY = "quiet", "flood", "day"
Status = Delivery.Status


def recipient(delivery: Delivery, address: Address) -> str:
    """Return who gets a message: an officer by id, a reporter by a fingerprint of the number, a group by its name."""
    if delivery.channel.startswith(chats.PREFIX):
        return delivery.channel
    if delivery.notice is not None:
        return str(delivery.notice.person_id)
    return salted_hmac("notices.recipient", address.phone).hexdigest()[:32]


def read_already(delivery: Delivery) -> bool:
    """Tell whether everything a message would say was read in the meantime; a group has not read it because one of it has."""
    return unread_in(delivery) == 0 and not delivery.channel.startswith(chats.PREFIX)


def unread_in(delivery: Delivery) -> int:
    """Return how many messages go out as this one: itself, and those folded into it, without those that were read."""
    if delivery.channel.startswith(chats.PREFIX):
        return 1 + delivery.folded.count()
    own = 0 if delivery.notice is not None and delivery.notice.read_at is not None else 1
    return own + delivery.folded.exclude(notice__isnull=False, notice__read_at__isnull=False).count()


def spared(rows: "Sequence[Ready]", at: datetime) -> "list[Ready]":
    """Return what is to go out now of all that is due for one person by one way; the rest is held, or folded into the first."""
    awake = [one for one in rows if one.delivery.wakes]
    others = [one for one in rows if not one.delivery.wakes]
    if not others:
        return awake
    whom, channel = others[0].key
    until = _quiet_until(others[0].delivery, at)
    if until is not None:
        return [*awake, *_hold(others, until, QUIET)]
    sent = Delivery.objects.filter(recipient=whom, channel=channel, status=Status.SENT)
    most = others[0].channel.a_day
    if most and sent.filter(sent_at__gte=_midnight(at)).count() + len(others) > most:
        return [*awake, *_hold(others, _midnight(at) + timedelta(days=1), DAY)]
    if any(one.delivery.held == FLOOD for one in others) or (
        len(others) > settings.FENGQIAO_DIGEST_AFTER and any(one.delivery.held for one in others)
    ):
        return [*awake, _fold(others)]
    window = timedelta(minutes=settings.FENGQIAO_DIGEST_MINUTES)
    recent = sent.filter(sent_at__gt=at - window).aggregate(count=Count("id"), first=Min("sent_at"))
    if recent["count"] + len(others) > settings.FENGQIAO_DIGEST_AFTER:
        return [*awake, *_hold(others, (recent["first"] or at) + window, FLOOD)]
    return [*awake, *others]


def _hold(rows: "Sequence[Ready]", until: datetime, why: str) -> "list[Ready]":
    """Hold messages; that is no try."""
    ids = [one.delivery.id for one in rows]
    Delivery.objects.filter(id__in=ids).update(status=Status.HELD, held=why, next_at=until, tries=F("tries") - 1)
    return []


def _fold(rows: "Sequence[Ready]") -> "Ready":
    """Let the first speak for all: the others went out in it, and so does what was folded into them."""
    first, *rest = rows
    ids = [one.delivery.id for one in rest]
    Delivery.objects.filter(within__in=ids).update(within=first.delivery.id)
    Delivery.objects.filter(id__in=ids).update(status=Status.FOLDED, within=first.delivery.id)
    return first


def _midnight(at: datetime) -> datetime:
    zone = people.zone()
    return datetime.combine(at.astimezone(zone).date(), time(), zone)


def _quiet_until(delivery: Delivery, at: datetime) -> datetime | None:
    """Return until when somebody is to be spared; never a group, nor whoever has duty now."""
    if delivery.channel.startswith(chats.PREFIX):
        return None
    hours = quiet_of(delivery.notice.person_id) if delivery.notice is not None else usual()
    until = hours.ends(at, people.zone(), people.calendar().is_working)
    if until is None or (delivery.notice is not None and _on_duty(delivery.notice.person_id, at)):
        return None
    return until


def usual() -> Quiet:
    """Return the quiet hours of the house."""
    start, _dash, end = settings.FENGQIAO_QUIET_HOURS.partition("-")
    return Quiet(time.fromisoformat(start), time.fromisoformat(end))


def quiet_of(person: UUID) -> Quiet:
    """Return somebody's own quiet hours, or those of the house."""
    wish = Wish.objects.filter(person_id=person).first()
    return Quiet(wish.quiet_from, wish.quiet_until, wish.days_off) if wish else usual()


def _on_duty(person: UUID, at: datetime) -> bool:
    return Shift.objects.filter(Q(person_id=person, substitute=None) | Q(substitute_id=person), starts__lte=at, ends__gt=at).exists()
