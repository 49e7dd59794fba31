"""Whatever is typed into any form of any move: no server error, and one clear sentence in the reader's language for what is wrong."""

import json
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from fengqiao.cases import forms, registry

NASTY = (
    None, "", " ", "x", "x" * 5_000, "\ud800", "\x00", "\x1f", "\u202eabc", "😀" * 300, "0", "-1", "1e400", -1, 0, 1, 7, 10**12, 10**30,
    1.5, 1e308, True, False, [], {}, [[]], ["x"], [None], [str(uuid4())] * 30, {"a": {"b": []}}, {"lon": 999, "lat": 0},
    {"lon": 120.1, "lat": 30.1}, {"lon": "a", "lat": None}, {"lon": 1e308, "lat": -90, "accuracy": -1}, str(uuid4()), str(UUID(int=0)),
    "2026-13-45", "2026-02-30T25:61:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59+14:00", "2026-12-01",
    "2026-12-01T09:00:00", "2027-01-01T09:00:00+21:20",
    "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59",
    "0505", "9999", "S0", "S9", "fixed", "emergency", "'; DROP TABLE cases; --", "{name}", "%s", "<script>", "../../etc/passwd",
)  # fmt: skip
CODES = {"incident": "0505", "qr_suggest": "1001", "data_request": "1009"}


def kinds_and_moves():
    return [
        (loop.key, name)
        for loop in registry.loops()
        for name in (*loop.every_move, *(chain.name for chain in loop.chains))
        if name not in ("report", "archive")
    ]


REPORT = ("category", "text", "title", "place", "address", "area", "photos", "name", "phone")


def filled_in(chance: Random, kind: str, move: str) -> dict[str, object]:
    """A form with some fields good, some nasty, some left out, one perhaps that nobody asked for."""
    asks = forms.asks_of(registry.loop(kind), move)
    names = [*(REPORT if move == "report" else asks.model_fields if asks else ()), "unknown"]
    return {name: chance.choice(NASTY) for name in names if chance.random() < (0.1 if name == "unknown" else 0.55)}


def wrong_with(answer: Any, language: str) -> str:
    """Say what is wrong with an answer, if anything."""
    body = json.loads(answer.content)
    if answer.status_code >= 500:
        return f"{answer.status_code} {body}"
    if answer.status_code < 300:
        return ""
    if answer["Content-Type"] != "application/problem+json" or not body["detail"]:
        return f"no problem with a sentence: {body}"
    for sentence in (body["detail"], *body["fields"].values()):
        if any("\u4e00" <= sign <= "\u9fff" for sign in sentence) != (language == "zh-hans"):
            return f"in another language: {sentence}"
    return ""


@pytest.mark.timeout(400)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_whatever_is_typed_gets_an_answer_that_a_person_can_use(dispatcher, language):
    dispatcher.headers["Accept-Language"] = language
    chance, moves, wrong = Random(f"20261125 {language}"), kinds_and_moves(), []
    cases: dict[str, str] = {}
    for number in range(600):
        kind, move = chance.choice(moves)
        if number % 9 == 0 or kind not in cases:
            asked = {"text": "路灯不亮", "category": CODES.get(kind, ""), "area": "990101001001001"}
            cases[kind] = json.loads(dispatcher.post("/cases", {"kind": kind, "asked": asked}).content)["id"]
        said = filled_in(chance, kind, move)
        if fault := wrong_with(dispatcher.post(f"/cases/{cases[kind]}/moves/{move}", {"asked": said}), language):
            wrong.append(f"{kind}:{move} {said!r:.300}: {fault}")
        told = filled_in(chance, kind, "report")
        if number % 2 and (fault := wrong_with(dispatcher.post("/cases", {"kind": kind, "asked": told}), language)):
            wrong.append(f"{kind}:report {told!r:.300}: {fault}")
    assert wrong == []
