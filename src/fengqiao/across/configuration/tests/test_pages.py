"""The pages of the settings desk: for administrators only, nothing typed is lost, tried before it counts."""

import json
from datetime import timedelta
from io import BytesIO

import pytest

from fengqiao.across.configuration import subjects
from fengqiao.across.configuration.models import Change
from fengqiao.across.configuration.tests.conftest import acts
from fengqiao.base.clock import now
from fengqiao.cases.models import Category, TimeLimit
from fengqiao.people.models import Appointment, CalendarDay, Organisation, Person

PAGES = [
    "/settings/", "/settings/category/", "/settings/limit/", "/settings/year/", "/settings/hours/", "/settings/organisation/",
    "/settings/permission/", "/settings/posts/", "/settings/posts/auditor/", "/settings/persons/", "/settings/persons/new/",
    "/settings/persons/file/",
    "/settings/changes/",
    "/settings/file/", "/settings/health/", "/settings/category/new/", "/settings/category/of/0505/", "/settings/limit/new/",
    "/settings/limit/of/S1/handle/", "/settings/year/new/", "/settings/year/of/2026/", "/settings/hours/of/day/",
    "/settings/organisation/new/",
    "/settings/permission/of/auditor/audit:read/", "/settings/message/", "/settings/message/new/",
    "/settings/message/of/reporter_close/en/",
    "/settings/phrase/", "/settings/phrase/new/", "/settings/deliveries/",
]  # fmt: skip
TOMORROW = (now() + timedelta(days=1)).date().isoformat()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_the_administrator(seat, page, language):
    answer = seat("admin", language).get(page)
    assert answer.status_code == 200, answer.content.decode()[-2000:]


@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_opens_any(seat, page):
    assert seat("dispatcher").get(page, headers={"Accept": "text/html"}).status_code == 403


def test_the_director_changes_settings_and_no_persons(seat):
    assert seat("director").get("/settings/").status_code == 200
    assert seat("director").get("/settings/persons/", headers={"Accept": "text/html"}).status_code == 403


@pytest.mark.parametrize("page", ["/settings/moon/", "/settings/category/of/9999/", "/settings/posts/moon/", "/settings/hours/new/"])
def test_what_is_not_there_is_not_found(seat, page):
    assert seat("admin").get(page, headers={"Accept": "text/html"}).status_code == 404


def test_a_list_is_searched_and_sorted_either_way(seat):
    page = seat("admin").get("/settings/category/?q=0505").content.decode()
    assert page.count("<tr>") + page.count('<tr class="off">') == 2
    down = seat("admin").get("/settings/category/?sort=-0").content.decode()
    assert down.index("/settings/category/of/1204/") < down.index("/settings/category/of/0901/")
    assert "nonsense" in seat("admin").get("/settings/category/?q=nonsense").content.decode()


def test_a_limit_is_tried_before_it_counts_and_the_history_tells_it(seat):
    seat_ = seat("admin")
    said = {"amount": "6", "unit": "working_hour", "basis": "区发〔2026〕1号", "since": TOMORROW, "reason": "trial"}
    tried = seat_.post("/settings/limit/of/S1/handle/", {**said, "go": "try"})
    page = tried.content.decode()
    assert tried.status_code == 200
    assert 'value="count"' in page
    assert "days" in page
    assert not Change.objects.exists()
    done = seat_.post("/settings/limit/of/S1/handle/", {**said, "go": "count"}, follow=True)
    assert "It will count from" in done.content.decode()
    assert TimeLimit.objects.get(sla="S1", clock="handle", amount=6).effective_from.isoformat() == TOMORROW
    assert "trial" in done.content.decode()
    assert "Withdraw it" in done.content.decode()
    withdrawn = seat_.post(done.redirect_chain[-1][0], {"go": "withdraw"}, follow=True)
    assert "Nothing changes" in withdrawn.content.decode()
    assert not TimeLimit.objects.filter(sla="S1", clock="handle", amount=6).exists()


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(seat):
    said = {"amount": "0", "unit": "working_hour", "basis": "kept", "since": "2020-01-01", "go": "try"}
    wrong = seat("admin").post("/settings/limit/of/S1/handle/", said)
    assert wrong.status_code == 422
    assert 'id="id_amount_error"' in wrong.content.decode()
    assert 'value="kept"' in wrong.content.decode()
    past = seat("admin").post("/settings/limit/of/S1/handle/", {"amount": "3", "unit": "working_hour", "since": "2020-01-01", "go": "try"})
    assert 'id="id_since_error"' in past.content.decode()


def test_a_category_is_added_renamed_and_retired(seat):
    seat_ = seat("admin")
    said = {
        "code": "0599", "parent": "05", "name": "井盖异响", "name_en": "Rattling manhole cover", "sla": "S2", "confidentiality": "1",
        "loop": "incident", "active": "on", "since": now().date().isoformat(), "reason": "",
    }  # fmt: skip
    assert seat_.post("/settings/category/new/", {**said, "parent": "", "go": "try"}).status_code == 422
    assert seat_.post("/settings/category/new/", {**said, "go": "try"}).status_code == 200
    assert "counts from now" in seat_.post("/settings/category/new/", {**said, "go": "count"}, follow=True).content.decode()
    said |= {"name_en": "Loose manhole cover"}
    del said["active"]
    seat_.post("/settings/category/of/0599/", {**said, "go": "count"})
    row = Category.objects.get(code="0599")
    assert (row.name_en, row.active, row.parent_id) == ("Loose manhole cover", False, "05")
    assert "0599" not in str(seat_.get("/api/categories").json())


def test_a_year_is_brought_as_a_file_one_day_is_changed_and_both_only_count_when_said(seat):
    seat_ = seat("admin")
    file = BytesIO("日期,上班,说明\n2027-01-01,否,元旦\n2027/2/6,是,调休\n".encode("gb18030"))
    file.name = "2027.csv"
    read = seat_.post("/settings/year/new/", {"year": "2027", "file": file, "go": "file"})
    assert "2027/2/6,是,调休" in read.content.decode()
    table = "2027-01-01,否,元旦\n2027/2/6,是,调休\n"
    assert seat_.post("/settings/year/new/", {"year": "2027", "table": table, "go": "count"}).status_code == 302
    assert CalendarDay.objects.filter(date__year=2027).count() == 2
    one = seat_.get("/settings/year/of/2027/?day=2027-10-01&working=no&note=国庆节")
    assert "2027-10-01,no,国庆节" in one.content.decode()
    assert CalendarDay.objects.filter(date__year=2027).count() == 2
    wrong = seat_.post("/settings/year/of/2027/", {"table": "2027-01-02,no,Saturday", "go": "try"})
    assert wrong.status_code == 422
    assert "as its weekday says" in wrong.content.decode()


def test_a_sealed_permission_waits_for_a_second_person(seat):
    address = "/settings/permission/of/town_dispatcher/audit:read/"
    said = {"granted": "on", "since": now().date().isoformat(), "reason": "audit week", "go": "count"}
    mine = seat("admin").post(address, said, follow=True)
    assert "waits for a second person" in mine.content.decode()
    where = mine.redirect_chain[-1][0]
    assert "Confirm as the second person" not in mine.content.decode()
    assert "cannot confirm it" in seat("admin").post(where, {"go": "confirm"}, follow=True).content.decode()
    assert "It counts from now on" in seat("director").post(where, {"go": "confirm"}, follow=True).content.decode()
    assert "audit:read" in str(subjects.of("permission").every(now().date()))


def test_an_account_is_made_appointed_given_a_password_and_blocked(seat, client):
    seat_ = seat("admin")
    assert seat_.post("/settings/persons/new/", {"username": "Admin", "name": "重名", "language": "en"}).status_code == 422
    seat_.post("/settings/persons/new/", {"username": "newcomer", "name": "新人", "phone": "10012345678", "language": "zh-hans"})
    made = Person.objects.get(username="newcomer")
    page, body = f"/settings/persons/{made.pk}/", Organisation.objects.filter(kind="command_room").first()
    said = {"go": "appoint", "post": "town_dispatcher", "organisation": body.code, "since": now().date().isoformat()}
    wrong = seat_.post(page, {**said, "organisation": "moon"})
    assert (wrong.status_code, 'id="id_organisation_error"' in wrong.content.decode()) == (422, True)
    assert seat_.post(page, said).status_code == 302
    assert seat_.post(page, said).status_code == 422, "the same post twice"
    assert Appointment.objects.get(person=made).area_id == body.area_id
    shown = seat_.post(f"{page}password/", follow=True).content.decode()
    password = shown.partition("New first password of 新人: ")[2].split(" ")[0]
    made.refresh_from_db()
    assert made.check_password(password)
    assert "Signed out everywhere" in seat_.post(f"{page}block/", follow=True).content.decode()
    made.refresh_from_db()
    assert not made.is_active
    until = (now() + timedelta(days=1)).date().isoformat()
    seat_.post(f"{page}end/", {"appointment": str(Appointment.objects.get(person=made).pk), "until": until})
    assert Appointment.objects.get(person=made).until.isoformat() == until


def test_nobody_looks_after_their_own_account(seat):
    me = Person.objects.get(username="admin")
    for deed in ("block", "password", "factor"):
        seat("admin").post(f"/settings/persons/{me.pk}/{deed}/")
    before, me = me, Person.objects.get(username="admin")
    assert (me.is_active, me.password) == (True, before.password)


def test_settings_go_from_one_system_to_another_as_a_file(seat):
    seat_ = seat("admin")
    body = json.loads(seat_.get("/settings/file/save/").content)
    body["settings"]["limit"]["S3/handle"]["amount"] = 4
    text = json.dumps(body)
    compared = seat_.post("/settings/file/", {"text": text, "since": TOMORROW, "go": "try"}).content.decode()
    assert "1 would change" in compared
    assert not Change.objects.exists()
    seat_.post("/settings/file/", {"text": text, "since": TOMORROW, "go": "count"})
    assert TimeLimit.objects.get(sla="S3", clock="handle", amount=4).effective_from.isoformat() == TOMORROW
    assert seat_.post("/settings/file/", {"text": "{}", "since": TOMORROW, "go": "try"}).status_code == 422
    body["settings"]["category"]["0505"]["sla"] = "S9"
    refused = seat_.post("/settings/file/", {"text": json.dumps(body), "since": TOMORROW, "go": "try"}).content.decode()
    assert "cannot be taken over" in refused


def test_the_health_page_tells_what_it_does_not_know(seat):
    page = seat("admin").get("/settings/health/").content.decode()
    assert "never, as far as this system knows" in page
    assert "No worker has run yet" in page
    assert acts("admin").actor.may("settings:edit")


@pytest.mark.parametrize(("language", "first"), [("en", ">Mo</th>"), ("zh-hans", ">一</th>")])
def test_a_year_names_its_weekdays_in_the_readers_language(seat, language, first):
    assert first in seat("admin", language).get("/settings/year/of/2026/").content.decode()
