"""Answers in bytes: hot routes are encoded by msgspec and pass no second model on their way out."""

from typing import Any

import msgspec
from django.http import HttpResponse

from fengqiao.base.errors import FengqiaoError
from fengqiao.kits.web.errors import PROBLEM_TYPE, problem, problem_of, status_of

_encoder = msgspec.json.Encoder()


def answer(body: Any, status: int = 200) -> HttpResponse:
    """Return an answer as JSON; datetimes in UTC, ids and decimals as text."""
    return HttpResponse(_encoder.encode(body), status=status, content_type="application/json")


def problem_answer(status: int, detail: str, code: str, fields: dict[str, str] | None = None) -> HttpResponse:
    """Return a problem as JSON."""
    body = _encoder.encode(problem(status, detail, code, fields))
    return HttpResponse(body, status=status, content_type=PROBLEM_TYPE, headers={"Cache-Control": "no-store"})


def error_answer(error: FengqiaoError) -> HttpResponse:
    """Return one of our errors as JSON."""
    response = HttpResponse(
        _encoder.encode(problem_of(error)), status=status_of(error), content_type=PROBLEM_TYPE, headers={"Cache-Control": "no-store"}
    )
    if response.status_code == 429:
        response["Retry-After"] = str(error.facts.get("seconds", 30))
    return response
