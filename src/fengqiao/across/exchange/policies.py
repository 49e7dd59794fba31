"""Who may tie other systems to this one."""

from fengqiao.access.holdings import subtree
from fengqiao.across.exchange.models import Endpoint
from fengqiao.base.act import Act, Actor, ActorKind
from fengqiao.base.errors import NotAllowed
from fengqiao.base.words import _


class NotYours(NotAllowed):
    """The area lies outside the actor's own."""

    message = _("You may tie other systems only to your own area.")


class OnlyPeople(NotAllowed):
    """A program ties no others."""

    message = _("A webhook is made by a person who signed in, not by a program.")


def check_webhooks(actor: Actor) -> None:
    """Refuse whoever may not see or change webhooks."""
    if not actor.may("webhooks:edit"):
        raise NotAllowed


def check_person(act: Act) -> None:
    """Refuse a program where somebody must answer for it."""
    if not act.actor.person:
        raise OnlyPeople


def check_area(actor: Actor, area: str) -> None:
    """Refuse an area that is not the actor's."""
    if not actor.covers(area):
        raise NotYours


def endpoint_actor(endpoint: Endpoint) -> Actor:
    """Return the actor as whom an endpoint draws events: its owner's area, and no sealed compartment."""
    return Actor(
        kind=ActorKind.MACHINE,
        id=f"webhook:{endpoint.id}",
        post="webhook",
        org=str(endpoint.organisation or ""),
        ranges=(subtree(endpoint.area),),
        grantees=(f"org:{endpoint.organisation}",) if endpoint.organisation else (),
    )
