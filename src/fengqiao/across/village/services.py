"""What a village's clerk does: each is one act through the one door of all moves."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fengqiao.access.acting import acting
from fengqiao.base.act import Act
from fengqiao.base.words import _
from fengqiao.cases import continuing, forms, registry
from fengqiao.cases import services as cases
from fengqiao.cases.api import parsed
from fengqiao.cases.models import Case
from fengqiao.kits.notices import services as notices

QUARREL = "mediation"
WHY = _("Why your report {number} takes longer: {reason}")


def do(act: Act, case_id: UUID, move: str, said: Mapping[str, Any]) -> Case:
    """Make a move with what the form said."""
    with acting(act):
        asks = forms.asks_of(registry.loop(cases.kind_of(case_id)), move)
        return cases.dispatch(act, case_id, move, parsed(asks, said))


def turn_into_quarrel(act: Act, case_id: UUID, said: Mapping[str, Any]) -> UUID:
    """Let a message go on as a dispute under the same matter number; returns the dispute."""
    case = do(act, case_id, "convert", {**said, "kind": QUARREL})
    with acting(act):
        return (continuing.gone_on_as(case) or case).id


def say_why(act: Act, case_id: UUID, note: str) -> Case:
    """Tell a resident why it takes longer: noted on the record, and said on the page of the receipt."""
    with acting(act):
        case = do(act, case_id, "note", {"text": note})
        notices.tell_reporter(act, case.id, WHY, {"number": case.number, "reason": note}, once=f"{act.id}:why")
        return case


def category_of(act: Act, case_id: UUID) -> str:
    """Return what kind of quarrel it is; of a sealed case a list does not tell, so it is asked here and shown nowhere."""
    with acting(act):
        return Case.objects.values_list("category", flat=True).get(id=case_id)
