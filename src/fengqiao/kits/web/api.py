"""The factory of the public API: one door, one shape of errors, OpenAPI 3.1 with what every call may carry."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from fengqiao.access.gates import signed_door
from fengqiao.base.errors import FengqiaoError, Invalid
from fengqiao.base.words import Words, _
from fengqiao.kits.web.answers import error_answer, problem_answer
from fengqiao.kits.web.errors import TITLES

log = logging.getLogger(__name__)
SAFE = {"get", "head", "options"}


class NotJson(Invalid):
    """The body is not JSON."""

    message = _("The body is not valid JSON.")


class House(NinjaAPI):
    """The API with the house's errors and its description."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the description, with what every call may carry added once for all."""
        schema = super().get_openapi_schema(**options)
        schema["openapi"] = "3.1.0"
        schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
        schema["components"]["securitySchemes"] = SECURITY
        schema["security"] = [{"session": []}, {"bearer": []}]
        for path in schema["paths"].values():
            for method, operation in path.items():
                _describe(method, operation)
        return schema


def make_api(**options: Any) -> NinjaAPI:
    """Make the API; routers are added by the site."""
    api = House(
        title="Fengqiao",
        version="1",
        description="Social governance of a district: cases, their moves and clocks. Errors are problem+json.",
        auth=signed_door,
        docs_url=None,
        openapi_url="/openapi.json",
        **options,
    )
    api.add_exception_handler(FengqiaoError, _ours)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(SuspiciousOperation, _suspicious)
    api.add_exception_handler(MultiPartParserError, _suspicious)
    api.add_exception_handler(UnreadablePostError, _suspicious)
    api.add_exception_handler(Exception, _unexpected)
    return api


def _ours(request: HttpRequest, error: Any) -> HttpResponse:
    return error_answer(error)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_answer(422, Invalid().say(gettext), "invalid", field_sentences(error.errors))


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    if error.status_code == 400 and "parse request body" in str(error):
        return problem_answer(400, NotJson().say(gettext), NotJson.code)
    code = "not_signed_in" if error.status_code == 401 else "http_error"
    return problem_answer(error.status_code, gettext(TITLES.get(error.status_code, TITLES[400])), code)


def _missing(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_answer(404, gettext("There is nothing here under this name."), "not_found")


def _suspicious(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, RequestDataTooBig | TooManyFieldsSent):
        return problem_answer(413, gettext("What you sent is too large. Send less, or send files as files."), "too_large")
    return problem_answer(400, gettext("The request cannot be read"), "unreadable")


def _unexpected(request: HttpRequest, error: Any) -> HttpResponse:
    log.exception("Unexpected error at %s %s", request.method, request.path)
    return problem_answer(500, gettext("Something went wrong here. Nothing was changed; please try again."), "unexpected")


FIELD_SENTENCES: dict[str, Words] = {
    "missing": _("This is needed."),
    "string_too_short": _("This is too short: at least {min_length} characters."),
    "string_too_long": _("This is too long: at most {max_length} characters."),
    "string_pattern_mismatch": _("This does not have the expected form."),
    "greater_than_equal": _("This must be at least {ge}."),
    "greater_than": _("This must be more than {gt}."),
    "less_than_equal": _("This must be at most {le}."),
    "less_than": _("This must be less than {lt}."),
    "enum": _("Choose one of: {expected}."),
    "literal_error": _("Choose one of: {expected}."),
    "int_parsing": _("This must be a whole number."),
    "int_type": _("This must be a whole number."),
    "int_from_float": _("This must be a whole number."),
    "float_parsing": _("This must be a number."),
    "float_type": _("This must be a number."),
    "bool_parsing": _("This must be yes or no."),
    "bool_type": _("This must be yes or no."),
    "uuid_parsing": _("This is not an id."),
    "uuid_type": _("This is not an id."),
    "date_from_datetime_parsing": _("This must be a date."),
    "date_parsing": _("This must be a date."),
    "date_type": _("This must be a date."),
    "datetime_from_date_parsing": _("This must be a date and time."),
    "datetime_parsing": _("This must be a date and time."),
    "datetime_type": _("This must be a date and time."),
    "timezone_aware": _("This date and time needs a zone."),
    "extra_forbidden": _("This is not asked for here."),
    "too_short": _("Choose at least {min_length}."),
    "too_long": _("At most {max_length}, please."),
    "string_type": _("This must be text."),
    "list_type": _("This must be a list."),
    "dict_type": _("This must be an object."),
    "model_type": _("This must be an object."),
    "model_attributes_type": _("This must be an object."),
}
OTHERWISE = _("This cannot be used. Please check it.")


def field_sentences(errors: list[dict[str, Any]]) -> dict[str, str]:
    """Say what is wrong with each field in one sentence of the reader's language."""
    said: dict[str, str] = {}
    for one in errors:
        place = [str(part) for part in one.get("loc", ()) if part not in {"body", "query", "path", "header", "asked", "payload", "data"}]
        said.setdefault(".".join(place) or "body", _sentence(one))
    return said


def _sentence(error: dict[str, Any]) -> str:
    sentence = FIELD_SENTENCES.get(error.get("type", ""), OTHERWISE)
    if error.get("type") == "value_error" and isinstance(error.get("ctx", {}).get("error"), FengqiaoError):
        return str(error["ctx"]["error"].say(gettext))
    try:
        return sentence.say(gettext, {"type": "", **(error.get("ctx") or {})})
    except (KeyError, IndexError, ValueError):
        return OTHERWISE.say(gettext)


PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "fields"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
SECURITY: dict[str, Any] = {
    "session": {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "with X-CSRFToken on unsafe calls"},
    "bearer": {"type": "http", "scheme": "bearer"},
}
IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body gives the same answer and does nothing twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"},
}


def _describe(method: str, operation: dict[str, Any]) -> None:
    if method not in SAFE:
        parameters = operation.setdefault("parameters", [])
        if all(parameter["name"] != IDEMPOTENCY_KEY["name"] for parameter in parameters):
            parameters.append(IDEMPOTENCY_KEY)
    responses = operation.setdefault("responses", {})
    body = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in (400, 401, 403, 404, 409, 410, 413, 422, 429, 503):
        responses.setdefault(status, {"description": str(TITLES[status]), "content": body})
