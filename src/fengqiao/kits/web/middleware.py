"""What every request passes: bytes nobody can store are refused, and our errors become pages."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import tzinfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from fengqiao.access.doors import NeedsSecondFactor, NotSignedIn
from fengqiao.base.errors import FengqiaoError, Invalid
from fengqiao.base.words import _
from fengqiao.kits.web.answers import error_answer, problem_answer
from fengqiao.kits.web.errors import status_of, wants_json
from fengqiao.kits.web.pages import error_page
from fengqiao.people import queries as people

Handler = Callable[[HttpRequest], HttpResponse]
_NUL_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class ZeroByte(Invalid):
    """A character that no text has and no database stores."""

    message = _("The text contains a zero character, which cannot be stored. Remove it and send again.")


class CleanRequests:
    """Refuse zero characters and bodies larger than a form can be."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if too_large(request):
            return _refuse(request, 413, gettext("What you sent is too large. Send less, or send files as files."), "too_large")
        try:
            dirty = "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "") or _zero_in_body(request)
        except RequestDataTooBig:
            return _refuse(request, 413, gettext("What you sent is too large. Send less, or send files as files."), "too_large")
        if dirty:
            return _refuse(request, 400, ZeroByte().say(gettext), ZeroByte.code)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn one of our errors, raised by a page, into a page; the API has turned its own already."""
        if not isinstance(error, FengqiaoError):
            return None
        if wants_json(request):
            return error_answer(error)
        if isinstance(error, NotSignedIn):
            return redirect_to_login(request.get_full_path())
        if isinstance(error, NeedsSecondFactor):
            return redirect("mfa_index")
        page = error_page(request, status_of(error), error.say(gettext))
        if page.status_code == 429:
            page["Retry-After"] = str(error.facts.get("seconds", 30))
        return page


class DistrictClock:
    """Show every time by the clocks of the district, whatever zone the machine was told."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            zone: tzinfo | None = people.zone()
        except DatabaseError:
            zone = None  # Without a database the page still says so, by the machine's own zone.
        with timezone.override(zone) if zone else nullcontext():
            return self.get_response(request)


def too_large(request: HttpRequest) -> bool:
    """Tell whether more is announced than any upload may be."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdecimal() or int(length) > settings.FENGQIAO_UPLOAD_LIMIT


def _zero_in_body(request: HttpRequest) -> bool:
    kind = request.content_type or ""
    if request.method in {"GET", "HEAD", "OPTIONS"} or kind == "multipart/form-data":
        return False
    body = request.body
    if kind == "application/x-www-form-urlencoded":
        return b"%00" in body or b"\0" in body
    return b"\0" in body or (b"\\u0000" in body and _NUL_ESCAPE.search(body) is not None)


def _refuse(request: HttpRequest, status: int, detail: str, code: str) -> HttpResponse:
    return problem_answer(status, detail, code) if wants_json(request) else error_page(request, status, detail)
