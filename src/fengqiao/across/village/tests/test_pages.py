"""The village's desk as its clerk meets it (script E9)."""

import re

import pytest
from django.test import Client

from fengqiao.access.acting import acting
from fengqiao.access.doors import actor_for, anonymous, machine_act
from fengqiao.base.act import Act
from fengqiao.base.clock import now
from fengqiao.base.ids import new_id
from fengqiao.cases import numbers, services
from fengqiao.cases.models import Case, CaseEvent, Link
from fengqiao.cases.schemas import DEFAULTS, Report
from fengqiao.people import models
from fengqiao.people.yunxi.staff import HOME_VILLAGE

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ELSEWHERE = "990101001002"


@pytest.fixture
def sit(db):
    def make(username: str, language: str = "en") -> Client:
        client = Client(headers={"Accept": "text/html", "Accept-Language": language})
        client.force_login(models.Person.objects.get(username=username), backend=BACKEND)
        return client

    return make


@pytest.fixture
def message(db):
    """A resident's message from a code in the village; returns its id and the receipt's page."""

    def make(text: str = "老年卡怎么办？", category: str = "1001", area: str = HOME_VILLAGE) -> Case:
        act = Act(new_id(), anonymous(new_id().hex), now(), "qr")
        with acting(act):
            return services.open_case(act, "qr_suggest", Report(text=text, category=category, area=area + "001"), level="village")

    return make


def told(case: Case) -> str:
    """What the resident reads, number and code in hand."""
    client = Client(headers={"Accept": "text/html", "Accept-Language": "en"})
    client.post("/query/", {"number": case.number, "code": numbers.receipt_code(case.number)})
    return client.get(f"/query/{case.number}/").content.decode()


def counts(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'<li><a href="[^"]+"><strong class="number">(\d+)', page)]


def test_the_day_says_what_waits_in_the_village(sit, message):
    client = sit("clerk")
    before = counts(client.get("/village/").content.decode())
    message("楼道灯不亮，建议换成声控的", "1008")
    page = client.get("/village/").content.decode()
    assert [after - was for after, was in zip(counts(page), before, strict=True)] == [1, 1, 0]
    assert "楼道灯不亮" in page


def test_an_answer_from_a_standard_text_stands_on_the_residents_page_and_stops_the_clock(sit, message):
    case, client = message(), sit("clerk")
    page = client.get(f"/village/{case.id}/answer/").content.decode()
    use = re.search(r'href="\?use=([0-9a-f-]+)"', page)
    assert use
    filled = client.get(f"/village/{case.id}/answer/?use={use[1]}").content.decode()
    assert re.search(r"<textarea[^>]*>\s*\S", filled)
    done = client.post(f"/village/{case.id}/answer/", {"text": "带身份证到社区一楼，当场办好。"}, follow=True)
    assert "Answered" in done.content.decode()
    assert "带身份证到社区一楼" in told(case)
    ended = client.get(f"/village/{case.id}/")
    assert "Nothing is left for you to do here" in ended.content.decode()
    assert client.get(f"/village/{case.id}/tell/").status_code == 404
    with acting(machine()):
        assert Case.objects.get(id=case.id).due_at is None


def machine() -> Act:
    return machine_act("clock", now())


def test_an_empty_answer_is_refused_beside_its_field(sit, message):
    case, client = message(), sit("clerk")
    refused = client.post(f"/village/{case.id}/answer/", {"text": ""})
    assert refused.status_code == 422
    assert 'class="field wrong"' in refused.content.decode()


def test_a_suggestion_passed_on_shows_the_resident_where_it_went_and_why(sit, message):
    case = message("建议加一个公交站", "1008")
    sit("clerk").post(f"/village/{case.id}/pass_on/", {"reason": "居民多次提出，社区无权设站，请街道研究"})
    page = told(case)
    assert "Passed on to the next level" in page
    assert "社区无权设站" in page


def test_a_quarrel_needs_somebody_to_talk_to_and_keeps_its_matter(sit, message):
    case, client = message("楼上天天半夜拖椅子，再不管我要动手了", "1003"), sit("clerk")
    refused = client.post(f"/village/{case.id}/quarrel/", {"category": "1101", "name": "", "phone": ""})
    assert refused.status_code == 422
    page = client.post(f"/village/{case.id}/quarrel/", {"category": "1101", "name": "王秀英", "phone": "13800000000"}, follow=True)
    assert "goes on as a dispute" in page.content.decode()
    with acting(machine()):
        dispute = Case.objects.get(id=Link.objects.get(case_id=case.id, relation=Link.Relation.MERGED_INTO).other_id)
        assert (dispute.kind, dispute.confidentiality, dispute.matter) == ("mediation", 3, Case.objects.get(id=case.id).matter)
    assert "王秀英" not in page.content.decode()


def test_handed_to_a_mediator_on_duty_it_shrinks_to_number_and_state(sit, message):
    case, client = message("楼上天天半夜拖椅子", "1003"), sit("clerk")
    page = client.post(f"/village/{case.id}/quarrel/", {"category": "1101", "name": "王秀英", "phone": "13800000000"}, follow=True)
    dispute = page.request["PATH_INFO"].split("/")[2]
    form = client.get(f"/village/{dispute}/hand_over/").content.decode()
    lead = re.search(r'name="lead" value="([0-9a-f-]+)"', form)
    assert lead
    assert "there now" in form
    client.post(f"/village/{dispute}/hand_over/", {"lead": lead[1], "note": "两家住三幢"})
    seen = client.get(f"/village/{dispute}/").content.decode()
    assert 'data-state="D"' in seen
    assert "confidential" in seen
    assert "半夜拖椅子" not in seen
    inbox = sit("mediator").get("/api/cases?box=to_sign").json()
    assert dispute in [row["id"] for row in inbox["items"]]


def test_a_quarrel_settled_on_the_spot_needs_both_sides(sit, message):
    case, client = message("邻居把柜子放在楼道", "1003"), sit("clerk")
    page = client.post(f"/village/{case.id}/quarrel/", {"category": "1101", "name": "王秀英", "phone": "13800000000"}, follow=True)
    dispute = page.request["PATH_INFO"].split("/")[2]
    refused = client.post(f"/village/{dispute}/settle/", {"applicant_agrees": "on", "text": "明天搬走"})
    assert refused.status_code == 422
    done = client.post(
        f"/village/{dispute}/settle/", {"applicant_agrees": "on", "respondent_agrees": "on", "text": "明天搬走"}, follow=True
    )
    assert "Recorded" in done.content.decode()


def test_why_it_takes_longer_reaches_the_resident(sit, message):
    case = message()
    client = sit("clerk")
    client.post(f"/village/{case.id}/tell/", {"note": "等街道答复，周五前给您回话"})
    assert "等街道答复，周五前给您回话" in told(case)


def test_another_villages_case_is_not_there(sit, message):
    case, client = message("老年卡怎么办？我住在别的村", area=ELSEWHERE), sit("clerk")
    assert client.get(f"/village/{case.id}/").status_code == 404
    assert client.post(f"/village/{case.id}/answer/", {"text": "我来回答"}).status_code == 404
    page = client.get(f"/village/?q={case.number}").content.decode()
    assert "Nothing of this in your village" in page


@pytest.mark.parametrize("who", ["dispatcher", "handler", "mediator", "director"])
def test_whoever_has_no_village_has_no_village_desk(sit, who):
    refused = sit(who).get("/village/")
    assert refused.status_code == 403
    assert "one village" in refused.content.decode()


def test_whoever_is_not_signed_in_is_asked_to(db):
    assert Client().get("/village/").status_code == 302


def test_at_the_end_of_the_day_the_lines_add_up_to_the_acts(sit, message):
    client = sit("clerk")
    was = int(re.search(r'data-acts="(\d+)"', client.get("/village/").content.decode())[1])
    first, second, third = message(), message("建议加一个公交站", "1008"), message()
    client.post(f"/village/{first.id}/answer/", {"text": "带身份证到社区一楼。"})
    client.post(f"/village/{second.id}/pass_on/", {"reason": "请街道研究设站"})
    client.post(f"/village/{third.id}/tell/", {"note": "等街道答复"})
    page = client.get("/village/").content.decode()
    assert int(re.search(r'data-acts="(\d+)"', page)[1]) == was + 3
    lines = [int(one) for one in re.findall(r'<td class="number">(\d+)</td>', page)]
    assert sum(lines) == was + 3


def test_a_second_press_does_it_once(sit, message):
    case, client = message(), sit("clerk")
    token = re.search(r'name="form_token" value="([^"]+)"', client.get(f"/village/{case.id}/answer/").content.decode())[1]
    for _press in range(2):
        client.post(f"/village/{case.id}/answer/", {"text": "带身份证到社区一楼。", "form_token": token})
    with acting(machine()):
        assert CaseEvent.objects.filter(case_id=case.id, move="feed_back").count() == 1


def test_nothing_waits_for_somebody_who_uses_the_old_form(sit, message):
    case, client = message(), sit("clerk")
    appointment = models.Appointment.objects.filter(person__username="clerk").first()
    act = Act(new_id(), actor_for(appointment), now(), "desk")
    with acting(act):
        services.dispatch(act, case.id, "reject", DEFAULTS["reject"](reason="unclear", remedy="请写明是哪一幢"))
    assert client.get(f"/village/{case.id}/answer/").status_code == 404
