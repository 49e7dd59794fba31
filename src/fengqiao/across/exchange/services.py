"""Tying other systems to this one: webhooks are made, changed, tried and sent again."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from fengqiao.across.exchange import guarding, policies, queries, signing
from fengqiao.across.exchange.models import Delivery, Endpoint
from fengqiao.across.exchange.terms import ROTATION, Status
from fengqiao.audit.services import note_deed
from fengqiao.base.act import Act
from fengqiao.base.errors import Conflict
from fengqiao.base.ids import new_id
from fengqiao.base.words import _

TEST_TOPIC = "test"


class NotDead(Conflict):
    """Only what was given up is sent again."""

    message = _("This delivery was not given up, so there is nothing to send again.")


@transaction.atomic
def make_endpoint(act: Act, *, url: str, topics: Sequence[str], area: str, description: str = "") -> tuple[Endpoint, str]:
    """Make a webhook; it is told of what happens from now on. Returns the secret, which is shown this once."""
    policies.check_webhooks(act.actor)
    policies.check_person(act)
    policies.check_area(act.actor, area)
    guarding.resolved(url)
    found = Endpoint.objects.filter(id=act.id).first()
    if found is not None:  # the same act came twice
        return found, signing.unsealed(found.secret)
    secret = signing.new_secret()
    endpoint = Endpoint.objects.create(
        id=act.id, url=url, topics=sorted(set(topics)), area=area, description=description, organisation=act.actor.org or None,
        secret=signing.sealed(secret), cursor=queries.newest(act.at), made_by_id=act.actor.person, made_at=act.at,
    )  # fmt: skip
    note_deed(act, "webhook_made", str(endpoint.id), url=url, topics=endpoint.topics, area=area)
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    act: Act,
    endpoint_id: UUID,
    *,
    url: str | None = None,
    topics: Sequence[str] | None = None,
    description: str | None = None,
    paused: bool | None = None,
) -> Endpoint:
    """Change a webhook; while it is paused nothing is lost, it is told afterwards."""
    endpoint = queries.endpoint(act, endpoint_id, lock=True)
    if url is not None and url != endpoint.url:
        guarding.resolved(url)
        endpoint.url = url
    if topics is not None:
        endpoint.topics = sorted(set(topics))
    if description is not None:
        endpoint.description = description
    if paused is not None:
        endpoint.paused, endpoint.paused_why, endpoint.failures = paused, "", 0
    endpoint.save()
    note_deed(act, "webhook_changed", str(endpoint.id), url=endpoint.url, topics=endpoint.topics, paused=endpoint.paused)
    return endpoint


@transaction.atomic
def remove_endpoint(act: Act, endpoint_id: UUID) -> None:
    """Remove a webhook with everything that still waited for it."""
    endpoint = queries.endpoint(act, endpoint_id, lock=True)
    note_deed(act, "webhook_removed", str(endpoint.id), url=endpoint.url)
    endpoint.delete()


@transaction.atomic
def change_secret(act: Act, endpoint_id: UUID) -> tuple[Endpoint, str]:
    """Give a webhook a new secret; the old one goes on signing beside it for a day."""
    policies.check_person(act)
    endpoint = queries.endpoint(act, endpoint_id, lock=True)
    secret = signing.new_secret()
    endpoint.old_secret, endpoint.old_until = endpoint.secret, act.at + ROTATION
    endpoint.secret = signing.sealed(secret)
    endpoint.save(update_fields=["secret", "old_secret", "old_until"])
    note_deed(act, "webhook_secret_changed", str(endpoint.id))
    return endpoint, secret


@transaction.atomic
def try_out(act: Act, endpoint_id: UUID) -> Delivery:
    """Send a test event, which belongs to no case."""
    endpoint = queries.endpoint(act, endpoint_id)
    found, _new = Delivery.objects.get_or_create(
        id=act.id,
        defaults={"endpoint": endpoint, "event_id": new_id(), "topic": TEST_TOPIC, "happened_at": act.at, "next_at": act.at},
    )
    return found


@transaction.atomic
def send_again(act: Act, endpoint_id: UUID, delivery_id: UUID) -> Delivery:
    """Take one delivery back from the dead."""
    endpoint = queries.endpoint(act, endpoint_id)
    delivery = queries.delivery(endpoint, delivery_id)
    if delivery.status != Status.DEAD:
        raise NotDead
    _revive(act, endpoint, ids=[delivery.id])
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def send_all_again(act: Act, endpoint_id: UUID) -> int:
    """Take all deliveries of a webhook back from the dead; returns how many."""
    return _revive(act, queries.endpoint(act, endpoint_id))


def _revive(act: Act, endpoint: Endpoint, ids: list[UUID] | None = None) -> int:
    dead = endpoint.deliveries.filter(status=Status.DEAD)
    if ids is not None:
        dead = dead.filter(id__in=ids)
    revived = dead.update(status=Status.WAITING, tries=0, next_at=act.at, ended_at=None)
    if revived:
        note_deed(act, "webhook_sent_again", str(endpoint.id), count=revived)
    return revived


def forget_delivered(act: Act, keep: timedelta) -> int:
    """Drop deliveries that ended well long ago."""
    dropped, _by_kind = Delivery.objects.filter(status=Status.DELIVERED, ended_at__lt=act.at - keep).delete()
    return dropped
