"""The two paths of this module: incidents go the whole way round; questions and suggestions have a short way through it.

A short way skips no state: it is a chain of the same moves in one act, and the loop says which of them the machine makes.
"""

from fengqiao.base.words import _
from fengqiao.loop.alphabet import A, C, D, F, H, M, O, P, R, S, T, V, W, X
from fengqiao.loop.definition import ORGANISATION_IF_ANY, PERSON, Chain, Loop, Move, Path
from fengqiao.loop.terms import C1
from fengqiao.modules.incidents.schemas import Answer, Convert, PassOn, Review, SendOut, SpotPictures

# Once accepted, the same words lead on; so no clerk is punished for having accepted first.
ANSWERING = ("triage", "assign", "sign", "start", "feed_back", "verify_pass", "close")
DELIVERED = ("verify_pass", "close")
BECOME = Chain("convert", ("accept", "triage", "merge"), _("Go on as another kind of case"), asks=Convert)

INCIDENT = Loop(
    key="incident",
    title=_("Incident"),
    path=Path(R, A, T, D, S, H, F, V, C).may(X, O, M, W, P),
    confidentiality=C1,
    sla="S3",
    verified_by=_("A grid worker on the spot, or whoever reported it; never the handler"),
    moves=(
        Move("settle_on_spot", asks=SpotPictures, evidence=2),
        Move("verify_pass", apart_from=(("feed_back", ORGANISATION_IF_ANY), ("settle_on_spot", PERSON))),
        Move("verify_fail", apart_from=(("feed_back", ORGANISATION_IF_ANY), ("settle_on_spot", PERSON))),
    ),
    chains=(
        Chain("send_out", ("accept", "triage", "assign"), _("Accept, triage and assign"), asks=SendOut),
        BECOME,
    ),
)

QR_SUGGEST = Loop(
    key="qr_suggest",
    title=_("Question or suggestion"),
    path=Path(R, A, T, D, S, H, F, V, C).may(X, O, M, W, P),
    titles={H: _("Being answered"), F: _("Answer written"), V: _("Answer delivered")},
    confidentiality=C1,
    sla="S2",
    verified_by=_("The community clerk reads what a department answers; the clerk's own answer is on the reporter's page at once"),
    category_classes=("10",),
    without=("pre_check", "settle_on_spot", "emergency", "arrive", "fill_in"),
    moves=(
        # An answer is words: it needs no photo.
        Move("feed_back", title=_("Write the answer"), evidence=0),
        Move("verify_pass", asks=Review),
    ),
    chains=(
        Chain("answer", ("accept", *ANSWERING), _("Answer"), asks=Answer, by_machine=DELIVERED),
        Chain("answer_accepted", ANSWERING, _("Answer"), asks=Answer, by_machine=DELIVERED),
        Chain("deliver", DELIVERED, _("Review and deliver the answer"), asks=Review, by_machine=("close",)),
        Chain("pass_on", ("accept", "upgrade"), _("Assess and pass on to the town"), asks=PassOn),
        BECOME,
    ),
)

LOOPS = (INCIDENT, QR_SUGGEST)
