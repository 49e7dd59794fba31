"""Who reads and moves a case: the house, programs with keys, whoever reported it, whoever has it."""

from types import SimpleNamespace

import pytest

from fengqiao.access.acting import acting
from fengqiao.access.holdings import actor_of_token
from fengqiao.audit.services import NoPurpose
from fengqiao.base.act import Act
from fengqiao.base.ids import new_id
from fengqiao.cases import policies, queries, requests, schemas
from fengqiao.cases.terms import RequestKind
from fengqiao.cases.tests.conftest import MORNING, TOWN
from fengqiao.cases.tests.test_services import go


def program(*scopes, area=TOWN, organisation=None):
    return actor_of_token(SimpleNamespace(id=new_id(), organisation=organisation, area=area, scopes=scopes, name="12345"))


def reading(actor, case, purpose="", **more):
    act = Act(new_id(), actor, MORNING, purpose=purpose)
    with acting(act):
        return queries.read(act, case.id, **more)


@pytest.fixture
def dispute(cast, by, opened):
    """A dispute in the hands of the power station."""
    case = opened(category="1101", name="王秀英", phone="13800000000")
    dispatcher = cast.actor("town_dispatcher", cast.room)
    go(by(dispatcher), case, "accept")
    go(by(dispatcher), case, "triage", category="1101")
    return go(by(dispatcher), case, "assign", lead=cast.power)


def test_a_program_reads_no_sealed_case_and_has_nobody_elses_hand(opened, dispute):
    caller = program("case:read", "case:read_c2", "*:sign", "*:auto_recheck")
    with pytest.raises(policies.Covered):
        reading(caller, dispute, "to know")
    assert reading(caller, opened(category="0505")).state == "R"
    with pytest.raises(policies.NotYourCase):
        go(Act(new_id(), caller, MORNING), dispute, "sign")


def test_a_program_asks_for_nothing_in_the_name_of_the_house(by, dispute):
    act = Act(new_id(), program("requests:ask"), MORNING)
    with pytest.raises(policies.NotYourCase), acting(act):
        requests.ask(act, dispute.id, RequestKind.OBJECTION, schemas.Object(reason="不属于我们"))


def test_whoever_reported_a_dispute_sees_their_own_page_without_saying_why_but_not_what_was_said_since(cast, by, opened):
    worker = cast.actor("grid_worker", area=TOWN + "001")
    act = by(worker)
    from fengqiao.cases.schemas import Report
    from fengqiao.cases.services import open_case

    with acting(act):
        case = open_case(act, "matter", Report(text="两家为一堵墙吵起来了", category="1101", area=TOWN + "001"))
    assert reading(worker, case, own=True).id == case.id
    with pytest.raises(policies.Covered):
        reading(worker, case, "to see how it went")


def test_of_the_organisation_that_has_a_dispute_only_those_read_who_work_on_cases(cast, dispute):
    handler, clerk = (cast.actor(post, cast.power) for post in ("station_handler", "org_admin"))
    with pytest.raises(NoPurpose):
        reading(handler, dispute)
    assert reading(handler, dispute, "to settle it").id == dispute.id
    with pytest.raises(policies.Covered):
        reading(clerk, dispute, "to look around")


