"""Programs come in by a shorter way, and meet the same gates."""

import asyncio
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from fengqiao.access import catalogue
from fengqiao.access.models import Token
from fengqiao.base.clock import now
from fengqiao.base.ids import new_id
from fengqiao.people.models import Person
from fengqiao.site.programs import Whole, is_program, is_small


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


class ClosingIterator(list):
    """What a WSGI application answers: pieces, and an end."""

    def close(self):
        self.clear()


def test_only_a_small_body_of_one_piece_is_read_whole():
    json_of = (b"content-type", b"application/json")
    assert is_small([json_of, (b"content-length", b"200")])
    assert is_small([])
    assert not is_small([json_of, (b"content-length", b"99999999999")])
    assert not is_small([json_of, (b"content-length", b"many")])
    assert not is_small([json_of, (b"transfer-encoding", b"chunked")])
    assert not is_small([(b"content-type", b"multipart/form-data; boundary=x"), (b"content-length", b"200")])


def test_a_body_that_comes_in_pieces_is_put_together_and_one_that_breaks_off_is_not_answered():
    heard, said = [], []

    def echo(environ, start):
        heard.append(environ["wsgi.input"].read())
        start("201 Created", [("X-Said", "yes")])
        return ClosingIterator([b"o", b"k"])

    async def send(message):
        said.append(message)

    def ask_with(*messages):
        left = list(messages)

        async def receive():
            return left.pop(0)

        scope = {"type": "http", "method": "POST", "path": "/api/x", "query_string": b"", "headers": [], "http_version": "1.1"}

        async def answer():
            await Whole(echo, ThreadPoolExecutor(1))({**scope, "scheme": "http", "server": ("x", 80), "client": None}, receive, send)

        # In a thread of its own: a browser that other tests left open keeps a loop running in this one.
        with ThreadPoolExecutor(1) as apart:
            apart.submit(asyncio.run, answer()).result()

    ask_with({"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.request", "body": b"b"})
    assert heard == [b"ab"]
    assert said[0]["status"] == 201
    assert said[0]["headers"] == [(b"x-said", b"yes")]
    assert said[1]["body"] == b"ok"
    ask_with({"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.disconnect"})
    assert heard == [b"ab"]
