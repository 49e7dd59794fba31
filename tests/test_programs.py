"""Programs come in by a shorter way, and meet the same gates."""

import hashlib
import json
from datetime import timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from fengqiao.access import catalogue
from fengqiao.access.models import Token
from fengqiao.base.clock import now
from fengqiao.base.ids import new_id
from fengqiao.people.models import Person
from fengqiao.site.programs import is_program


@pytest.fixture
def key(real_db):
    """A key with the reach of a town's dispatcher."""
    scopes = sorted(catalogue.post("town_dispatcher").permissions)
    Token.objects.create(
        id=new_id(), name="test", digest=hashlib.sha256(b"a-key").hexdigest(), scopes=scopes, area="990101001", made_at=now(),
        expires_at=now() + timedelta(hours=1), made_by=Person.objects.get(username="dispatcher"),
    )  # fmt: skip
    return "a-key"


def ask(site, path, key, body=None, **headers):
    data = None if body is None else json.dumps(body).encode()
    asked = Request(f"{site}{path}", data, {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **headers})
    try:
        with urlopen(asked, timeout=20) as answer:
            return answer.status, json.loads(answer.read() or b"null"), answer.headers
    except HTTPError as refused:
        return refused.code, json.loads(refused.read() or b"null"), refused.headers


def test_a_program_reports_moves_and_lists_by_its_key(key, site):
    status, case, headers = ask(site, "/api/cases", key, {"kind": "incident", "asked": {"text": "路灯不亮", "area": "990101001001001"}})
    assert status == 201
    assert headers["X-Content-Type-Options"] == "nosniff"
    status, nothing, headers = ask(site, f"/api/cases/{case['id']}/moves/accept", key, {"asked": {}}, Prefer="return=minimal")
    assert (status, nothing, headers["ETag"]) == (204, None, '"2"')
    status, page, _headers = ask(site, "/api/cases?box=to_triage", key)
    assert [row["id"] for row in page["items"]] == [case["id"]]


def test_a_program_is_no_person_and_a_wrong_key_opens_nothing(key, site):
    assert ask(site, "/api/me", key)[0] == 401
    assert ask(site, "/api/cases", "another-key")[0] == 401
    assert ask(site, "/api/nowhere", key)[0] == 404
    assert ask(site, "/api/cases", key, {"kind": "incident", "asked": {"text": "a\x00b"}})[0] == 400


def test_only_a_key_without_a_session_takes_the_short_way():
    bearer = (b"authorization", b"Bearer x")
    assert is_program([bearer], "/api/cases")
    assert not is_program([bearer, (b"cookie", b"sessionid=1")], "/api/cases")
    assert not is_program([bearer], "/desk/")
    assert not is_program([(b"authorization", b"Basic x")], "/api/cases")
