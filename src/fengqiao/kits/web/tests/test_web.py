"""Errors as answers, cursors, clean requests and the page: what everybody meets, whatever the room."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from fengqiao.access.doors import BadToken, NotSignedIn
from fengqiao.base.errors import Conflict, FengqiaoError, Gone, Invalid, NotAllowed, NotFound, TooMany, Unavailable
from fengqiao.base.words import _
from fengqiao.kits.web import cursors
from fengqiao.kits.web.answers import answer, error_answer
from fengqiao.kits.web.api import field_sentences
from fengqiao.kits.web.errors import problem_of, status_of
from fengqiao.kits.web.middleware import DistrictClock
from fengqiao.people import models, reference
from fengqiao.people.yunxi.staff import DEMO_PASSWORD

PAGE = {"HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": "en"}
CHINESE = {"HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9"}


@pytest.fixture
def officer(db) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.post("/sign-in/", {"login": "dispatcher", "password": DEMO_PASSWORD})
    return client


class TestErrors:
    """One table from kinds to HTTP."""

    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (NotFound(), 404), (NotAllowed(), 403), (Invalid(), 422), (Conflict(), 409), (TooMany(), 429), (Unavailable(), 503),
            (Gone(), 410), (NotSignedIn(), 401), (BadToken(), 401), (FengqiaoError(), 503),
        ],
    )  # fmt: skip
    def test_every_kind_has_its_status(self, error, status):
        assert status_of(error) == status
        assert error_answer(error).status_code == status

    def test_a_problem_says_what_happened_in_the_readers_language(self):
        class TooLate(Conflict):
            message = _("Your post does not allow this.")

        with translation.override("zh-hans"):
            body = problem_of(TooLate())
        assert body == {
            "type": "urn:fengqiao:error:too_late",
            "title": "内容已变更",
            "status": 409,
            "detail": body["detail"],
            "code": "too_late",
            "fields": {},
        }
        assert any("\u4e00" <= sign <= "\u9fff" for sign in body["detail"])

    def test_too_many_says_when_to_come_again(self):
        assert error_answer(TooMany(seconds=7))["Retry-After"] == "7"

    def test_wrong_fields_are_said_one_by_one(self):
        with translation.override("en"):
            said = field_sentences(
                [
                    {"type": "missing", "loc": ("body", "asked", "title")},
                    {"type": "string_too_long", "loc": ("body", "asked", "place", "address"), "ctx": {"max_length": 200}},
                    {"type": "something_new", "loc": ("query", "limit")},
                    {"type": "string_too_short", "loc": ("query", "q"), "ctx": {}},
                ]
            )
        assert said == {
            "title": "This is needed.",
            "place.address": "This is too long: at most 200 characters.",
            "limit": "This cannot be used. Please check it.",
            "q": "This cannot be used. Please check it.",
        }


class TestCursors:
    """Where a list goes on."""

    @given(st.lists(st.one_of(st.text(max_size=40), st.integers(), st.none()), max_size=5))
    def test_what_was_given_out_comes_back(self, keys):
        assert cursors.decode("cases:due", cursors.encode("cases:due", *keys), len(keys)) == tuple(keys)

    @pytest.mark.parametrize("cursor", ["x", "a:b", "é", "W10:abc", "\ud800", "a" * 5000, "....", ":"])
    def test_an_invented_cursor_is_one_clear_error(self, cursor):
        with pytest.raises(cursors.BadCursor):
            cursors.decode("cases:due", cursor, 2)

    def test_a_cursor_of_another_list_or_order_is_refused(self):
        with pytest.raises(cursors.BadCursor):
            cursors.decode("cases:new", cursors.encode("cases:due", 1, 2), 2)
        with pytest.raises(cursors.BadCursor):
            cursors.decode("cases:due", cursors.encode("cases:due", 1), 2)

    def test_no_cursor_is_the_beginning(self):
        assert cursors.decode("cases:due", None, 2) is None
        assert cursors.decode("cases:due", "", 2) is None


class TestRequests:
    """What every request passes."""

    @pytest.mark.parametrize("url", ["/api/loops?q=a%00b", "/api/lo%00ops", "/api/me?x=%00"])
    def test_a_zero_character_in_an_address_is_refused(self, db, url):
        response = Client().get(url)
        assert response.status_code == 400
        assert response.json()["code"] == "zero_byte"

    @pytest.mark.parametrize("body", ['{"id": "a\\u0000b"}', '{"id": "a\0b"}', '{"id": "\\\\\\u0000"}'])
    def test_a_zero_character_in_a_body_is_refused(self, officer, body):
        response = officer.post("/api/me/post", body, content_type="application/json")
        assert response.status_code == 400
        assert "zero character" in response.json()["detail"]

    def test_a_text_about_zero_characters_is_no_zero_character(self, officer):
        response = officer.post("/api/me/post", '{"id": "\\\\u0000"}', content_type="application/json")
        assert response.status_code == 422

    def test_a_body_that_is_no_json_is_one_clear_sentence(self, officer):
        for body in ("{", "", "[1,", b"\xff\xfe"):
            response = officer.post("/api/me/post", body, content_type="application/json")
            assert response.status_code in {400, 422}, body
            assert response["Content-Type"] == "application/problem+json"

    def test_a_body_larger_than_any_form_is_refused(self, officer):
        response = officer.post("/api/me/post", "x" * (django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), content_type="application/json")
        assert response.status_code == 413
        response = officer.post("/api/me/post", "x", content_type="application/json", CONTENT_LENGTH="999999999999")
        assert response.status_code == 413

    def test_a_call_with_a_session_but_from_a_foreign_page_is_refused(self, officer):
        foreign = Client(enforce_csrf_checks=True)
        foreign.cookies = officer.cookies
        response = foreign.post("/api/me/post", "{}", content_type="application/json")
        assert response.status_code == 403
        assert response.json()["code"] == "wrong_form"
        token = foreign.get("/api/me").json()["csrf"]
        response = foreign.post("/api/me/post", "{}", content_type="application/json", HTTP_X_CSRFTOKEN=token)
        assert response.status_code == 422

    def test_whoever_is_not_signed_in_is_told_to_sign_in(self, db):
        response = Client(HTTP_ACCEPT_LANGUAGE="en").get("/api/me")
        assert response.status_code == 401
        assert response.json()["code"] == "not_signed_in"
        assert "Sign in" in response.json()["detail"]


class TestPages:
    """The page that everything stands on."""

    def test_an_unknown_address_helps_on_in_both_languages(self, db):
        page = Client(**PAGE).get("/no-such-page/")
        assert page.status_code == 404
        assert "There is no page at this address" in page.content.decode()
        assert 'href="/report/"' in page.content.decode()
        assert "没有这个页面" in Client(**CHINESE).get("/no-such-page/").content.decode()

    def test_an_unknown_address_of_the_api_is_a_problem(self, db):
        response = Client().get("/api/no-such-thing")
        assert response.status_code == 404
        assert response.json()["code"] == "not_found"

    def test_a_page_is_chinese_by_default_and_says_so(self, db):
        page = Client(HTTP_ACCEPT="text/html").get("/sign-in/").content.decode()
        assert '<html lang="zh-Hans">' in page
        assert "登录" in page

    def test_the_language_is_changed_without_script_and_remembered(self, db):
        client = Client(**CHINESE)
        response = client.post("/language/", {"language": "en", "next": "/sign-in/"})
        assert response.status_code == 302
        assert "Staff sign-in" in client.get("/no-such-page/").content.decode()

    def test_larger_type_is_remembered_and_a_foreign_address_is_not_followed(self, db):
        client = Client(**PAGE)
        response = client.post("/type/", {"big_type": "yes", "next": "https://evil.example/"})
        assert response["Location"] == "/"
        assert 'data-type="big"' in client.get("/sign-in/").content.decode()

    def test_the_policy_allows_no_script_or_style_in_the_page(self, db):
        response = Client(**PAGE).get("/sign-in/")
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        page = response.content.decode()
        assert "style=" not in page
        assert "<script" not in page

    def test_the_style_sheet_is_small_and_our_own(self):
        sheet = Path(__file__).parents[1] / "static" / "web" / "page.css"
        assert sheet.stat().st_size < 20_000
        assert "http" not in sheet.read_text(encoding="utf-8")

    def test_no_template_has_inline_script_or_style(self):
        package = Path(__file__).parents[3]
        for template in package.rglob("templates/**/*.html"):
            text = template.read_text(encoding="utf-8")
            assert "<style" not in text, template
            assert " style=" not in text, template
            assert "onclick" not in text, template


def test_a_fast_answer_writes_times_and_ids_as_text():
    from datetime import UTC, datetime
    from uuid import UUID

    response = answer({"at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC), "id": UUID(int=1)})
    assert json.loads(response.content) == {"at": "2026-01-02T03:04:00Z", "id": "00000000-0000-0000-0000-000000000001"}


def test_the_description_is_openapi_3_1_and_tells_of_problems_and_keys(officer):
    described = officer.get("/api/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    choose = described["paths"]["/api/me/post"]["post"]
    assert any(parameter["name"] == "Idempotency-Key" for parameter in choose["parameters"])
    assert "application/problem+json" in choose["responses"]["422"]["content"]


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Shanghai", "20:00"), ("America/Los_Angeles", "04:00")])
def test_times_are_shown_by_the_clocks_of_the_district_whatever_the_machine_was_told(db, rf, zone, hour):
    models.District.objects.update(zone=zone)
    reference.forget()
    at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    before = timezone.get_current_timezone_name()
    shown = DistrictClock(lambda _request: HttpResponse(timezone.localtime(at).strftime("%H:%M")))(rf.get("/"))
    reference.forget()
    assert shown.content.decode() == hour
    assert timezone.get_current_timezone_name() == before
