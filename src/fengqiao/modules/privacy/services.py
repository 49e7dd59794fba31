"""What people do with a request about personal data beyond the moves of every case; a function named like a move answers for it."""

from uuid import UUID

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.base.act import Act
from fengqiao.cases import erasing
from fengqiao.cases import queries as cases_queries
from fengqiao.cases import services as cases
from fengqiao.cases.erasing import Part
from fengqiao.cases.models import Case
from fengqiao.modules.privacy import policies, queries
from fengqiao.modules.privacy.schemas import Confirm, Decide
from fengqiao.modules.privacy.terms import Decision


def feed_back(act: Act, case_id: UUID, asked: Decide, *, version: int | None = None) -> Case:
    """Decide; what the law keeps cannot be granted, and says until when."""
    request = cases_queries.current(case_id)
    found = queries.concerned(request) if request.state == "H" else []
    if request.state == "H":
        policies.check_decision(act.actor, asked, found)
    if found and asked.outcome == Decision.DELETED and asked.part:
        for each in found:
            erasing.check(each, Part(asked.part), act.at)
        if not any(erasing.left(each, Part(asked.part)) for each in found):
            raise erasing.NothingLeft
    return cases.move_case(act, case_id, "feed_back", asked, version=version)


def verify_pass(act: Act, case_id: UUID, asked: Confirm, *, version: int | None = None) -> Case:
    """Confirm the decision, and carry it out in the same act: erased is erased, so nobody does it alone."""
    was = cases_queries.current(case_id)
    request = cases.move_case(act, case_id, "verify_pass", asked, version=version)
    if was.state == "F":
        _carry_out(act, request)
    return request


def _carry_out(act: Act, request: Case) -> None:
    said = queries.decided(request)
    for each in queries.concerned(request):
        doing = machine_act("retention", act.at, key=f"{request.id}:{request.last_seq}:{each.id}", purpose=f"request {request.number}")
        with acting(doing):
            if said["outcome"] == Decision.DELETED and erasing.left(each, Part(said["part"])):
                erasing.erase(doing, each.id, Part(said["part"]), request.number)
            elif said["outcome"] == Decision.CORRECTED:
                erasing.correct(doing, each.id, said["correction"], request.number)
