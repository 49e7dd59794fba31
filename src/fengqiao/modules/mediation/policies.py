"""What mediation refuses: nothing begins without both sides, and a side's no is the end of it (L1 §17)."""

from fengqiao.base.errors import Conflict, Invalid, NotAllowed
from fengqiao.base.words import _
from fengqiao.cases import views
from fengqiao.cases.models import Case, CaseEvent
from fengqiao.modules.mediation.terms import AGREEMENTS, Ending


class NotImpartial(NotAllowed):
    """Whoever has a part in it does not mediate (L1 §15, L32 §23)."""

    message = _("Whoever is related to a side or has an interest does not mediate. Hand the case back instead.")


class NotBoth(Invalid):
    """Mediation is nothing that happens to somebody."""

    message = _("Mediation begins when both sides know their rights and agree. If one does not, end it and tell both the other ways.")


class RemediesUntold(Invalid):
    """Who does not agree must hear where else to go."""

    message = _("Without an agreement both sides must be told the other ways: write which ones you told them.")


class RefusalStands(Conflict):
    """A clear no ends it: it is not carried to a higher committee."""

    message = _("A side has said no. The mediation has ended and is not raised to a higher level; the other ways are open to both.")


class NoCommittee(NotAllowed):
    """Whoever settles a dispute settles it for a committee."""

    message = _("You mediate for a committee. Choose a post at one, then go on.")


def check_both(asked: object, *names: str) -> None:
    """Refuse a beginning that lacks a side, or the notice of rights."""
    missing = [name for name in names if not getattr(asked, name)]
    if missing:
        raise NotBoth(fields={name: str(NotBoth.message) for name in missing})


def check_remedies(outcome: str, remedies: str) -> None:
    """Refuse an end without agreement that leaves people alone with it (L1 §26)."""
    if outcome not in AGREEMENTS and len(remedies.strip()) < 4:
        raise RemediesUntold(fields={"remedies": str(RemediesUntold.message)})


def check_not_refused(case: Case) -> None:
    """Refuse to go on with a case in which a side has said no."""
    ends = CaseEvent.objects.filter(case_id=case.id, move="feed_back").select_related("said").order_by("-seq")[:1]
    if any(views.what_was_said(case, event).get("outcome") == Ending.PARTY_REFUSED for event in ends):
        raise RefusalStands
