"""One table from kinds of errors to HTTP, and what a program or a person is then told.

A program gets problem+json (RFC 9457); a person gets a page in their language. The sentence is the same.
"""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from fengqiao.access.doors import BadToken, NotSignedIn
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.words import Words, _

STATUS: dict[str, int] = {
    "not_found": 404,
    "not_allowed": 403,
    "invalid": 422,
    "conflict": 409,
    "too_many": 429,
    "unavailable": 503,
    "gone": 410,
}

TITLES: dict[int, Words] = {
    400: _("The request cannot be read"),
    401: _("Please sign in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Not possible here"),
    409: _("Changed in the meantime"),
    410: _("No longer valid"),
    413: _("Too large"),
    415: _("Not this kind of content"),
    422: _("Please check the form"),
    429: _("Too many requests"),
    500: _("Something went wrong"),
    503: _("Out of reach at the moment"),
}

PROBLEM_TYPE = "application/problem+json"


def status_of(error: FengqiaoError) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, NotSignedIn | BadToken):
        return 401
    return STATUS[error.kind]


def title_of(status: int) -> str:
    """Return the short title of a status in the reader's language."""
    return gettext(TITLES.get(status, TITLES[500]))


def problem(status: int, detail: str, code: str, fields: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the body of a problem+json answer."""
    body: dict[str, Any] = {
        "type": f"urn:fengqiao:error:{code}",
        "title": title_of(status),
        "status": status,
        "detail": detail,
        "code": code,
    }
    return {**body, "fields": fields or {}}


def problem_of(error: FengqiaoError) -> dict[str, Any]:
    """Return what a program is told of one of our errors."""
    return problem(status_of(error), error.say(gettext), error.code, _fields(error))


def _fields(error: FengqiaoError) -> dict[str, str]:
    fields: dict[str, str] = getattr(error, "fields", {})
    return {name: _beside(sentence, error) for name, sentence in fields.items()}


def _beside(sentence: str, error: FengqiaoError) -> str:
    """Say what stands beside a field: marked words, the error's own sentence, or one that was said already."""
    if isinstance(sentence, Words) or sentence == error.message:
        return Words(sentence).say(gettext, error.facts)
    return gettext(sentence)


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a program asks; a browser's page load says text/html."""
    return request.path.startswith("/api/") or "text/html" not in request.headers.get("Accept", "")
