"""Who has a village's desk: whoever works for one village, and answers what its people send."""

from fengqiao.base.act import Act
from fengqiao.base.errors import NotAllowed
from fengqiao.base.words import _

VILLAGE_CODE = 12


class NoVillage(NotAllowed):
    """The post is not one of a single village."""

    message = _("These pages are for the clerk of one village or community. Choose that post, or go to the desk.")


def check_village(act: Act) -> None:
    """Refuse whoever does not work for one village."""
    actor = act.actor
    if not actor.may("qr_suggest:feed_back") or not actor.org or len(actor.ranges) != 1 or len(actor.ranges[0][0]) < VILLAGE_CODE:
        raise NoVillage
