"""The doors: how a request becomes an act."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory

from fengqiao.access import doors, services
from fengqiao.access.doors import BadKey, BadMoment, NeedsSecondFactor, NotSignedIn, act_from, actor_for, signed_act_from
from fengqiao.access.models import Token
from fengqiao.audit.models import BreakGlass, Deed
from fengqiao.base.act import Act, ActorKind
from fengqiao.base.errors import NotAllowed
from fengqiao.base.ids import new_id
from fengqiao.people.models import Person
from fengqiao.people.yunxi.staff import DEMO_PASSWORD

NOW = datetime.now(UTC)


@pytest.fixture
def request_of(db):
    def make(username: str = "", method: str = "post", path: str = "/api/cases", **headers):
        request = getattr(RequestFactory(headers=headers), method)(path)
        request.session = SessionStore()
        request.user = Person.objects.get(username=username) if username else AnonymousUser()
        return request

    return make


def act_of(username: str) -> Act:
    person = Person.objects.get(username=username)
    return Act(id=new_id(), actor=actor_for(person.appointments.first()), at=NOW)


def test_a_person_acts_in_their_post_for_their_ground(request_of):
    act = act_from(request_of("dispatcher"))
    assert act.actor.kind == ActorKind.PERSON
    assert act.actor.post == "town_dispatcher"
    assert act.actor.covers("990101001005001")
    assert not act.actor.covers("990101002005001")
    assert act.actor.may("grid_report:assign")
    assert act.channel == "desk"


def test_a_handler_reaches_the_cases_of_the_organisation_and_no_ground(request_of):
    actor = act_from(request_of("handler")).actor
    assert actor.ranges == ()
    assert f"org:{actor.org}" in actor.grantees


def test_a_residents_own_posts_do_not_lend_them_an_organisation(db):
    volunteer = Person.objects.get(username="dispatcher")
    appointment = volunteer.appointments.first()
    appointment.post = "volunteer"
    actor = actor_for(appointment)
    assert actor.ranges == ()
    assert actor.grantees == (f"person:{volunteer.pk}",)


def test_the_same_key_of_the_same_person_is_the_same_act_and_anothers_is_not(request_of):
    first, again = (act_from(request_of("dispatcher", **{"Idempotency-Key": "abc"})) for _time in range(2))
    assert first.id == again.id
    assert act_from(request_of("district", **{"Idempotency-Key": "abc"})).id != first.id
    assert act_from(request_of("dispatcher", **{"Idempotency-Key": "abd"})).id != first.id
    assert act_from(request_of("dispatcher")).id != act_from(request_of("dispatcher")).id


def test_one_request_is_one_act_however_often_it_is_asked(request_of):
    request = request_of("dispatcher")
    assert act_from(request) is act_from(request)


@pytest.mark.parametrize("key", ["", "a" * 81, "with space", "中文"])
def test_a_key_that_cannot_be_kept_is_refused(request_of, key):
    request = request_of("dispatcher")
    request.META["HTTP_IDEMPOTENCY_KEY"] = key
    with pytest.raises(BadKey):
        act_from(request)


def test_a_claimed_moment_is_kept_beside_ours_and_may_not_lie_ahead(request_of):
    earlier = (NOW - timedelta(hours=2)).isoformat()
    assert act_from(request_of("grid", **{"Occurred-At": earlier})).occurred_at == NOW - timedelta(hours=2)
    for wrong in ("yesterday", "2026-01-01T00:00:00", (NOW + timedelta(hours=1)).isoformat()):
        with pytest.raises(BadMoment):
            act_from(request_of("grid", **{"Occurred-At": wrong}))


def test_a_purpose_may_be_chinese_and_comes_percent_encoded(request_of):
    assert act_from(request_of("dispatcher", Purpose="%E5%A4%8D%E6%A0%B8")).purpose == "复核"


def test_somebody_unknown_is_anonymous_under_the_token_of_our_form(request_of):
    token = doors.form_token()
    first, again = (act_from(request_of(**{"X-Form-Token": token})) for _time in range(2))
    assert first.actor.kind == ActorKind.ANONYMOUS
    assert first.actor.id == again.actor.id
    assert first.id == again.id, "the form's token is its key"
    assert act_from(request_of(**{"X-Form-Token": f"{token}x"})).actor.id != first.actor.id
    with pytest.raises(NotSignedIn):
        signed_act_from(request_of())


def test_a_privileged_post_acts_only_with_a_second_factor_where_that_is_asked(request_of, settings):
    assert act_from(request_of("district")).actor.post == "district_dispatcher"
    settings.FENGQIAO_MFA_REQUIRED = True
    with pytest.raises(NeedsSecondFactor):
        act_from(request_of("district"))
    shown = request_of("district")
    shown.session["account_authentication_methods"] = [{"method": "mfa"}]
    assert act_from(shown).actor.post == "district_dispatcher"
    assert act_from(request_of("dispatcher")).actor.post == "town_dispatcher"


def test_an_appointment_that_has_ended_is_no_post_any_more(request_of, db):
    from fengqiao.people.services import bump

    person = Person.objects.get(username="dispatcher")
    person.appointments.update(until=NOW.date())
    bump("people")
    actor = act_from(request_of("dispatcher")).actor
    assert actor.post == "resident"
    assert not actor.may("grid_report:assign")


def test_a_change_made_by_another_process_is_seen_at_the_door(request_of, db, monkeypatch):
    from fengqiao.access.models import PostPermission
    from fengqiao.people import services as people

    assert act_from(request_of("dispatcher")).actor.may("grid_report:assign")
    PostPermission.objects.filter(post_id="town_dispatcher", permission="*:assign").update(granted=False)
    # Another process bumps the edition; this one remembers what it read until it asks.
    monkeypatch.setattr(people.reference, "forget", lambda _name="": None)
    people.bump("access")
    monkeypatch.undo()
    monkeypatch.setattr(doors, "_refreshed", -100.0)
    assert not act_from(request_of("dispatcher")).actor.may("grid_report:assign")


class TestTokens:
    """Keys for programs."""

    def make(self, **options):
        options = {"scopes": ["case:read", "*:report"], "area": "990101001", "expires_at": NOW + timedelta(days=30), **options}
        return services.make_token(act_of("admin"), "hotline", **options)

    def test_a_program_acts_with_the_scopes_and_ground_of_its_key(self, request_of):
        token, secret = self.make()
        act = act_from(request_of(Authorization=f"Bearer {secret}"))
        assert act.actor.kind == ActorKind.MACHINE
        assert act.actor.may("grid_report:report")
        assert not act.actor.may("grid_report:close")
        assert act.actor.covers("990101001001001")
        assert not act.actor.covers("990101002001001")
        assert act.channel == "api"
        token.refresh_from_db()
        assert token.last_used_at is not None
        assert secret not in str(vars(token)), "the secret itself is not kept"

    def test_a_revoked_an_expired_and_an_unknown_key_are_refused_with_401(self, db):
        token, secret = self.make()
        other, other_secret = self.make()
        services.revoke_token(act_of("admin"), token.id)
        Token.objects.filter(pk=other.id).update(made_at=NOW - timedelta(days=9), expires_at=NOW - timedelta(days=1))
        for bearer in (secret, other_secret, "fq_nonsense", ""):
            response = Client().get("/api/loops", HTTP_AUTHORIZATION=f"Bearer {bearer}")
            assert response.status_code == 401, bearer
            assert response.json()["code"] == "bad_token"

    def test_a_key_lives_at_most_a_year_and_only_an_administrator_makes_one(self, db):
        with pytest.raises(services.BadExpiry):
            self.make(expires_at=NOW + timedelta(days=400))
        with pytest.raises(NotAllowed):
            services.make_token(act_of("dispatcher"), "x", scopes=["case:read"], area="", expires_at=NOW + timedelta(days=1))

    @pytest.mark.parametrize("scope", ["case:read_c3", "case:read_c4", "glass:break", "audit:read"])
    def test_an_administrator_opens_no_sealed_door_with_a_key(self, db, scope):
        with pytest.raises(services.TooMuch):
            self.make(scopes=["case:read", scope])

    def test_making_and_revoking_are_written_down(self, db):
        token, _secret = self.make()
        services.revoke_token(act_of("admin"), token.id)
        assert list(Deed.objects.filter(about=str(token.id)).order_by("id").values_list("what", flat=True)) == [
            "token_made",
            "token_revoked",
        ]
        with pytest.raises(services.NoSuchToken):
            services.revoke_token(act_of("admin"), token.id)


def test_breaking_the_glass_needs_a_reason_and_the_post_for_it(db):
    case = new_id()
    with pytest.raises(NotAllowed):
        services.break_glass(act_of("dispatcher"), case, reason="a child is in danger now")
    broken = services.break_glass(act_of("director"), case, reason="a child is in danger now", compartment="minors")
    assert broken.until - broken.at == timedelta(minutes=30)
    assert BreakGlass.objects.filter(case_id=case, reason="a child is in danger now").exists()


def test_the_glass_closes_again_after_half_an_hour(request_of):
    case = str(new_id())
    request = request_of("director")
    request.session[doors.SESSION_GLASS] = {case: NOW.timestamp() + 600}
    assert f"glass:{case}" in act_from(request).actor.grantees
    later = request_of("director")
    later.session[doors.SESSION_GLASS] = {case: NOW.timestamp() - 1}
    assert f"glass:{case}" not in act_from(later).actor.grantees


def test_a_seat_in_a_sealed_compartment_is_named_and_nobody_gives_it_to_themselves(db, request_of):
    admin, officer = act_of("admin"), Person.objects.get(username="protector")
    with pytest.raises(NotAllowed):
        services.give_seat(admin, "minors", Person.objects.get(username="admin"))
    assert act_from(request_of("protector")).actor.compartments == ()
    services.give_seat(Act(id=new_id(), actor=admin.actor, at=NOW - timedelta(hours=1)), "minors", officer)
    assert act_from(request_of("protector")).actor.compartments == ("minors",)
    services.take_seat(Act(id=new_id(), actor=admin.actor, at=NOW - timedelta(minutes=1)), "minors", officer)
    assert act_from(request_of("protector")).actor.compartments == ()


class TestOverHttp:
    """Keys and glasses by the API."""

    def of(self, username: str) -> Client:
        client = Client(HTTP_ACCEPT_LANGUAGE="en")
        client.post("/sign-in/", {"login": username, "password": DEMO_PASSWORD})
        return client

    def test_an_administrator_makes_lists_and_revokes_a_key(self, db):
        admin = self.of("admin")
        asked = {"name": "hotline", "scopes": ["*:report"], "area": "990101001", "expires_at": (NOW + timedelta(days=9)).isoformat()}
        made = admin.post("/api/tokens", asked, content_type="application/json")
        assert made.status_code == 201, made.content
        secret, id = made.json()["secret"], made.json()["id"]
        listed = admin.get("/api/tokens").json()
        assert listed[0]["id"] == id
        assert "secret" not in listed[0]
        assert Client().get("/api/tokens", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code == 403
        assert admin.delete(f"/api/tokens/{id}").status_code == 204
        assert admin.delete(f"/api/tokens/{id}").status_code == 404
        assert Client().get("/api/tokens", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code == 401

    def test_nobody_else_makes_or_sees_keys(self, db):
        dispatcher = self.of("dispatcher")
        assert dispatcher.get("/api/tokens").status_code == 403
        assert Client().get("/api/tokens").status_code == 401

    def test_a_broken_glass_is_told_to_whoever_watches_and_not_broken_all_day(self, db, monkeypatch, django_capture_on_commit_callbacks):
        told = []
        monkeypatch.setattr(services, "_watchers", [])
        services.watch_glass(told.append)
        director, case = self.of("director"), str(new_id())
        with django_capture_on_commit_callbacks(execute=True):
            answer = director.post("/api/me/glass", {"case": case, "reason": "A child is in danger now"}, content_type="application/json")
        assert answer.status_code == 201
        assert [str(broken.case_id) for broken in told] == [case]
        assert case in director.session[doors.SESSION_GLASS]
        for _time in range(5):
            answer = director.post("/api/me/glass", {"case": case, "reason": "A child is in danger now"}, content_type="application/json")
        assert answer.status_code == 429
