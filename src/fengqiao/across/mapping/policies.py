"""Who may look at the map: whoever has a desk. Each layer asks for a permission of its own; cases are those of every list."""

from fengqiao.base.act import Actor
from fengqiao.base.errors import NotAllowed
from fengqiao.base.words import _


class NotYourMap(NotAllowed):
    """The post does not carry what the map asks for."""

    message = _("Your post does not show this map. Choose another post, or ask your administrator.")


def check_map(actor: Actor, permission: str = "desk:use") -> None:
    """Refuse a post that does not carry what a layer asks for."""
    if not actor.may(permission):
        raise NotYourMap
