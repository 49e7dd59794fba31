"""Privacy and my data, as a resident with number and code meets them; none of it needs a script."""

import re

import pytest

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.intake import lookups
from fengqiao.across.intake.tests.test_pages import walk
from fengqiao.base.clock import now
from fengqiao.cases import erasing, schemas
from fengqiao.cases import services as cases
from fengqiao.cases.models import Case, Link


@pytest.fixture
def reported(client, code, photo):
    """A report with a name and a photo: its number and code."""
    number = walk(client, f"/q/{code.token}/defect/0504/", "井盖翘起来了", name="王某", phone="13800000000", what={"photo": photo})
    number = number["Location"].split("/")[2]
    return number, re.search(r"data-code>(\w{6})<", client.get(f"/receipt/{number}/").content.decode())[1]


def ask(client, number, wish="all"):
    page = client.get(f"/my-data/{number}/").content.decode()
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    return client.post(f"/my-data/{number}/", {"wish": wish, "text": "", "form_token": token[1] if token else ""})


def case_of(number):
    with acting(machine_act("clock", now(), purpose="test")):
        return Case.objects.get(number=number)


@pytest.fixture
def turned_away(cast, by):
    """End a matter by the shortest way there is."""

    def end(number):
        act = by(cast.actor("town_dispatcher", cast.org("command")), now(), "desk")
        with acting(act):
            return cases.dispatch(act, case_of(number).id, "reject", schemas.Reject(reason="other_area", remedy="请找邻区办理"))

    return end


def test_the_page_says_what_is_kept_and_why_and_every_page_leads_there(client, db):
    page = client.get("/privacy/").content.decode()
    assert "保存三年" in page
    assert "数据资源管理局" in page
    assert 'action="/my-data/"' in page
    for path in ("/", "/query/", "/my-data/", "/report/", "/privacy/"):
        assert 'href="/privacy/"' in client.get(path).content.decode(), path
    client.cookies["language"] = "en"
    assert "What we keep about you, and your rights" in client.get("/privacy/").content.decode()


def test_number_and_code_open_what_is_kept_and_a_wrong_code_opens_nothing(client, reported):
    number, secret = reported
    client.cookies.clear()
    for _try in range(lookups.MOST - 1):
        wrong = client.post("/my-data/", {"number": number, "code": "AAAAAA"})
        assert (wrong.status_code, number in wrong.content.decode()) == (422, True)
    assert client.get(f"/my-data/{number}/")["Location"] == "/my-data/"
    opened = client.post("/my-data/", {"number": number, "code": secret})
    page = client.get(opened["Location"]).content.decode()
    assert "井盖翘起来了" in page
    assert "王某" in page
    assert "?thumb" in page
    client.cookies.clear()
    client.post("/my-data/", {"number": number, "code": "AAAAAA"})
    refused = client.post("/my-data/", {"number": number, "code": secret}, headers={"accept": "text/html"})
    assert (refused.status_code, refused["Retry-After"]) == (429, "900")


def test_whoever_holds_the_receipt_takes_a_copy_along_and_nobody_else(client, reported):
    number, _secret = reported
    answer = client.get(f"/my-data/{number}/copy/")
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"] == f'attachment; filename="{number}.txt"'
    assert f"编号：{number}" in text
    assert "您写的内容：井盖翘起来了" in text
    assert "姓名：王某" in text
    assert re.search(r"^\d{4}-\d\d-\d\d \d\d:\d\d：.+ · 井盖翘起来了$", text.splitlines()[-1]), text
    client.cookies.clear()
    assert client.get(f"/my-data/{number}/copy/")["Location"] == "/my-data/"


def test_a_request_is_a_case_about_the_report_and_goes_to_the_privacy_officer(client, reported, seen):
    number, _secret = reported
    other = ask(client, number)["Location"].split("/")[2]
    (case,) = seen(number=other)
    assert (case.kind, case.category, case.sla, case.level, case.confidentiality) == ("data_request", "1009", "S4", "district", 2)
    (link,) = seen(Link, case=case)
    assert (link.other_id, link.relation) == (case_of(number).id, "concerns")
    assert "王某" not in case.text


def test_while_one_request_waits_a_second_is_told_its_number(client, reported):
    number, _secret = reported
    other = ask(client, number)["Location"].split("/")[2]
    page = client.get(f"/my-data/{number}/").content.decode()
    assert other in page
    assert 'name="wish"' not in page
    again = client.post(f"/my-data/{number}/", {"wish": "copy", "text": "请给我"})
    assert again.status_code == 422
    assert f"编号 {other}" in again.content.decode()
    assert "请给我" in again.content.decode()
    with acting(machine_act("clock", now(), purpose="test")):
        assert Case.objects.filter(kind="data_request").count() == 1


def test_an_open_matter_says_that_it_is_still_needed(client, reported):
    number, _secret = reported
    assert "还在办理" in client.get(f"/my-data/{number}/").content.decode()


def test_what_was_erased_is_shown_as_erased_and_cannot_be_deleted_again(client, reported, turned_away):
    number, _secret = reported
    act = machine_act("retention", now(), key=number)
    case = turned_away(number)
    with acting(act):
        erasing.erase(act, case.id, erasing.Part.REPORT, "1")
    page = client.get(f"/my-data/{number}/").content.decode()
    assert "data-erased" in page
    assert "井盖翘起来了" not in page
    assert "王某" not in page
    refused = ask(client, number)
    assert (refused.status_code, "已于" in refused.content.decode()) == (422, True)
    assert ask(client, number, "why").status_code == 302
    status = client.get(f"/query/{number}/")
    assert (status.status_code, "井盖翘起来了" in status.content.decode()) == (200, False)


def test_of_a_dispute_its_reporter_reads_their_own_words_and_until_when_they_are_kept(client, code, turned_away):
    said = {"name": "王某", "phone": "13800000000"}
    number = walk(client, f"/q/{code.token}/complaint/1101/", "楼上漏水十年了", **said)["Location"].split("/")[2]
    case = case_of(number)
    assert case.confidentiality == 3
    page = client.get(f"/my-data/{number}/").content.decode()
    assert "楼上漏水十年了" in page
    assert "王某" in page
    turned_away(number)
    year = case_of(number).held_since.year + 10
    assert f"依法保存至 {year}-" in client.get(f"/my-data/{number}/").content.decode()
    client.cookies.clear()
    assert client.get(f"/my-data/{number}/")["Location"] == "/my-data/"
