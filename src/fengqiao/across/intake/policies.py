"""Who may hang up codes where, and whose name is needed."""

from fengqiao.base.act import Actor
from fengqiao.base.errors import NotAllowed
from fengqiao.base.words import _
from fengqiao.cases.models import Category
from fengqiao.loop.terms import C3


class NotYourCodes(NotAllowed):
    """The post does not make codes, or not here."""

    message = _("Your post makes no codes for this area.")


def check_codes(actor: Actor, area: str) -> None:
    """Refuse codes by or for somebody else."""
    if not actor.may("codes:make") or not actor.covers(area):
        raise NotYourCodes


def needs_contact(category: Category) -> bool:
    """Tell whether a named contact is needed: disputes and the like (C3). Whoever protects somebody may stay unnamed."""
    return category.confidentiality == C3


def check_page(actor: Actor) -> None:
    """Refuse whoever makes no codes at all."""
    if not actor.may("codes:make"):
        raise NotYourCodes


class NotYourRules(NotAllowed):
    """The rules are the centre's."""

    message = _("The rules of routing are set by the centre's administrators.")


def check_rules(actor: Actor) -> None:
    """Refuse whoever does not set the rules."""
    if not actor.may("settings:edit"):
        raise NotYourRules
