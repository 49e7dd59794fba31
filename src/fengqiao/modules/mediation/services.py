"""What people do in a mediation beyond the moves of every case; a function named like a move answers for it."""

from uuid import UUID

from fengqiao.base.act import Act
from fengqiao.cases import claims, queries
from fengqiao.cases import services as cases
from fengqiao.cases.models import Case
from fengqiao.cases.schemas import Reason, VerifyFail
from fengqiao.modules.mediation import policies
from fengqiao.modules.mediation.schemas import Begin, Conclude, Declined, OnTheSpot, Refusal, Settled, Undertake

BOTH = ("applicant_agrees", "respondent_agrees")


def sign(act: Act, case_id: UUID, asked: Undertake, *, version: int | None = None) -> Case:
    """Take a dispute on, as somebody who has no part in it."""
    if not asked.no_interest:
        raise policies.NotImpartial
    return cases.move_case(act, case_id, "sign", asked, version=version)


def start(act: Act, case_id: UUID, asked: Begin, *, version: int | None = None) -> Case:
    """Begin, now that both sides know their rights and agree."""
    policies.check_both(asked, "rights_told", *BOTH)
    return cases.move_case(act, case_id, "start", asked, version=version)


def feed_back(act: Act, case_id: UUID, asked: Conclude, *, version: int | None = None) -> Case:
    """Note how the mediation ended; whoever does not agree is told the other ways."""
    policies.check_remedies(asked.outcome, asked.remedies)
    return cases.move_case(act, case_id, "feed_back", asked, version=version)


def decline(act: Act, case_id: UUID, asked: Declined, *, version: int | None = None) -> Case:
    """End it before it began, because a side does not want it."""
    return cases.move_case(act, case_id, "decline", asked.together(Refusal), version=version)


def settle_orally(act: Act, case_id: UUID, asked: OnTheSpot, *, version: int | None = None) -> Case:
    """Record what two sides have just agreed by word of mouth."""
    policies.check_both(asked, *BOTH)
    if not act.actor.org and claims.done_before(act, case_id) is None:
        raise policies.NoCommittee
    return cases.move_case(act, case_id, "settle_orally", asked.together(Settled, lead=act.actor.org or None), version=version)


def verify_fail(act: Act, case_id: UUID, asked: VerifyFail, *, version: int | None = None) -> Case:
    """Send a file back; not one in which a side has said no, for that stays said."""
    policies.check_not_refused(queries.current(case_id))
    return cases.move_case(act, case_id, "verify_fail", asked, version=version)


def upgrade(act: Act, case_id: UUID, asked: Reason, *, version: int | None = None) -> Case:
    """Raise a hard dispute one level, unless a side has said no."""
    policies.check_not_refused(queries.current(case_id))
    return cases.move_case(act, case_id, "upgrade", asked, version=version)
