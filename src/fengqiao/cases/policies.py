"""Who may see and who may move a case: the first wall. Row-level security is the second and says the same of rows."""

from typing import Any

from fengqiao.base.act import Actor
from fengqiao.base.errors import FengqiaoError, NotAllowed
from fengqiao.base.words import Words, _
from fengqiao.cases import numbers
from fengqiao.cases.models import Case
from fengqiao.loop.alphabet import Hand
from fengqiao.loop.definition import Loop, UnknownMove
from fengqiao.loop.standing import Doer, Standing, holds

SEALED = 3  # from this confidentiality on, words are stored as ciphertext only
WORDS = ("title", "address", "category")
WHOSE: dict[Hand, Words] = {
    Hand.AREA: _("the dispatcher of its area"),
    Hand.LEAD: _("the lead organisation"),
    Hand.HANDLER: _("the organisations that handle it"),
    Hand.VERIFIER: _("somebody of its area"),
    Hand.REPORTER: _("whoever reported it"),
    Hand.MACHINE: _("the system"),
}


class NotYourMove(NotAllowed):
    """The post does not carry this move for this kind of case."""

    message = _("Your post does not allow “{move}” here.")


class NotYourCase(NotAllowed):
    """The post carries the move, but the case lies in other hands."""

    message = _("This case lies with {whose}. Only they can do “{move}”.")


class Covered(NotAllowed):
    """The case may be listed for this actor, but not opened."""

    message = _("What was said in this case may be read only by those who work on it.")


def check_report(actor: Actor, loop: Loop) -> None:
    """Refuse an actor who may not report this kind of case."""
    if not actor.may(f"{loop.key}:report"):
        raise NotYourMove(move=loop.move("report").title)


def check_move(actor: Actor, case: Case, loop: Loop, name: str, standing: Standing, by: Doer) -> None:
    """Refuse an actor who may not make this move, or one of the moves of this chain."""
    refused = may_move(actor, case, loop, name, standing, by)
    if refused:
        raise refused


def may_move(actor: Actor, case: Case, loop: Loop, name: str, standing: Standing, by: Doer) -> FengqiaoError | None:
    """Return why an actor may not make this move on this case, or nothing.

    Of a chain every move needs its permission, but only the first one's hand: the later ones come into being with it.
    """
    chain = loop.chain(name)
    own = [move for move in chain.moves if move not in chain.by_machine] if chain else [name]
    if not chain and name not in loop.every_move:
        return UnknownMove(move=name)
    for move in own:
        if not actor.may(f"{case.kind}:{move}"):
            return NotYourMove(move=chain.title if chain else loop.move(name).title)
    if not own and not actor.is_house:
        return NotYourMove(move=chain.title if chain else name)
    hands = loop.move(own[0] if own else chain.moves[0] if chain else name).hands
    if actor.is_house or any(in_hand(actor, case, hand, standing, by) for hand in hands):
        return None
    return NotYourCase(whose=WHOSE.get(hands[0], WHOSE[Hand.AREA]), move=loop.move(own[0]).title)


def in_hand(actor: Actor, case: Case, hand: Hand, standing: Standing, by: Doer) -> bool:
    """Tell whether the case lies in the actor's hands in the sense of the move."""
    return holds(hand, standing, by, in_area=actor.covers(case.area))


def handles(actor: Actor, case: Case) -> bool:
    """Tell whether the actor's organisation leads or assists."""
    return actor.speaks_for(actor.org) and takes_part(actor.org, case)


def takes_part(organisation: Any, case: Case) -> bool:
    """Tell whether an organisation leads or assists."""
    return str(organisation) in {str(case.lead), *map(str, case.assisting)}


def is_reporter(actor: Actor, case: Case) -> bool:
    """Tell whether this actor reported the case, by account or by the receipt in hand."""
    if actor.person and actor.person == case.reporter:
        return True
    receipts = [grantee for grantee in actor.grantees if grantee.startswith("receipt:")]
    return bool(receipts) and numbers.receipt_grantee(case.number, numbers.receipt_code(case.number)) in receipts


def may_read(actor: Actor, case: Case) -> NotAllowed | None:
    """Return why an actor may not open this case although its row is visible, or nothing."""
    if actor.is_house or (is_reporter(actor, case) and case.confidentiality < SEALED):
        return None
    works = actor.may("case:read") and (handles(actor, case) or bool(actor.person and actor.person == str(case.handler)))
    # To have reported a sealed case is no right to what is said in it since; and of whoever handles it only those read
    # who work on cases: no program, no administrator, and in C4 nobody without a seat (handbook C10).
    if works and (case.confidentiality < SEALED or (case.confidentiality == SEALED and actor.person)):
        return None
    if not actor.may("case:read") or not (works or actor.covers(case.area) or _opened(actor, case)):
        return Covered()
    if _opened(actor, case) or case.confidentiality < 2:
        return None
    return None if actor.may(f"case:read_c{case.confidentiality}") and _seated(actor, case) else Covered()


def _seated(actor: Actor, case: Case) -> bool:
    return not case.compartment or case.compartment in actor.compartments or "*" in actor.compartments


def _opened(actor: Actor, case: Case) -> bool:
    return f"glass:{case.id}" in actor.grantees


def shown(actor: Actor, case: Case) -> dict[str, Any]:
    """Return what a list may show of the row: at C2 and above number, kind, clock and town only (decision 22)."""
    if case.confidentiality < 2 or is_reporter(actor, case) or (case.confidentiality == 2 and handles(actor, case)):
        return opened(case)
    return {**dict.fromkeys(WORDS, ""), "area": case.area[:9], "lon": None, "lat": None}


def opened(case: Case) -> dict[str, Any]:
    """Return of the row whatever may be shown to those who may open the case."""
    return {**{name: getattr(case, name) for name in WORDS}, "area": case.area, "lon": case.lon, "lat": case.lat}
