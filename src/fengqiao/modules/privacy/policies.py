"""Which decisions may be taken? Rows are those of every case; nothing is wider here."""

from fengqiao.base.act import Actor
from fengqiao.base.errors import Invalid
from fengqiao.base.words import _
from fengqiao.cases.models import Case
from fengqiao.cases.retention import NotKeeper
from fengqiao.modules.privacy.schemas import Decide
from fengqiao.modules.privacy.terms import Decision


class PartMissing(Invalid):
    """It is granted, but not what."""

    message = _("Say what is deleted.")


class CorrectionMissing(Invalid):
    """It is granted, but nobody says what is right."""

    message = _("Say what is right; it is noted on the case.")


class NothingConcerned(Invalid):
    """The request names no case of ours."""

    message = _("This request belongs to no report here, so nothing can be deleted or corrected by it. Answer it in words.")


def check_decision(actor: Actor, asked: Decide, concerned: list[Case]) -> None:
    """Refuse a decision that says half, or of somebody who may not erase."""
    if asked.outcome == Decision.DELETED and not asked.part:
        raise PartMissing(fields={"part": str(PartMissing.message)})
    if asked.outcome == Decision.CORRECTED and not asked.correction:
        raise CorrectionMissing(fields={"correction": str(CorrectionMissing.message)})
    if asked.outcome in (Decision.DELETED, Decision.CORRECTED) and not concerned:
        raise NothingConcerned
    if asked.outcome == Decision.DELETED and not actor.may("retention:run"):
        raise NotKeeper
