"""Who reads and moves a case: the house, programs with keys, whoever reported it, whoever has it."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.access.holdings import actor_of_token
from fengqiao.audit.services import NoPurpose
from fengqiao.base.act import Act
from fengqiao.base.ids import new_id
from fengqiao.cases import policies, queries, requests, retention, schemas, views
from fengqiao.cases.claims import UnknownCase
from fengqiao.cases.terms import RequestKind
from fengqiao.cases.tests.conftest import MORNING, TOWN
from fengqiao.cases.tests.test_services import go


def program(*scopes, area=TOWN, organisation=None):
    return actor_of_token(SimpleNamespace(id=new_id(), organisation=organisation, area=area, scopes=scopes, name="12345"))


def reading(actor, case, purpose="", **more):
    act = Act(new_id(), actor, MORNING, purpose=purpose)
    with acting(act):
        return queries.read(act, case.id, **more)


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


def test_a_volunteer_of_the_organisation_that_leads_sees_neither_the_case_nor_its_list(cast, by, opened):
    case = opened()
    dispatcher = cast.actor("town_dispatcher", cast.room)
    go(by(dispatcher), case, "accept")
    go(by(dispatcher), case, "triage", category="0505")
    go(by(dispatcher), case, "assign", lead=cast.power)
    handler = replace(cast.actor("station_handler", cast.power), ranges=())
    volunteer = replace(cast.actor("microgrid_leader", cast.power), ranges=())
    volunteer = replace(volunteer, grantees=volunteer.grantees[:1])
    assert reading(handler, case).id == case.id
    with pytest.raises(UnknownCase):
        reading(volunteer, case)
    for actor, many in ((handler, 1), (volunteer, 0)):
        with acting(by(actor)):
            assert len(queries.page(actor, queries.Filter())) == many


def rows(sql, *values):
    with acting(machine_act("clock", MORNING)), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def as_it_is(case):
    with acting(machine_act("clock", MORNING)):
        return queries.current(case.id)


def test_name_and_telephone_stand_only_where_they_can_be_erased(opened):
    case = opened(name="王秀英", phone="13800000000")
    ((body,),) = rows("SELECT body FROM case_payload WHERE case_id = %s", case.id)
    assert "王秀英".encode() not in bytes(body)
    assert b"13800000000" not in bytes(body)
    assert rows("SELECT name, phone FROM case_reporter WHERE case_id = %s", case.id) == [("王秀英", "13800000000")]


def test_of_a_dispute_neither_the_place_in_words_nor_what_is_asked_beside_it_lies_open(cast, by, opened):
    case = opened(category="1101", address="幸福里3幢501室")
    assert rows("SELECT address FROM cases WHERE id = %s", case.id) == [("",)]
    dispatcher = cast.actor("town_dispatcher", cast.room)
    go(by(dispatcher), case, "accept")
    go(by(dispatcher), case, "triage", category="1101")
    go(by(dispatcher), case, "assign", lead=cast.power)
    handler = cast.actor("station_handler", cast.power)
    go(by(handler), case, "sign")
    go(by(handler), case, "start", contact="called")
    act = by(handler)
    with acting(act):
        pause = schemas.Pause(reason="court_time", resume_on=MORNING + timedelta(days=9), note="王秀英在住院")
        (one,) = requests.ask(act, case.id, RequestKind.PAUSE, pause)
    act = by(dispatcher)
    with acting(act):
        requests.answer(act, one, schemas.Answer(granted=True, reply="等她出院"))
    ((asked, answer),) = rows("SELECT asked::text, answer::text FROM case_request WHERE id = %s", one)
    assert "住院" not in asked
    assert "出院" not in answer
    act = Act(new_id(), handler, MORNING, purpose="to settle it")
    with acting(act):
        told = views.detail(act, queries.read(act, case.id))
    assert told["address"] == "幸福里3幢501室"
    assert {area for (area,) in rows("SELECT area FROM case_outbox WHERE case_id = %s", case.id)} == {TOWN}
    with acting(by(dispatcher)):
        assert not queries.page(dispatcher, queries.Filter(category="1101"))
        assert queries.page(dispatcher, queries.Filter(area=TOWN))
    listed = views.row(dispatcher, as_it_is(case), MORNING)
    assert (listed["category"], listed["category_title"], listed["title"], listed["area"]) == ("", "", "", TOWN)
    assert (told["state"], told["requests"][0]["asked"]["note"], told["requests"][0]["answer"]) == ("P", "王秀英在住院", "等她出院")


def test_what_was_asked_before_a_case_is_sealed_is_taken_along(cast, by, opened):
    case = opened(address="幸福里3幢501室")
    dispatcher = cast.actor("town_dispatcher", cast.room)
    go(by(dispatcher), case, "accept")
    act = by(dispatcher)
    with acting(act):
        requests.ask(act, case.id, RequestKind.SUPERVISION, schemas.AskSupervision(text="两家又打起来了"))
    go(by(dispatcher), case, "triage", category="1101")
    assert "打起来" not in rows("SELECT asked::text FROM case_request WHERE case_id = %s", case.id)[0][0]
    assert rows("SELECT address FROM cases WHERE id = %s", case.id) == [("",)]


def test_a_case_raised_to_c2_is_found_by_its_number_and_by_no_word_of_it(cast, by, opened):
    case = opened("楼道里堆满杂物")
    dispatcher = cast.actor("town_dispatcher", cast.room)
    with acting(by(dispatcher)):
        assert queries.page(dispatcher, queries.Filter(q="楼道里堆满"))
    go(by(dispatcher), case, "accept")
    go(by(dispatcher), case, "triage", category="0505", confidentiality=2)
    with acting(by(dispatcher)):
        assert not queries.page(dispatcher, queries.Filter(q="楼道里堆满"))
        assert queries.page(dispatcher, queries.Filter(q=case.number))


def test_a_sealed_case_whose_key_was_destroyed_still_opens_without_its_words(cast, by, dispute):
    officer = cast.actor("privacy_officer")
    with acting(by(officer)):
        assert retention.destroy_key(by(officer), dispute.id)
    act = Act(new_id(), cast.actor("town_dispatcher", cast.room), MORNING, purpose="to look")
    with acting(act):
        told = views.detail(act, queries.read(act, dispute.id))
    assert told["text"] == ""
    assert len(told["timeline"]) == 4


def test_who_reported_a_dispute_stands_under_seal_and_whoever_settles_it_reads_it(cast, by, opened, dispute):
    sealed_later = opened(name="李建国", phone="13900000000")
    dispatcher = cast.actor("town_dispatcher", cast.room)
    go(by(dispatcher), sealed_later, "accept")
    go(by(dispatcher), sealed_later, "triage", category="1101")
    go(by(dispatcher), sealed_later, "assign", lead=cast.power)
    for case, name in ((dispute, "王秀英"), (sealed_later, "李建国")):
        assert rows("SELECT name, phone FROM case_reporter WHERE case_id = %s", case.id) == [("", "")]
        act = Act(new_id(), cast.actor("station_handler", cast.power), MORNING, purpose="to settle it")
        with acting(act):
            assert views.detail(act, queries.read(act, case.id))["reporter"]["name"] == name
        with acting(machine_act("clock", MORNING)):
            assert views.told_of(queries.current(case.id)).name == name


def test_a_picture_of_a_dispute_says_in_its_address_what_it_is_read_for(cast, by, photo, dispute):
    handler = cast.actor("station_handler", cast.power)
    go(by(handler), dispute, "sign")
    go(by(handler), dispute, "start", contact="called")
    done = by(handler)
    go(done, dispute, "feed_back", outcome="fixed", text="谈好了", files=[photo(done)])
    act = Act(new_id(), handler, MORNING, purpose="核实 现场")
    with acting(act):
        told = views.detail(act, queries.read(act, dispute.id))
    assert told["files"][0]["thumb"].endswith("/?thumb&purpose=%E6%A0%B8%E5%AE%9E%20%E7%8E%B0%E5%9C%BA")
    assert told["timeline"][-1]["files"][0]["url"].endswith("/?purpose=%E6%A0%B8%E5%AE%9E%20%E7%8E%B0%E5%9C%BA")
