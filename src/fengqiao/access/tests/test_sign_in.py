"""Signing in: who comes in, who is turned away, and what the witness writes down."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from fengqiao.access import doors
from fengqiao.audit.models import SignInLog
from fengqiao.people.models import Person
from fengqiao.people.yunxi.staff import DEMO_PASSWORD

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en", "HTTP_ACCEPT": "text/html"}


@pytest.fixture
def browser_of(request):
    if "real_db" not in request.fixturenames:
        request.getfixturevalue("db")

    def sign_in(username: str, password: str = DEMO_PASSWORD, **headers):
        client = Client(**{**ENGLISH, **headers})
        response = client.post("/sign-in/", {"login": username, "password": password})
        return client, response

    return sign_in


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def set_up_app(client: Client) -> None:
    confirm = client.get("/account/second-factor/app/")
    assert confirm["Location"].startswith("/account/confirm/"), "the password is asked once more"
    client.post(confirm["Location"], {"password": DEMO_PASSWORD})
    page = client.get("/account/second-factor/app/")
    response = client.post("/account/second-factor/app/", {"code": code_of(page.context["form"].secret)})
    assert response.status_code == 302


def test_a_dispatcher_signs_in_and_lands_on_the_desk(browser_of):
    _client, response = browser_of("dispatcher")
    assert response.status_code == 302
    assert response["Location"] == "/desk/"
    assert SignInLog.objects.filter(username="dispatcher", outcome="signed_in").exists()


def test_a_wrong_password_is_one_clear_sentence_and_is_written_down(browser_of):
    _client, response = browser_of("dispatcher", "wrong")
    assert response.status_code == 200
    page = response.content.decode()
    assert "do not belong together" in page
    assert 'value="dispatcher"' in page, "the user name that was typed is kept"
    assert SignInLog.objects.filter(username="dispatcher", outcome="refused").exists()


def test_an_unknown_user_hears_the_same_as_one_with_a_wrong_password(browser_of):
    _client, response = browser_of("nobody-here", "wrong")
    assert "do not belong together" in response.content.decode()


def test_after_five_wrong_passwords_even_the_right_one_is_refused_for_a_while(browser_of):
    for _time in range(5):
        client, response = browser_of("dispatcher", "wrong")
    client, response = browser_of("dispatcher")
    assert response.status_code == 429
    assert "15 minutes" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_being_locked_out_does_not_lock_out_a_colleague(browser_of):
    for _time in range(6):
        browser_of("dispatcher", "wrong")
    _client, response = browser_of("handler")
    assert response.status_code == 302


def test_a_foreign_address_to_go_to_is_not_followed(db):
    client = Client(**ENGLISH)
    response = client.post(
        "/sign-in/?next=https://evil.example/", {"login": "dispatcher", "password": DEMO_PASSWORD, "next": "https://evil.example/"}
    )
    assert response.status_code == 302
    assert "evil" not in response["Location"]


def test_the_session_gets_a_new_name_when_somebody_signs_in(browser_of, db):
    client = Client(**ENGLISH)
    client.get("/sign-in/")
    before = client.cookies.get("sessionid")
    client.post("/sign-in/", {"login": "dispatcher", "password": DEMO_PASSWORD})
    assert client.cookies["sessionid"].value != (before.value if before else "")


def test_a_sign_in_form_without_our_token_is_refused_with_a_clear_page(db):
    client = Client(enforce_csrf_checks=True, **ENGLISH)
    response = client.post("/sign-in/", {"login": "dispatcher", "password": DEMO_PASSWORD})
    assert response.status_code == 403
    assert "too old or did not come from our page" in response.content.decode()


def test_nobody_can_sign_up(db):
    client = Client(**ENGLISH)
    assert client.get("/accounts/signup/").status_code == 404
    assert client.get("/sign-up/").status_code == 404


def test_a_demo_account_stays_outside_a_house_where_people_work_in_earnest(browser_of, settings):
    settings.FENGQIAO_DEMO_ACCOUNTS = False
    client, response = browser_of("dispatcher")
    assert response.status_code == 200
    assert "do not belong together" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_idle_session_ends_and_a_privileged_one_ends_sooner(browser_of, settings):
    settings.FENGQIAO_IDLE, settings.FENGQIAO_IDLE_PRIVILEGED = 3600, 60
    for username, still_in in (("dispatcher", True), ("district", False)):
        client, _response = browser_of(username)
        client.get("/account/")
        session = client.session
        session["seen"] = time.time() - 600
        session.save()
        client.get("/account/")
        assert ("_auth_user_id" in client.session) is still_in
    assert SignInLog.objects.filter(outcome="session_over").count() == 1


def test_what_a_page_asks_by_itself_keeps_no_session_alive(browser_of):
    client, _response = browser_of("dispatcher")
    client.get("/account/")
    session = client.session
    session["seen"] = before = time.time() - 600
    session.save()
    client.get("/api/cases/boxes", headers={"X-Background": "yes"})
    assert client.session["seen"] == before
    client.get("/api/cases/boxes")
    assert client.session["seen"] > before


def test_a_privileged_post_needs_a_second_factor_and_setting_one_up_opens_it(browser_of, settings, real_db):
    settings.FENGQIAO_MFA_REQUIRED = True
    client, _response = browser_of("district")
    assert client.get("/api/me").json()["needs_mfa"] is True
    page = client.get("/account/")
    assert "needs a second factor" in page.content.decode()
    set_up_app(client)
    assert client.get("/api/me").json()["needs_mfa"] is False


def test_who_has_a_second_factor_is_asked_for_it_at_the_next_sign_in(browser_of, settings, real_db):
    client, _response = browser_of("district")
    set_up_app(client)
    codes = client.get("/account/second-factor/codes/").context["unused_codes"]
    client, response = browser_of("district")
    assert response["Location"] == "/sign-in/code/"
    assert client.get("/api/me").status_code == 401
    wrong = client.post("/sign-in/code/", {"code": "000000"})
    assert "wrong or has expired" in wrong.content.decode()
    response = client.post("/sign-in/code/", {"code": codes[0]})
    assert response.status_code == 302
    assert client.get("/api/me").json()["mfa"] is True


def test_a_person_changes_to_another_post_of_theirs_but_not_to_a_strangers(browser_of):
    client, _response = browser_of("dispatcher")
    stranger = Person.objects.get(username="district").appointments.first()
    response = client.post("/api/me/post", {"id": str(stranger.id)}, content_type="application/json")
    assert response.status_code == 403
    assert response.json()["code"] == "not_your_post"
    own = client.get("/api/me").json()["posts"][0]
    response = client.post("/api/me/post", {"id": own["id"]}, content_type="application/json")
    assert response.status_code == 200
    assert client.session[doors.SESSION_POST] == own["id"]


def test_signing_out_ends_the_session(browser_of):
    client, _response = browser_of("dispatcher")
    client.post("/sign-out/")
    assert client.get("/api/me").status_code == 401
    assert SignInLog.objects.filter(username="dispatcher", outcome="signed_out").exists()


def test_pages_about_the_account_send_a_stranger_to_the_sign_in(db):
    response = Client(**ENGLISH).get("/account/")
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")


def test_the_demo_shows_whom_one_can_be_and_a_house_in_earnest_does_not(db, settings):
    page = Client(**ENGLISH).get("/sign-in/").content.decode()
    assert "Demo accounts" not in page
    settings.DEMO = True
    page = Client(**ENGLISH).get("/sign-in/").content.decode()
    assert "Demo accounts" in page
    assert DEMO_PASSWORD in page
    assert "Town dispatcher" in page
    assert "mediator" in page


def test_somebody_ends_all_their_other_sessions(browser_of):
    here, _response = browser_of("dispatcher")
    there, _response = browser_of("dispatcher")
    assert "End all others" in here.get("/account/sessions/").content.decode()
    here.post("/account/sessions/")
    assert here.get("/api/me").status_code == 200
    assert there.get("/api/me").status_code == 401
