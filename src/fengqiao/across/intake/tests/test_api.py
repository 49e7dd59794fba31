"""The desk asks who should take it, whether it is the same, and what other rules would have done."""

import pytest

from fengqiao.access.acting import acting
from fengqiao.across.intake import services
from fengqiao.base.clock import now
from fengqiao.cases.schemas import Report
from fengqiao.cases.tests.cast import VILLAGE
from fengqiao.people.models import Person


@pytest.fixture
def dispatcher(client, db):
    client.force_login(Person.objects.get(username="dispatcher"), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_suggestion_says_who_and_why(dispatcher):
    found = dispatcher.get("/api/intake/suggestion", {"category": "0505", "area": VILLAGE}).json()
    assert found["organisation"]["name"].endswith("供电所")
    assert found["why"]


def test_duplicates_come_with_their_reasons(dispatcher, cast, by):
    cases = []
    for text in ("门口路灯不亮", "门口路灯坏了"):
        act = by(cast.resident(), now())
        with acting(act):
            cases.append(services.report(act, Report(text=text, category="0505"), area=VILLAGE))
    (found,) = dispatcher.get(f"/api/intake/duplicates/{cases[1].id}").json()
    assert found["number"] == cases[0].number
    assert len(found["why"]) == 2


def test_rules_are_for_those_who_set_them(dispatcher, client):
    assert dispatcher.get("/api/intake/rules").status_code == 403
    client.force_login(Person.objects.get(username="admin"), backend="allauth.account.auth_backends.AuthenticationBackend")
    rules = client.get("/api/intake/rules").json()
    assert rules[0]["position"] == 10
    body = {"rules": [{"position": 1, "category": "05", "desk": "service"}]}
    assert client.post("/api/intake/rules/dry-run", body, content_type="application/json").status_code == 200


def test_a_case_filed_at_the_desk_is_routed_too(dispatcher):
    body = {"kind": "incident", "asked": {"text": "电线掉在路上", "category": "0505", "area": VILLAGE}}
    made = dispatcher.post("/api/cases", body, content_type="application/json")
    assert made.status_code == 201, made.content
    assert (made.json()["category"], made.json()["danger"]) == ("0509", True)
