"""Webhooks on their way: events are drawn for every endpoint, and what is due is sent.

Both may be killed at any moment and run twice at once: drawing moves the endpoint's cursor in the transaction that writes
the deliveries, and a try that was begun and never ended is taken up again when its lease is over. Sending waits for other
people's servers, so it is done by threads of its own and holds up no other job.
"""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from uuid import UUID

import msgspec
from django.db import close_old_connections, connection, transaction
from django.db.models import F

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.exchange import policies, queries, services, signing
from fengqiao.across.exchange.models import Delivery, Endpoint
from fengqiao.across.exchange.sending import Outcome, send
from fengqiao.across.exchange.terms import LEASE, Status, pause_after
from fengqiao.base.act import Act
from fengqiao.base.clock import now
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.ids import new_id

log = logging.getLogger("fengqiao.webhooks")

DRAW = """
SELECT published_seq, topic, case_id, event_id, area, at FROM case_outbox
WHERE published_seq > %s ORDER BY published_seq LIMIT %s
"""
CLAIM = """
WITH due AS (
  SELECT d.id FROM exchange_delivery d JOIN exchange_endpoint e ON e.id = d.endpoint_id
  WHERE d.next_at <= %s AND NOT e.paused ORDER BY d.next_at LIMIT %s FOR UPDATE OF d SKIP LOCKED)
UPDATE exchange_delivery d SET next_at = %s, tries = d.tries + 1 FROM due WHERE d.id = due.id RETURNING d.id
"""
AT_ONCE = 8
KEEP = timedelta(days=30)

_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook")
_flying: set[Future[None]] = set()


def draw(at: datetime, limit: int = 500) -> int:
    """Make a delivery of every new event for every endpoint that wants its topic; returns how many."""
    waiting = Endpoint.objects.filter(paused=False).values_list("id", flat=True)
    return sum(_draw(endpoint_id, at, limit) for endpoint_id in list(waiting))


def _draw(endpoint_id: UUID, at: datetime, limit: int) -> int:
    with transaction.atomic():
        endpoint = Endpoint.objects.select_for_update(skip_locked=True).filter(id=endpoint_id, paused=False).first()
        if endpoint is None:
            return 0
        newest = queries.newest(at)
        if newest <= endpoint.cursor:
            return 0
        with acting(Act(id=new_id(), actor=policies.endpoint_actor(endpoint), at=at)), connection.cursor() as cursor:
            cursor.execute(DRAW, [endpoint.cursor, limit])
            rows = [row for row in cursor.fetchall() if row[0] <= newest]
        wanted = [row for row in rows if any(fnmatchcase(row[1], topic) for topic in endpoint.topics)]
        Delivery.objects.bulk_create(
            [
                Delivery(
                    id=new_id(), endpoint=endpoint, seq=seq, topic=topic, case_id=case, event_id=event, area=area, happened_at=happened,
                    next_at=at,
                )
                for seq, topic, case, event, area, happened in wanted
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        Endpoint.objects.filter(id=endpoint.id).update(cursor=rows[-1][0] if len(rows) == limit else newest)
        return len(wanted)


def deliver(at: datetime, limit: int = 32, *, wait: bool = False) -> int:
    """Send what is due, in threads; returns how many tries were begun."""
    _flying.difference_update([one for one in _flying if one.done()])
    room = min(limit, 4 * AT_ONCE - len(_flying))
    if room <= 0:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, [at, room, at + LEASE])
        claimed = [row[0] for row in cursor.fetchall()]
    if wait:
        for delivery_id in claimed:
            attempt(delivery_id)
    else:
        _flying.update(_threads.submit(_attempt, delivery_id) for delivery_id in claimed)
    return len(claimed)


def _attempt(delivery_id: UUID) -> None:
    try:
        attempt(delivery_id)
    except Exception:
        log.exception("delivery %s", delivery_id)
    finally:
        close_old_connections()
        connection.close()


def attempt(delivery_id: UUID) -> None:
    """Make one try of a claimed delivery and note how it ended."""
    delivery = Delivery.objects.select_related("endpoint").filter(id=delivery_id).first()
    if delivery is None:  # its endpoint was removed meanwhile
        return
    endpoint = delivery.endpoint
    try:
        outcome = send(endpoint.url, _secrets(endpoint, now()), message_id(delivery), message(delivery))
    except FengqiaoError as refused:
        outcome = Outcome(False, fault=str(refused)[:200])
    _note(delivery, outcome, now())


def message_id(delivery: Delivery) -> str:
    """Return the id by which a receiver knows a message again, however often it comes."""
    return f"msg_{delivery.event_id.hex}"


def message(delivery: Delivery) -> bytes:
    """Return what is sent: ids only."""
    data = {"event": delivery.event_id, "case": delivery.case_id, "area": delivery.area, "seq": delivery.seq}
    return msgspec.json.encode({"type": delivery.topic, "timestamp": delivery.happened_at, "data": data}, enc_hook=str)


def _secrets(endpoint: Endpoint, at: datetime) -> list[str]:
    kept = [endpoint.secret]
    if endpoint.old_secret is not None and endpoint.old_until is not None and at < endpoint.old_until:
        kept.append(endpoint.old_secret)
    return [signing.unsealed(one) for one in kept]


def _note(delivery: Delivery, outcome: Outcome, at: datetime) -> None:
    mine = Delivery.objects.filter(id=delivery.id, status=Status.WAITING)
    endpoint = Endpoint.objects.filter(id=delivery.endpoint_id)
    with transaction.atomic():
        if outcome.accepted:
            mine.update(status=Status.DELIVERED, next_at=None, ended_at=at, answered=outcome.answered, fault="")
            endpoint.update(failures=0, delivered_at=at)
            return
        pause = None if outcome.gone else pause_after(delivery.tries, outcome.wished)
        if pause is None:
            mine.update(status=Status.DEAD, next_at=None, ended_at=at, answered=outcome.answered, fault=outcome.fault)
        else:
            mine.update(next_at=at + pause, answered=outcome.answered, fault=outcome.fault)
        endpoint.update(failures=F("failures") + 1)
        if outcome.gone:
            endpoint.update(paused=True, paused_why="410")


def forget(at: datetime) -> int:
    """Drop deliveries that ended well a month ago."""
    return services.forget_delivered(machine_act("webhooks", at), KEEP)
