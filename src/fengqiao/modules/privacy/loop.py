"""The path of a request about personal data: taken in, given to the privacy officer, decided, read by a second person, carried out."""

from fengqiao.base.words import _
from fengqiao.loop.alphabet import A, C, D, F, H, M, O, P, R, S, T, V, W, X
from fengqiao.loop.definition import ORGANISATION_IF_ANY, Chain, Loop, Move, Path
from fengqiao.loop.terms import C2
from fengqiao.modules.privacy.schemas import Ask, Confirm, Decide, HandOver

DATA_REQUEST = Loop(
    key="data_request",
    title=_("Request about personal data"),
    path=Path(R, A, T, D, S, H, F, V, C).may(X, M, O, W, P),
    titles={D: _("With the privacy officer"), H: _("Being examined"), F: _("Decided, to be confirmed"), V: _("Confirmed and carried out")},
    confidentiality=C2,
    sla="S4",
    category_classes=("10",),
    verified_by=_("Somebody of another organisation reads the decision; only then something is deleted"),
    without=("pre_check", "settle_on_spot", "emergency", "arrive", "fill_in"),
    moves=(
        Move("report", title=_("Ask about personal data"), asks=Ask),
        Move("feed_back", title=_("Decide"), asks=Decide, evidence=0),
        Move("verify_pass", title=_("Confirm and carry out"), asks=Confirm, apart_from=(("feed_back", ORGANISATION_IF_ANY),), danger=True),
    ),
    chains=(Chain("hand_over", ("accept", "triage", "assign"), _("Hand to the privacy officer"), asks=HandOver),),
)

LOOPS = (DATA_REQUEST,)
