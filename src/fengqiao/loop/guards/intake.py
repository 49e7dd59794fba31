"""Guards of the moves that take a case in: pre-check, reject, merge."""

from fengqiao.base.errors import FengqiaoError, Invalid, NotAllowed
from fengqiao.base.words import _
from fengqiao.loop.guards.table import NEEDED, guard
from fengqiao.loop.standing import Attempt
from fengqiao.loop.terms import S0, S1

RESIDENTS = frozenset({"qr", "snap", "hotline"})


class NothingToSee(NotAllowed):
    message = _("Only a defect that can be seen is checked on site first; inquiries, suggestions and disputes are not.")


class NotFromResidents(NotAllowed):
    message = _("Only what residents report by code, snapshot or hotline is checked on site first.")


class TooUrgentToCheck(NotAllowed):
    message = _("This is urgent: accept it at once, do not check it first.")


@guard()
def physical(a: Attempt) -> FengqiaoError | None:
    return None if a.standing.physical else NothingToSee()


@guard()
def from_residents(a: Attempt) -> FengqiaoError | None:
    return None if a.standing.channel in RESIDENTS else NotFromResidents()


@guard()
def not_urgent(a: Attempt) -> FengqiaoError | None:
    return TooUrgentToCheck() if a.standing.sla in (S0, S1) else None


class RemedyMissing(Invalid):
    message = _("Name the proper channel, so that whoever reported it knows where to go.")


@guard(form=True)
def remedy_given(a: Attempt) -> FengqiaoError | None:
    return None if a.given("remedy") else RemedyMissing(fields={"remedy": NEEDED})


class NotForTheSpot(NotAllowed):
    message = _("Only small things of a marked category are settled on the spot; send this one on.")


@guard()
def spot_ok(a: Attempt) -> FengqiaoError | None:
    return None if a.standing.spot_ok else NotForTheSpot()


class MasterMissing(Invalid):
    message = _("Name the case that this one is merged into.")


class AcrossConfidentiality(NotAllowed):
    message = _("Cases of different confidentiality are never merged.")


@guard(form=True)
def master_named(a: Attempt) -> FengqiaoError | None:
    return None if a.given("master") else MasterMissing(fields={"master": NEEDED})


@guard(form=True)
def same_confidentiality(a: Attempt) -> FengqiaoError | None:
    return None if a.standing.master_conf == a.standing.confidentiality else AcrossConfidentiality()
