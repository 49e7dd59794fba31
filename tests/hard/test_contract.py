"""The API keeps its word: every answer is declared, what leaves has the declared shape, and nothing asks the database too often."""

import json
import threading
import time
from typing import Any

import psycopg
import pytest
from django.db import connection
from jsonschema_rs import Draft202012Validator
from ninja.constants import NOT_SET
from schemathesis.specs.openapi.definitions import OPENAPI_31

from fengqiao.site.api import api

WRITE, LIST = 6, 3  # decision 28: statements after sign-in, with set_config, without the frame of the transaction
HOT = {("/api/cases", "GET"), ("/api/cases", "POST")}


def operations() -> list[tuple[str, str, Any]]:
    """Every route of the API with its method."""
    found = []
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            found += [(f"/api{prefix}{path}", method, one) for one in view.operations for method in one.methods]
    return found


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The description as a program reads it."""
    return json.loads(json.dumps(api.get_openapi_schema(), default=str))


def closed(schema: Any) -> Any:
    """Return a schema that takes no field which was not declared."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        found.setdefault("additionalProperties", False)
    return found


@pytest.fixture(scope="module")
def fits(described: dict[str, Any]) -> Any:
    """Check that an answer has exactly the shape its route declares."""

    def check(answer: Any, path: str, method: str) -> Any:
        declared = described["paths"][path][method.lower()]["responses"][str(answer.status_code)]
        ((kind, content),) = declared["content"].items()
        assert answer["Content-Type"].split(";")[0] == kind
        body = json.loads(answer.content)
        schema = {**closed(content["schema"]), "components": closed(described["components"])}
        Draft202012Validator(schema, validate_formats=True).validate(body)
        return body

    return check


def test_every_route_says_what_it_answers():
    silent = [
        f"{method} {path}"
        for path, method, one in operations()
        if not any(status < 300 and model is not NOT_SET for status, model in one.response_models.items())
    ]
    assert silent == []


def test_every_route_says_in_a_line_what_it_is_for():
    assert [f"{method} {path}" for path, method, one in operations() if not one.summary] == []


def test_the_description_is_openapi_3_1(described):
    # The wheel's copy of the official schema; references between its parts are all inside it.
    Draft202012Validator(OPENAPI_31).validate(described)


def test_no_two_operations_have_one_name(described):
    names = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))


def test_what_leaves_in_bytes_has_the_declared_shape(dispatcher, fits, lead_organisation):
    opened = fits(dispatcher.report("楼道灯坏了，天黑看不见", address="三单元"), "/api/cases", "POST")
    case = opened["id"]
    fits(dispatcher.report("没有类别的", category=""), "/api/cases", "POST")
    one, moved = "/api/cases/{case_id}", "/api/cases/{case_id}/moves/{move}"
    fits(dispatcher.get(f"/cases/{case}"), one, "GET")
    fits(dispatcher.move(case, "accept", 1), moved, "POST")
    fits(dispatcher.move(case, "triage", 2, category="0505"), moved, "POST")
    fits(dispatcher.move(case, "assign", 3, lead=lead_organisation), moved, "POST")
    asked = dispatcher.post(f"/cases/{case}/requests/supervision", {"asked": {"text": "请今天办结"}})
    detail = fits(asked, "/api/cases/{case_id}/requests/{kind}", "POST")
    assert [row["kind"] for row in detail["requests"]] == ["supervision"]
    page = fits(dispatcher.get("/cases", sort="newest", limit=2), "/api/cases", "GET")
    assert page["next"]
    fits(dispatcher.get("/cases", sort="newest", limit=2, after=page["next"]), "/api/cases", "GET")
    for path in ("/cases/boxes", "/loops", "/organisations", "/areas", "/categories", "/persons"):
        fits(dispatcher.get(path), f"/api{path}", "GET")


def test_every_error_is_a_problem_with_one_sentence(dispatcher, stranger, described):
    schema = {**described["components"]["schemas"]["Problem"]}
    answers = {
        "nobody": (stranger.get("/cases"), 401),
        "missing": (dispatcher.get("/cases/00000000-0000-7000-8000-000000000000"), 404),
        "field": (dispatcher.report(""), 422),
        "cursor": (dispatcher.get("/cases", after="made-up"), 422),
        "kind": (dispatcher.post("/cases", {"kind": "no_such", "asked": {}}), 404),
        "json": (dispatcher.client.post("/api/cases", "{", content_type="application/json", headers=dispatcher.headers), 400),
        "zero": (dispatcher.report("a\x00b"), 400),
        "moment": (dispatcher.get("/cases", since="0835-11-23T22:17:39.6+21:20"), 422),
        "number": (dispatcher.get("/cases", until="0.5"), 422),
    }
    for name, (answer, status) in answers.items():
        assert answer.status_code == status, (name, answer.content)
        assert answer["Content-Type"] == "application/problem+json", name
        body = json.loads(answer.content)
        Draft202012Validator(schema).validate(body)
        assert body["detail"], name


def test_opening_a_case_takes_at_most_six_statements(dispatcher, counted):
    dispatcher.report()  # what is remembered from the first call on
    seen = counted(lambda: dispatcher.report())
    assert len(seen) <= WRITE, "\n".join(seen)


def test_a_move_takes_at_most_six_statements(dispatcher, counted, lead_organisation):
    case = json.loads(dispatcher.report().content)["id"]
    dispatcher.move(case, "accept")
    dispatcher.headers["Prefer"] = "return=minimal"
    for move, asked in (("triage", {"category": "0505"}), ("assign", {"lead": lead_organisation})):
        seen = counted(lambda move=move, asked=asked: dispatcher.move(case, move, **asked))
        assert len(seen) <= WRITE, f"{move}: {len(seen)}\n" + "\n".join(one[:300] for one in seen)


def test_whoever_wants_the_case_with_its_move_reads_it_in_no_more_than_reading_takes(dispatcher, counted):
    case = json.loads(dispatcher.report().content)["id"]
    dispatcher.get(f"/cases/{case}")
    seen = counted(lambda: dispatcher.move(case, "accept"))
    written = max(n for n, one in enumerate(seen) if "RESET ROLE" in one) + 1
    assert written <= WRITE
    assert len(seen) - written <= len(counted(lambda: dispatcher.get(f"/cases/{case}")))


@pytest.mark.parametrize("query", [{}, {"sort": "newest"}, {"box": "to_accept", "q": "路灯"}, {"area": "990101001", "colour": "on_time"}])
def test_a_list_takes_at_most_three_statements(dispatcher, counted, query):
    dispatcher.report()
    dispatcher.get("/cases")
    seen = counted(lambda: dispatcher.get("/cases", **query))
    assert len(seen) <= LIST, "\n".join(seen)


@pytest.mark.parametrize("sort", ["due", "newest"])
def test_paging_gives_every_case_once_while_others_are_reported(dispatcher, sort):
    before = {json.loads(dispatcher.report(f"第{n}件").content)["id"] for n in range(17)}
    seen, after = [], ""
    while True:
        body = json.loads(dispatcher.get("/cases", sort=sort, limit=4, after=after).content)
        seen += [row["id"] for row in body["items"]]
        dispatcher.report("翻页时来的")
        if not (after := body["next"] or "") or len(seen) > 200:
            break
    assert len(seen) == len(set(seen)), "a case was listed twice"
    assert before <= set(seen), "a case was left out"


def test_the_same_key_with_the_same_body_is_done_once(dispatcher):
    body = {"kind": "incident", "asked": {"text": "同一件", "category": "0505", "area": "990101001001001"}}
    first, second = dispatcher.post("/cases", body, key="once"), dispatcher.post("/cases", body, key="once")
    assert first.status_code == second.status_code == 201
    assert json.loads(first.content)["number"] == json.loads(second.content)["number"]
    other = dispatcher.post("/cases", {**body, "asked": {**body["asked"], "text": "另一件"}}, key="once")
    assert other.status_code == 422


def test_a_stale_form_is_told_so(dispatcher):
    case = json.loads(dispatcher.report().content)["id"]
    assert dispatcher.move(case, "accept", 1).status_code == 200
    answer = dispatcher.move(case, "note", 1, text="晚了一步")
    assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "stale")


def test_whoever_waited_for_a_case_goes_on_from_its_newest_clocks(dispatcher, real_db):
    """The lock reads the clocks too, as they were when it began to wait: they must not be believed then."""
    case = json.loads(dispatcher.report().content)["id"]
    with psycopg.connect(real_db.owner_url) as other:
        other.execute("SELECT 1 FROM cases WHERE id = %s FOR UPDATE", [case])
        answers: list[Any] = []

        def accept() -> None:
            answers.append(dispatcher.move(case, "accept"))
            connection.close()

        waiting = threading.Thread(target=accept)
        waiting.start()
        _until_it_waits(real_db.owner_url)
        other.execute("UPDATE case_clock SET consumed = 77 WHERE case_id = %s", [case])
        other.execute("UPDATE cases SET version = version + 1 WHERE id = %s", [case])
    waiting.join(20)
    assert answers[0].status_code == 200
    with psycopg.connect(real_db.owner_url) as owner:
        ((consumed,),) = owner.execute("SELECT consumed FROM case_clock WHERE case_id = %s AND name = 'accept'", [case]).fetchall()
    assert consumed >= 77


def _until_it_waits(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        for _time in range(200):
            if owner.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone():
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")
