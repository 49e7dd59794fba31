"""Trifles settled on the spot: a sample is checked by somebody else, the rest is confirmed by the house in its own name.

No state is skipped and nobody confirms their own work; what the house confirmed without looking says so in its history.
"""

import zlib
from dataclasses import replace
from uuid import UUID

from django.conf import settings

from fengqiao.base.act import Act
from fengqiao.base.ids import derived_id
from fengqiao.base.words import _
from fengqiao.cases import services as cases
from fengqiao.cases.models import Case
from fengqiao.cases.schemas import Close, VerifyPass
from fengqiao.loop.alphabet import F

NOT_LOOKED_AT = _("Settled on the spot and not in the sample of {percent}% that somebody checks")


def confirm_unsampled(act: Act, case_id: UUID) -> None:
    """Confirm and close what was settled on the spot, unless it belongs to the sample or moved on already."""
    case = Case.objects.filter(id=case_id, state=F).first()
    if case is None or in_sample(case_id, settings.FENGQIAO_SPOT_SAMPLE):
        return
    note = NOT_LOOKED_AT.say(str, {"percent": settings.FENGQIAO_SPOT_SAMPLE})
    cases.dispatch(act, case_id, "verify_pass", VerifyPass(note=note))
    cases.dispatch(replace(act, id=derived_id(act.id, "close"), key=""), case_id, "close", Close())


def in_sample(case_id: UUID, percent: int) -> bool:
    """Tell whether a case is checked by a person; the case decides, so the answer is the same whoever asks and whenever."""
    return zlib.crc32(case_id.bytes) % 100 < percent


REACTIONS = {"incident.settle_on_spot": (confirm_unsampled,)}
