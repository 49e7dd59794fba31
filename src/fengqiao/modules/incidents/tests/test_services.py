"""Short ways through the loop skip no state, and what turns out to be something else goes on under the same matter."""

from dataclasses import replace

import pytest

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.base.errors import NotAllowed
from fengqiao.cases import numbers, views
from fengqiao.cases.claims import KeyUsedOtherwise
from fengqiao.cases.models import Case, CaseEvent
from fengqiao.cases.tests.cast import MORNING, VILLAGE
from fengqiao.loop.guards.handling import EvidenceMissing
from fengqiao.loop.guards.verifying import SameHands
from fengqiao.modules.incidents import policies, reactions, services


def moves_of(act, case):
    with acting(act):
        return list(CaseEvent.objects.filter(case_id=case.id).values_list("move", "actor_kind"))


@pytest.fixture
def clerk(cast):
    return cast.actor("village_clerk", cast.village(), area=VILLAGE, level="village")


def test_a_clerk_answers_a_question_in_one_act_and_the_machine_delivers_it(cast, by, opened, go, clerk):
    case = opened("qr_suggest", "老年卡怎么办", "1001", level="village")
    done = go(by(clerk), case, "answer", text="带身份证到社区一楼，当场办好。")
    assert done.state == "C"
    assert str(done.lead) == cast.village()
    made = moves_of(by(clerk), case)
    assert [move for move, _kind in made] == ["report", "accept", "triage", "assign", "sign", "start", "feed_back", "verify_pass", "close"]
    assert [kind for _move, kind in made[-2:]] == ["machine", "machine"]


def test_a_question_that_was_accepted_first_is_answered_just_as_well(cast, by, opened, go, clerk):
    case = opened("qr_suggest", "老年卡怎么办", "1001", level="village")
    go(by(clerk), case, "accept")
    assert go(by(clerk), case, "answer_accepted", text="带身份证到社区一楼。").state == "C"


def test_nobody_answers_without_an_organisation(cast, by, opened, go):
    case = opened("qr_suggest", "老年卡怎么办", "1001", level="village")
    with pytest.raises(services.NoOrganisation):
        go(by(cast.actor("village_clerk", area=VILLAGE)), case, "answer", text="带身份证到社区一楼。")


def sent_again(act, **changed):
    """Return the same form, sent once more by the same person."""
    return replace(act, actor=replace(act.actor, **changed))


def test_the_same_answer_sent_again_after_changing_posts_is_told_the_same(cast, by, opened, go, clerk):
    case = opened("qr_suggest", "老年卡怎么办", "1001", level="village")
    first = by(clerk)
    done = go(first, case, "answer", text="带身份证到社区一楼，当场办好。")
    for org in (cast.org("power"), ""):
        again = go(sent_again(first, org=org), case, "answer", text="带身份证到社区一楼，当场办好。")
        assert (again.version, str(again.lead)) == (done.version, cast.village())
    with pytest.raises(KeyUsedOtherwise):
        go(sent_again(first, org=cast.org("power")), case, "answer", text="不归我们管。")
    assert len(moves_of(first, case)) == 9


def test_what_the_community_cannot_solve_goes_to_the_town_with_an_assessment(cast, by, opened, go, clerk):
    case = opened("qr_suggest", "建议加一个公交站", "1008", level="village")
    passed = go(by(clerk), case, "pass_on", reason="居民多次提出，社区无权设站，请街道研究")
    assert (passed.state, passed.level) == ("T", "town")


def test_a_departments_answer_is_reviewed_by_the_clerk(cast, by, opened, go, clerk):
    case = opened("qr_suggest", "建议加一个公交站", "1008", level="village")
    go(by(clerk), case, "pass_on", reason="居民多次提出，请街道研究")
    dispatcher, handler = cast.actor("town_dispatcher", cast.org("command")), cast.actor("station_handler", cast.org("municipal"))
    go(by(dispatcher), case, "assign", lead=cast.org("municipal"))
    go(by(handler), case, "sign")
    go(by(handler), case, "start", contact="written")
    assert go(by(handler), case, "feed_back", outcome="answered", text="明年三月设站").state == "F"
    with pytest.raises(NotAllowed):
        go(by(handler), case, "deliver", review="自己看自己")
    assert go(by(clerk), case, "deliver", review="答复清楚").state == "C"


def test_a_clerk_has_no_hand_in_incidents(cast, by, opened, go, clerk):
    with pytest.raises(NotAllowed):
        go(by(clerk), opened(), "accept")


def test_a_dispatcher_sends_out_in_one_form(cast, by, opened, go):
    sent = go(by(cast.actor("town_dispatcher", cast.org("command"))), opened(), "send_out", category="0505", lead=cast.org("power"))
    assert (sent.state, str(sent.lead), sent.sla) == ("D", cast.org("power"), "S1")


def test_a_trifle_settled_on_the_spot_needs_two_pictures_and_other_eyes(cast, by, opened, go, photo):
    worker, other = cast.actor("grid_worker", area=VILLAGE), cast.actor("grid_worker", area=VILLAGE)
    case = opened(text="楼道口一小堆垃圾", category="0503", channel="grid")
    with pytest.raises(EvidenceMissing):
        go(by(worker), case, "settle_on_spot", text="扫掉了", files=photo(1))
    assert go(by(worker), case, "settle_on_spot", text="扫掉了", files=photo(2)).state == "F"
    with pytest.raises(SameHands):
        go(by(worker), case, "verify_pass", files=photo())
    assert go(by(other), case, "verify_pass", files=photo()).state == "V"


def test_a_complaint_about_a_thing_becomes_an_incident_under_the_same_matter(cast, by, opened, go, clerk):
    case = opened("qr_suggest", "垃圾房又满了", "1008", level="village")
    code = numbers.receipt_code(case.number)
    act = by(clerk)
    old = go(act, case, "convert", kind="incident", category="0503", reason="这是环境卫生问题")
    assert old.state == "M"
    with acting(by(cast.resident(numbers.receipt_grantee(case.number, code)))):
        new = Case.objects.exclude(id=case.id).get()
    assert (new.kind, new.state, new.matter) == ("incident", "R", case.matter)
    assert go(act, case, "convert", kind="incident", category="0503", reason="这是环境卫生问题").state == "M"


def test_a_message_that_is_really_a_quarrel_goes_on_as_a_sealed_dispute_with_a_contact(cast, by, opened, go, clerk):
    case = opened("qr_suggest", "楼上漏水十年，他不肯修", "1008", level="village")
    with pytest.raises(policies.ContactNeeded):
        go(by(clerk), case, "convert", kind="incident", category="1101")
    old = go(by(clerk), case, "convert", kind="incident", category="1101", name="王某", phone="13800000000")
    assert old.state == "M"
    with acting(by(cast.resident(numbers.receipt_grantee(case.number, numbers.receipt_code(case.number))))):
        new = Case.objects.exclude(id=case.id).get()
    assert (new.matter, new.confidentiality, new.text) == (case.matter, 3, "")


def test_a_sealed_case_goes_on_with_its_words_and_whoever_reported_it(cast, by, opened, go, clerk):
    case = opened("qr_suggest", "楼上漏水十年，他不肯修", "1101", level="village", name="王某", phone="13800000000", address="三号楼")
    assert (case.confidentiality, case.text) == (3, "")
    assert go(by(clerk), case, "convert", kind="incident", category="1101").state == "M"
    with acting(by(cast.resident(numbers.receipt_grantee(case.number, numbers.receipt_code(case.number))))):
        new = Case.objects.exclude(id=case.id).get()
        said = views.what_was_said(new, CaseEvent.objects.select_related("said").get(case_id=new.id, move="report"))
        told = views.told_of(new)
    assert (new.text, said["text"], said["address"]) == ("", "楼上漏水十年，他不肯修", "三号楼")
    assert (told.name, told.phone) == ("王某", "13800000000")


def test_what_is_sealed_does_not_go_on_in_the_open(cast, by, opened, go, clerk):
    case = opened("qr_suggest", "楼上漏水十年，他不肯修", "1101", level="village", name="王某", phone="13800000000")
    with pytest.raises(policies.StaysSealed):
        go(by(clerk), case, "convert", kind="incident", category="0806")


def test_a_case_does_not_become_what_it_is(cast, by, opened, go):
    dispatcher = cast.actor("town_dispatcher", cast.org("command"))
    with pytest.raises(policies.SameKind):
        go(by(dispatcher), opened(), "convert", kind="incident", category="0503")


def test_of_trifles_settled_on_the_spot_a_sample_is_checked_and_the_rest_says_that_nobody_looked(cast, by, opened, go, photo, settings):
    worker = cast.actor("grid_worker", area=VILLAGE)
    settings.FENGQIAO_SPOT_SAMPLE = 0
    case = opened(text="楼道口一小堆垃圾", category="0503", channel="grid")
    go(by(worker), case, "settle_on_spot", text="扫掉了", files=photo(2))
    house = machine_act("react", MORNING)
    with acting(house):
        reactions.confirm_unsampled(house, case.id)
        reactions.confirm_unsampled(house, case.id)
        assert Case.objects.get(id=case.id).state == "C"
        event = CaseEvent.objects.select_related("said").get(case_id=case.id, move="verify_pass")
    assert event.actor_kind == "machine"
    assert b"not in the sample" in bytes(event.said.body)


def test_with_a_full_sample_the_house_confirms_nothing_itself(cast, by, opened, go, photo):
    case = opened(text="楼道口一小堆垃圾", category="0503", channel="grid")
    go(by(cast.actor("grid_worker", area=VILLAGE)), case, "settle_on_spot", text="扫掉了", files=photo(2))
    house = machine_act("react", MORNING)
    with acting(house):
        reactions.confirm_unsampled(house, case.id)
        assert Case.objects.get(id=case.id).state == "F"
