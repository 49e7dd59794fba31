"""Who may take lists away, and who writes the texts that all desks use."""

from fengqiao.base.act import Act, Actor
from fengqiao.base.errors import NotAllowed
from fengqiao.base.words import _

EXPORT = "cases:export"
TEXTS = ("texts:edit", "settings:edit")


class NoExport(NotAllowed):
    """The post may read lists, not take them away."""

    message = _("Your post may not take lists away. Ask somebody who may, or work on the desk.")


class NoTexts(NotAllowed):
    """The post may use standard texts, not write them."""

    message = _("Your post may use standard texts but not change them.")


class NoDeskHere(NotAllowed):
    """The post has no desk."""

    message = _("Your post has no desk. Choose another post, or ask your administrator.")


def check_desk(act: Act) -> None:
    """Refuse whoever has no desk."""
    if not act.actor.may("desk:use"):
        raise NoDeskHere


def check_export(act: Act) -> None:
    """Refuse whoever may not take lists away."""
    if not act.actor.may(EXPORT):
        raise NoExport


def may_write_texts(actor: Actor) -> bool:
    """Tell whether an actor writes standard texts."""
    return any(actor.may(permission) for permission in TEXTS)
