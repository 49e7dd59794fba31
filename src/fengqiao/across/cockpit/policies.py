"""Who may look at the day: whoever's post carries the cockpit; the rows behind it are those of every list."""

from fengqiao.base.act import Actor
from fengqiao.base.errors import NotAllowed
from fengqiao.base.words import _


class NotYourCockpit(NotAllowed):
    """The post does not carry the cockpit."""

    message = _("Your post does not show the day in figures. Ask your duty leader, or change your post above.")


def check_seen(actor: Actor) -> None:
    """Refuse a post without the cockpit."""
    if not actor.may("cockpit:see"):
        raise NotYourCockpit
