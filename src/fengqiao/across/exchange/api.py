"""How people tie other systems to this one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Query, Router
from ninja import Status as Done

from fengqiao.access.doors import signed_act_from
from fengqiao.across.exchange import queries, services
from fengqiao.across.exchange.models import Delivery, Endpoint
from fengqiao.across.exchange.schemas import (
    CountOut,
    DeliveriesOut,
    DeliveryOut,
    WebhookChange,
    WebhookIn,
    WebhookOut,
    WebhookSecretOut,
)
from fengqiao.across.exchange.terms import Status
from fengqiao.base.act import Act
from fengqiao.kits.web import cursors

webhooks = Router(tags=["webhooks"])
MOUNTS: Mapping[str, Router] = {"/webhooks": webhooks}


def _webhook(row: Endpoint) -> dict[str, Any]:
    return {
        "id": row.id, "url": row.url, "topics": row.topics, "area": row.area, "description": row.description, "paused": row.paused,
        "paused_why": row.paused_why, "failures": row.failures, "waiting": getattr(row, "waiting", 0), "dead": getattr(row, "dead", 0),
        "delivered_at": row.delivered_at, "made_at": row.made_at, "old_secret_until": row.old_until,
    }  # fmt: skip


def _delivery(row: Delivery) -> dict[str, Any]:
    return {
        "id": row.id, "event": row.event_id, "topic": row.topic, "case": row.case_id, "happened_at": row.happened_at,
        "status": row.status, "status_title": gettext(Status(row.status).label), "tries": row.tries, "next_at": row.next_at,
        "answered": row.answered, "fault": row.fault, "ended_at": row.ended_at,
    }  # fmt: skip


def _own_area(act: Act, area: str) -> str:
    """Return the area asked for, or the root of the actor's own."""
    return area or (act.actor.ranges[0][0] if act.actor.ranges else "")


@webhooks.get("", response=list[WebhookOut], summary="The webhooks on one's ground")
def list_webhooks(request: HttpRequest) -> list[dict[str, Any]]:
    """List webhooks."""
    return [_webhook(row) for row in queries.endpoints(signed_act_from(request))]


@webhooks.post("", response={201: WebhookSecretOut}, summary="Make a webhook; its secret is shown this once")
def make_webhook(request: HttpRequest, body: WebhookIn) -> Done[dict[str, Any]]:
    """Make a webhook."""
    act = signed_act_from(request)
    area = _own_area(act, body.area)
    row, secret = services.make_endpoint(act, url=body.url, topics=body.topics, area=area, description=body.description)
    return Done(201, {**_webhook(row), "secret": secret})


@webhooks.get("/{uuid:webhook_id}", response=WebhookOut, summary="One webhook")
def read_webhook(request: HttpRequest, webhook_id: UUID) -> dict[str, Any]:
    """Read a webhook."""
    return _webhook(queries.endpoint(signed_act_from(request), webhook_id))


@webhooks.patch("/{uuid:webhook_id}", response=WebhookOut, summary="Change, pause or resume a webhook")
def change_webhook(request: HttpRequest, webhook_id: UUID, body: WebhookChange) -> dict[str, Any]:
    """Change a webhook."""
    return _webhook(services.change_endpoint(signed_act_from(request), webhook_id, **body.dict()))


@webhooks.delete("/{uuid:webhook_id}", response={204: None}, summary="Remove a webhook and what waits for it")
def remove_webhook(request: HttpRequest, webhook_id: UUID) -> Done[None]:
    """Remove a webhook."""
    services.remove_endpoint(signed_act_from(request), webhook_id)
    return Done(204, None)


@webhooks.post("/{uuid:webhook_id}/secret", response=WebhookSecretOut, summary="Change the secret; the old one signs on for a day")
def change_secret(request: HttpRequest, webhook_id: UUID) -> dict[str, Any]:
    """Change the secret."""
    row, secret = services.change_secret(signed_act_from(request), webhook_id)
    return {**_webhook(row), "secret": secret}


@webhooks.post("/{uuid:webhook_id}/test", response={202: DeliveryOut}, summary="Send a test event")
def try_out(request: HttpRequest, webhook_id: UUID) -> Done[dict[str, Any]]:
    """Send a test event."""
    return Done(202, _delivery(services.try_out(signed_act_from(request), webhook_id)))


@webhooks.get("/{uuid:webhook_id}/deliveries", response=DeliveriesOut, summary="Deliveries, newest first; “dead” is the dead-letter list")
def list_deliveries(
    request: HttpRequest,
    webhook_id: UUID,
    status: Status | None = None,
    after: str = Query("", max_length=2000),
    limit: int = Query(50, ge=1, le=200),
) -> dict[str, Any]:
    """List deliveries."""
    row = queries.endpoint(signed_act_from(request), webhook_id)
    of = f"deliveries:{webhook_id}"
    keys = cursors.decode(of, after, 1)
    found = queries.deliveries(row, status or "", UUID(keys[0]) if keys else None, limit)
    following = cursors.encode(of, str(found[-1].id)) if len(found) == limit else None
    return {"items": [_delivery(one) for one in found], "next": following}


@webhooks.post("/{uuid:webhook_id}/deliveries/{uuid:delivery_id}/again", response=DeliveryOut, summary="Send one again that was given up")
def send_again(request: HttpRequest, webhook_id: UUID, delivery_id: UUID) -> dict[str, Any]:
    """Send one again."""
    return _delivery(services.send_again(signed_act_from(request), webhook_id, delivery_id))


@webhooks.post("/{uuid:webhook_id}/again", response=CountOut, summary="Send all again that were given up")
def send_all_again(request: HttpRequest, webhook_id: UUID) -> dict[str, int]:
    """Send all again."""
    return {"count": services.send_all_again(signed_act_from(request), webhook_id)}
