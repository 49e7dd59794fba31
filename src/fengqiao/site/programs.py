"""A shorter way in for programs: whoever brings a key needs no session, no form protection and no page to be dressed.

The same routes, the same gates; only the chain around them is shorter, which is a quarter of the cost of a call.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse

NEEDED = {"SecurityMiddleware", "LocaleMiddleware", "CommonMiddleware", "CleanRequests"}


def nobody(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Say that no person is signed in: a key is not a person."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.user, request.session = AnonymousUser(), {}  # type: ignore[assignment]
        return get_response(request)

    return handle


class Programs(WSGIHandler):
    """Django with the short chain."""

    def load_middleware(self, is_async: bool = False) -> None:
        whole = settings.MIDDLEWARE
        settings.MIDDLEWARE = [*(name for name in whole if name.rpartition(".")[2] in NEEDED), f"{__name__}.nobody"]
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = whole


def is_program(headers: list[tuple[bytes, bytes]], path: str) -> bool:
    """Tell whether a call to the API brings a key, and no session beside it."""
    if not path.startswith("/api/"):
        return False
    brought = dict(headers)
    return brought.get(b"authorization", b"")[:7].lower() == b"bearer " and b"cookie" not in brought
