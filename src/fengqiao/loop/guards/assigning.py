"""Guards of triage, assignment and objection."""

from fengqiao.base.errors import FengqiaoError, Invalid, NotAllowed
from fengqiao.base.words import _
from fengqiao.loop.guards.table import NEEDED, UNKNOWN, guard, listed
from fengqiao.loop.standing import Attempt
from fengqiao.loop.terms import C4, Level, Sla

MOST_OBJECTIONS = 2


class CategoryMissing(Invalid):
    message = _("Choose a category.")


class UnknownTerm(Invalid):
    message = _("“{value}” is not a possible {field}.")


class Lowered(NotAllowed):
    message = _("Confidentiality may be raised here, but only the privacy officer lowers it.")


@guard(form=True)
def category_given(a: Attempt) -> FengqiaoError | None:
    return None if a.given("category") or a.standing.category else CategoryMissing(fields={"category": NEEDED})


@guard(form=True)
def terms_known(a: Attempt) -> FengqiaoError | None:
    for field, known in (("sla", list(Sla)), ("level", list(Level)), ("confidentiality", list(range(C4 + 1)))):
        value = a.asked.get(field)
        if value is not None and (value not in known or isinstance(value, bool)):
            return UnknownTerm(field=field, value=value, fields={field: UNKNOWN})
    return None


@guard(form=True)
def not_lowered(a: Attempt) -> FengqiaoError | None:
    wanted = a.asked.get("confidentiality")
    lowers = isinstance(wanted, int) and wanted < a.standing.confidentiality
    return Lowered() if lowers and not a.asked.get("privacy_officer") else None


class LeadMissing(Invalid):
    message = _("Name one organisation that takes the lead.")


class LeadComplainedOf(NotAllowed):
    message = _("The organisation complained of does not handle the complaint; choose another.")


@guard(form=True)
def lead_named(a: Attempt) -> FengqiaoError | None:
    return None if a.given("lead") else LeadMissing(fields={"lead": NEEDED})


@guard(form=True)
def lead_not_complained_of(a: Attempt) -> FengqiaoError | None:
    named = {str(a.asked.get("lead") or ""), *map(str, listed(a, "assisting"))}
    return LeadComplainedOf() if named & a.standing.complained_of else None


class ThirdObjection(NotAllowed):
    message = _("This case was returned {times} times already. Ask the district to decide; the clock runs on.")


@guard()
def objection_left(a: Attempt) -> FengqiaoError | None:
    if a.standing.objections < MOST_OBJECTIONS:
        return None
    # The district's yes to a third objection: never the lead's own hand, and only while the question is open.
    decided = a.asked.get("granted") and "objection" in a.standing.pending and a.by.org != a.standing.lead
    return None if decided else ThirdObjection(times=a.standing.objections)
