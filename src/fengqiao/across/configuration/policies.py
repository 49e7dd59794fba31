"""Who may change settings: whoever carries `settings:edit`; people and their posts need `people:edit` as well."""

from fengqiao.base.act import Act
from fengqiao.base.errors import NotAllowed
from fengqiao.base.words import _

SETTINGS, PEOPLE = "settings:edit", "people:edit"


class NotYourSettings(NotAllowed):
    """The post sets nothing."""

    message = _("Only the system administrator of the centre changes settings.")


def check(act: Act, *, people: bool = False) -> None:
    """Refuse whoever sets nothing, and a program: what is set has a name behind it."""
    if not act.actor.may(SETTINGS) or not act.actor.person or (people and not act.actor.may(PEOPLE)):
        raise NotYourSettings
