"""Telling people, and noting that they have read it."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from psycopg.types.json import Jsonb

from fengqiao.access.acting import acting, acts_as
from fengqiao.access.doors import machine_act
from fengqiao.audit.services import note_deed
from fengqiao.base.act import Act
from fengqiao.base.errors import NotAllowed, NotFound
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.kits.notices import chats, gateways, wording
from fengqiao.kits.notices.models import Delivery, Notice, Told, Wish
from fengqiao.kits.notices.wording import Facts
from fengqiao.people import queries as people

NOBODY = UUID(int=0)
TELL = """
INSERT INTO notices_notice (id, person_id, once, at, sentence, because, facts, link, urgent, quiet, wakes)
SELECT id, person, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM unnest(%s::uuid[], %s::uuid[]) AS new(id, person)
ON CONFLICT DO NOTHING RETURNING id
"""
NOTE = """
INSERT INTO notices_told (id, about, once, at, sentence, facts, quiet, wakes) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING RETURNING id
"""


class UnknownNotice(NotFound):
    """There is no such notice for this person."""

    message = _("There is no such notice for you.")


class NoSuchWay(NotFound):
    """No gateway of this name is set up."""

    message = _("This way out is not set up. It needs an address in the settings of the machine.")


class NotYoursToSend(NotAllowed):
    """Only administrators may send again what was given up."""

    message = _("Only the system administrator may see what could not be sent, and send it again.")


def tell(
    act: Act, persons: Iterable[UUID | str], sentence: str, facts: Facts, link: str = "", *, once: str, urgent: bool = False,
    because: str = "", quiet: bool = False, outward: bool = True, wakes: bool = False,
) -> int:  # fmt: skip
    """Tell people something once; returns how many had not heard it. What goes out of the house is sent by a job.

    What `wakes` goes out at any hour and by itself; everything else may be held for quiet hours or become part of a digest.
    """
    told = sorted({str(person) for person in persons})
    if not told:
        return 0
    values: list[Any] = [
        once,
        act.at,
        str(sentence),
        str(because),
        Jsonb(dict(facts)),
        link,
        urgent,
        quiet,
        wakes,
        [new_id() for _each in told],
        told,
    ]
    with _house(act), connection.cursor() as cursor:
        cursor.execute(TELL, values)
        fresh = [row[0] for row in cursor.fetchall()]
        channels = [one.name for one in gateways.configured() if outward and (urgent or one.name not in gateways.URGENT_ONLY)]
        _send_out(act.at, channels, [{"notice_id": id, "wakes": wakes} for id in fresh])
        if fresh and outward and urgent and not quiet:
            _say_in_groups(act.at, once, fresh, wakes)
    return len(fresh)


def _say_in_groups(at: datetime, once: str, fresh: list[UUID], wakes: bool) -> None:
    """Let the groups of those who are told hear it as well, each group once however many of its people are told."""
    groups = {group.name for group in chats.configured()}
    if not groups:
        return
    day = at.astimezone(people.zone()).date()
    holds = Q(person__appointments__until=None) | Q(person__appointments__until__gt=day)
    rows = Notice.objects.filter(holds, id__in=fresh, person__appointments__since__lte=day)
    told = dict(rows.values_list("person__appointments__organisation__code", "id"))
    wanted = {chats.PREFIX + code: id for code, id in {**told, chats.EVERYBODY: fresh[0]}.items()}
    Delivery.objects.bulk_create(
        [
            Delivery(id=new_id(), channel=name, made_at=at, next_at=at, notice_id=id, once=once, wakes=wakes)
            for name, id in wanted.items() if name in groups
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _house(act: Act) -> AbstractContextManager[object]:
    """Act as the house, which may write a notice for anybody; where the house acts already, nothing need be said."""
    now = acts_as()
    return nullcontext() if now is not None and now.id.startswith("machine:") else acting(machine_act("notices", act.at))


def tell_reporter(
    act: Act, about: UUID, sentence: str, facts: Facts, *, once: str, at: datetime | None = None, quiet: bool = False,
    outward: bool = True, wakes: bool = False,
) -> bool:  # fmt: skip
    """Keep what whoever reported something is told, once; a text message follows where they agreed to one."""
    with connection.cursor() as cursor:
        values: list[Any] = [new_id(), about, once, at or act.at, str(sentence), Jsonb(dict(facts)), quiet, wakes]
        cursor.execute(NOTE, values)
        fresh = cursor.fetchone()
    if fresh and outward and gateways.named("sms"):
        _send_out(act.at, ["sms"], [{"told_id": fresh[0], "wakes": wakes}])
    return bool(fresh)


def _send_out(at: datetime, channels: list[str], whats: list[dict[str, Any]]) -> None:
    Delivery.objects.bulk_create(
        Delivery(id=new_id(), channel=channel, made_at=at, next_at=at, **what) for what in whats for channel in channels
    )


def try_way(act: Act, name: str) -> None:
    """Send oneself a test by one way, or say it in one group: at once, whatever the hour."""
    if not act.actor.may("settings:edit") or not act.actor.person:
        raise NotYoursToSend
    if gateways.named(name) is None:
        raise NoSuchWay
    once = f"try:{act.id}"
    tell(act, [act.actor.person], wording.TRY, {"due": wording.moment(act.at)}, once=once, outward=False, wakes=True)
    with acting(machine_act("notices", act.at)):
        notice = Notice.objects.get(person_id=act.actor.person, once=once)
        Delivery.objects.create(
            id=new_id(), channel=name, made_at=act.at, next_at=act.at, notice=notice, wakes=True,
            once=once if name.startswith(chats.PREFIX) else None,
        )  # fmt: skip
    note_deed(act, "way_tried", name)


def read(act: Act, notice_id: UUID) -> Notice:
    """Note that a notice was read; the first time counts."""
    with acting(act):
        notice = Notice.objects.select_for_update().filter(id=notice_id, person_id=act.actor.person or NOBODY).first()
        if notice is None:
            raise UnknownNotice
        if notice.read_at is None:
            notice.read_at = act.at
            notice.save(update_fields=["read_at"])
    return notice


def read_all(act: Act, until: datetime) -> int:
    """Note that everything up to a moment was read; what came later stays unread."""
    with acting(act):
        return Notice.objects.filter(person_id=act.actor.person or NOBODY, read_at=None, at__lte=until).update(read_at=act.at)


def send_again(act: Act, delivery_id: UUID) -> Delivery:
    """Try once more what was given up."""
    if not act.actor.may("settings:edit"):
        raise NotYoursToSend
    with acting(act):
        delivery = Delivery.objects.select_for_update().filter(id=delivery_id, status=Delivery.Status.DEAD).first()
        if delivery is None:
            raise UnknownNotice
        delivery.status, delivery.tries, delivery.next_at = Delivery.Status.WAITING, 0, act.at
        delivery.save(update_fields=["status", "tries", "next_at"])
        note_deed(act, "message_sent_again", str(delivery.id))
    return delivery


def wish(act: Act, quiet_from: time, quiet_until: time, *, days_off: bool) -> None:
    """Say when oneself wishes to be spared."""
    if not act.actor.person:
        raise UnknownNotice
    told = {"quiet_from": quiet_from, "quiet_until": quiet_until, "days_off": days_off}
    Wish.objects.update_or_create(person_id=act.actor.person, defaults=told)


def drop_wish(act: Act) -> None:
    """Be spared in the quiet hours of the house again."""
    Wish.objects.filter(person_id=act.actor.person or NOBODY).delete()


def forget(about: UUID) -> int:
    """Forget what whoever reported this was told; the caller answers for the right to. Returns how many messages there were."""
    return Told.objects.filter(about=about).delete()[0]
