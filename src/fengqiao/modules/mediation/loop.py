"""The path of a dispute: applied for, taken in, given to a committee, taken on, mediated, ended, its file read, closed.

What is said here is for the parties and their mediator: C3 from the first word.
"""

from fengqiao.base.words import _
from fengqiao.loop.alphabet import A, C, D, F, H, M, O, P, R, S, T, V, W, X
from fengqiao.loop.definition import ORGANISATION_IF_ANY, Chain, Loop, Move, Path
from fengqiao.loop.terms import C3
from fengqiao.modules.mediation.schemas import Apply, Begin, Conclude, Declined, HandOver, OnTheSpot, ReviewFile, Undertake

SPOT = ("accept", "triage", "assign", "sign", "start", "feed_back")

MEDIATION = Loop(
    key="mediation",
    title=_("Dispute mediation"),
    path=Path(R, A, T, D, S, H, F, V, C).may(X, M, O, W, P),
    titles={D: _("Offered to a mediator"), S: _("Asking both sides"), H: _("In mediation"), F: _("Ended, file under review")},
    confidentiality=C3,
    sla="S5",
    category_classes=("11",),
    verified_by=_("A reviewer of another organisation, who did not mediate, reads the file"),
    without=("pre_check", "settle_on_spot", "emergency", "arrive", "fill_in"),
    moves=(
        Move("report", title=_("Ask for mediation"), asks=Apply),
        Move("sign", title=_("Take it on"), asks=Undertake),
        Move("start", title=_("Both agree: begin"), asks=Begin),
        # Offers and minutes stay in the house: no paper is asked for, and an agreement may be one of words.
        Move("feed_back", title=_("Note how it ended"), asks=Conclude, evidence=0),
        Move("verify_pass", title=_("Confirm the file"), asks=ReviewFile, apart_from=(("feed_back", ORGANISATION_IF_ANY),)),
    ),
    chains=(
        Chain("hand_over", ("accept", "triage", "assign"), _("Hand to a mediator"), asks=HandOver),
        Chain("decline", ("start", "feed_back"), _("A side says no: end and tell the other ways"), asks=Declined),
        Chain("settle_orally", SPOT, _("Settled by word of mouth"), asks=OnTheSpot),
    ),
)

LOOPS = (MEDIATION,)
