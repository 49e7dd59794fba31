"""Which rows may an actor see, and which kinds may become which? Rows are those of every case; nothing is wider here."""

from fengqiao.base.errors import Conflict, Invalid
from fengqiao.base.words import _
from fengqiao.cases.models import Case
from fengqiao.loop.alphabet import R
from fengqiao.loop.definition import Loop


class SameKind(Invalid):
    """A case cannot become what it is."""

    message = _("The case is of this kind already. Choose another kind, or change its category at triage.")


class NotFresh(Conflict):
    """A case becomes another one only before it was taken in."""

    message = _("Only a case that nobody has accepted yet can go on as another kind. Link the two cases instead.")


def check_convert(case: Case, becomes: Loop) -> None:
    """Refuse a conversion that leads nowhere."""
    if becomes.key == case.kind:
        raise SameKind(fields={"kind": str(SameKind.message)})
    if case.state != R:
        raise NotFresh
