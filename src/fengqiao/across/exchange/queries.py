"""What people look up about webhooks and their deliveries."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.exchange import policies
from fengqiao.across.exchange.models import Delivery, Endpoint
from fengqiao.across.exchange.terms import Status
from fengqiao.base.act import Act, Actor
from fengqiao.base.errors import NotFound
from fengqiao.base.words import _

NEWEST = "SELECT coalesce(max(published_seq), 0) FROM case_outbox"


class NoSuchWebhook(NotFound):
    """There is none, or it is not on the actor's ground."""

    message = _("There is no such webhook, or it is not yours.")


class NoSuchDelivery(NotFound):
    """There is none of this webhook."""

    message = _("There is no such delivery.")


def newest(at: datetime) -> int:
    """Return the number of the event published last.

    Asked as the house: what an endpoint may not see must not be looked at for it again and again.
    """
    with acting(machine_act("webhooks", at)), connection.cursor() as cursor:
        cursor.execute(NEWEST)
        return int(cursor.fetchone()[0])


def endpoints(act: Act) -> list[Endpoint]:
    """Return the webhooks on the actor's ground, each with how many deliveries wait and how many were given up."""
    policies.check_webhooks(act.actor)
    return list(_counted(Endpoint.objects.filter(_on_ground(act.actor))))


def _counted(rows: QuerySet[Endpoint]) -> QuerySet[Endpoint]:
    waiting, dead = (Count("deliveries", filter=Q(deliveries__status=status)) for status in (Status.WAITING, Status.DEAD))
    return rows.annotate(waiting=waiting, dead=dead)


def endpoint(act: Act, endpoint_id: UUID, *, lock: bool = False) -> Endpoint:
    """Return one webhook of the actor's ground."""
    policies.check_webhooks(act.actor)
    rows = Endpoint.objects.filter(_on_ground(act.actor), id=endpoint_id)
    found = (rows.select_for_update() if lock else _counted(rows)).first()
    if found is None:
        raise NoSuchWebhook
    return found


def delivery(of: Endpoint, delivery_id: UUID) -> Delivery:
    """Return one delivery of a webhook."""
    found = of.deliveries.filter(id=delivery_id).first()
    if found is None:
        raise NoSuchDelivery
    return found


def deliveries(of: Endpoint, status: str, before: UUID | None, limit: int) -> list[Delivery]:
    """Return a webhook's deliveries, newest first."""
    rows = of.deliveries.order_by("-id")
    if status:
        rows = rows.filter(status=status)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows[:limit])


def _on_ground(actor: Actor) -> Q:
    ground = Q(pk__in=[])
    for low, high in actor.ranges:
        ground |= Q(area__gte=low, area__lt=high)
    return ground
