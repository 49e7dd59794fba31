"""Guards of handling: contact, extension, pause, result."""

from fengqiao.base.errors import FengqiaoError, Invalid, NotAllowed
from fengqiao.base.words import _
from fengqiao.loop.guards.table import EVIDENCE, NEEDED, UNKNOWN, as_moment, guard, listed
from fengqiao.loop.standing import Attempt
from fengqiao.loop.terms import S0, PauseReason

MOST_EXTENSIONS = 1


class NobodyContacted(Invalid):
    message = _("Handling begins with a contact or an arrival: note which, and when.")


@guard(form=True)
def contact_or_arrival(a: Attempt) -> FengqiaoError | None:
    noted = any(a.standing.doers.get(fact) for fact in ("contact", "arrive"))
    return None if noted or a.given("contact") or a.given("arrival") else NobodyContacted(fields={"contact": NEEDED})


class ExtendedAlready(NotAllowed):
    message = _("The limit was extended once already; it is not extended again.")


class NeverForS0(NotAllowed):
    message = _("“{move}” is not possible where life or a crowd is in danger.")


@guard()
def extension_left(a: Attempt) -> FengqiaoError | None:
    return None if a.standing.extensions < MOST_EXTENSIONS else ExtendedAlready()


@guard()
def not_s0(a: Attempt) -> FengqiaoError | None:
    return NeverForS0(move=a.move.title) if a.standing.sla == S0 else None


class PauseReasonUnknown(Invalid):
    message = _("The clock stops only for an appraisal, a party's papers, force majeure or time with the court.")


class ResumeDateMissing(Invalid):
    message = _("Say on which day the clock runs again.")


class ResumeDatePast(Invalid):
    message = _("The day on which the clock runs again must lie ahead.")


@guard(form=True)
def pause_reason(a: Attempt) -> FengqiaoError | None:
    known = a.asked.get("reason") in list(PauseReason)
    return None if known else PauseReasonUnknown(fields={"reason": UNKNOWN})


@guard(form=True)
def resume_date(a: Attempt) -> FengqiaoError | None:
    moment = as_moment(a.asked.get("resume_on"), a)
    if moment is None:
        return ResumeDateMissing(fields={"resume_on": NEEDED})
    return None if moment > a.at else ResumeDatePast(fields={"resume_on": ResumeDatePast.message})


class ResultMissing(Invalid):
    message = _("Say how it ended: choose a result.")


class EvidenceMissing(Invalid):
    message = _("Add evidence first: at least {needed} photo or document.")


@guard(form=True)
def result_given(a: Attempt) -> FengqiaoError | None:
    given = a.given("result") or a.given("outcome")
    return None if given else ResultMissing(fields={"result": NEEDED})


@guard(form=True)
def evidence(a: Attempt) -> FengqiaoError | None:
    needed = a.move.evidence or 0
    there = sum(len(listed(a, name)) for name in EVIDENCE)
    return None if there >= needed else EvidenceMissing(needed=needed, fields={"files": NEEDED})
