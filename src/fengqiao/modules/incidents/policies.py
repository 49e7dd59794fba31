"""Which rows may an actor see, and which kinds may become which? Rows are those of every case; nothing is wider here."""

from fengqiao.base.errors import Conflict, Invalid, NotAllowed
from fengqiao.base.words import _
from fengqiao.cases.models import Case, Category
from fengqiao.loop.alphabet import R
from fengqiao.loop.definition import Loop
from fengqiao.loop.terms import C3


class SameKind(Invalid):
    """A case cannot become what it is."""

    message = _("The case is of this kind already. Choose another kind, or change its category at triage.")


class NotFresh(Conflict):
    """A case becomes another one only before it was taken in."""

    message = _("Only a case that nobody has accepted yet can go on as another kind. Link the two cases instead.")


class ContactNeeded(Invalid):
    """A dispute is settled with somebody, not with a message."""

    message = _("A dispute needs a contact: ask whoever reported for a name and a telephone.")


def check_contact(category: Category, name: str, phone: str) -> None:
    """Refuse a dispute (C3) with nobody to talk to."""
    if category.confidentiality == C3 and not (name and phone):
        missing = [field for field, given in (("name", name), ("phone", phone)) if not given]
        raise ContactNeeded(fields={field: str(ContactNeeded.message) for field in missing})


class StaysSealed(NotAllowed):
    """What was said under seal is not carried into the open."""

    message = _("What was said here is sealed and stays so: choose a kind of matter that is as confidential.")


def check_convert(case: Case, becomes: Loop, category: Category) -> None:
    """Refuse a conversion that leads nowhere, or out from under the seal."""
    if case.confidentiality >= C3 and max(int(becomes.confidentiality), category.confidentiality) < C3:
        raise StaysSealed
    if becomes.key == case.kind:
        raise SameKind(fields={"kind": str(SameKind.message)})
    if case.state != R:
        raise NotFresh
