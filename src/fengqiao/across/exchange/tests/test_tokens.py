"""Keys for programs: shown once, never wider than their maker, and dead when revoked."""

from datetime import timedelta

from fengqiao.access import doors
from fengqiao.base.clock import now


def wanted(**other):
    return {
        "name": "12345 热线",
        "scopes": ["*:report", "case:read", "desk:use"],
        "area": "990101",
        "expires_at": (now() + timedelta(days=30)).isoformat(),
        **other,
    }


def test_a_key_works_until_it_is_revoked(admin, client, monkeypatch):
    monkeypatch.setattr(doors, "FRESH_SECONDS", 0.0)
    status, made = admin.ask("POST", "/tokens", wanted())
    assert status == 201
    headers = {"Authorization": f"Bearer {made['secret']}"}
    assert client.get("/api/cases", headers=headers).status_code == 200
    listed = admin.ask("GET", "/tokens")[1]
    assert made["id"] in [row["id"] for row in listed]
    assert "secret" not in listed[0]
    assert admin.ask("DELETE", f"/tokens/{made['id']}")[0] == 204
    assert client.get("/api/cases", headers=headers).status_code == 401
    assert admin.ask("DELETE", f"/tokens/{made['id']}")[0] == 404


def test_a_key_reaches_no_further_than_its_area(admin, opened, client):
    opened()
    secret = admin.ask("POST", "/tokens", wanted(area="990101002"))[1]["secret"]
    assert client.get("/api/cases", headers={"Authorization": f"Bearer {secret}"}).json()["items"] == []
    assert admin.ask("POST", "/tokens", wanted(area="110101"))[0] == 403


def test_a_key_lives_a_year_at_most_and_needs_a_zone(admin):
    assert admin.ask("POST", "/tokens", wanted(expires_at=(now() + timedelta(days=400)).isoformat()))[0] == 422
    assert admin.ask("POST", "/tokens", wanted(expires_at="2027-01-01T00:00:00"))[0] == 422
    assert admin.ask("POST", "/tokens", wanted(expires_at=4_000_000_000))[0] == 422


def test_a_program_makes_no_keys_for_others(admin):
    secret = admin.ask("POST", "/tokens", wanted(scopes=["tokens:make", "webhooks:edit"]))[1]["secret"]
    assert admin.ask("POST", "/tokens", wanted(), secret=secret)[0] == 403
    assert admin.ask("POST", "/webhooks", {"url": "https://x.example/", "topics": ["*"]}, secret=secret)[0] == 403
    assert admin.ask("GET", "/webhooks", secret=secret)[0] == 200
