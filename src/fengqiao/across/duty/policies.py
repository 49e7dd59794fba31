"""Who may use the pages of duty: whoever has a desk sees who is there; whoever keeps a roster changes it; the rota signs."""

from fengqiao.base.act import Act, Actor
from fengqiao.base.errors import NotAllowed
from fengqiao.base.words import _
from fengqiao.people import queries as people
from fengqiao.people.queries import OrganisationRow
from fengqiao.people.services import DUTY, SETTINGS


class NoDuty(NotAllowed):
    """The post has no desk, so it has no duty either."""

    message = _("Your post has no duty pages. Choose another post, or ask your administrator.")


def check_page(act: Act) -> None:
    """Refuse whoever has no desk."""
    if not act.actor.may("desk:use"):
        raise NoDuty


def on_ground(actor: Actor, organisation: OrganisationRow) -> bool:
    """Tell whether an organisation lies on the actor's ground, or is their own."""
    return organisation.id == actor.org or actor.covers(organisation.area)


def may_substitute(actor: Actor, organisation: OrganisationRow) -> bool:
    """Tell whether the actor keeps this organisation's roster."""
    return actor.may(SETTINGS) or (actor.may(DUTY) and on_ground(actor, organisation))


def may_see_interviews(actor: Actor) -> bool:
    """Tell whether the actor sees which organisations are to be asked in: those who supervise the whole district."""
    return actor.may("incident:supervise") and actor.covers(people.district().area)
