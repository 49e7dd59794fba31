"""A shorter way in for programs: whoever brings a key needs no session, no form protection and no page to be dressed.

The same routes, the same gates; only the chain around them is shorter, which is a quarter of the cost of a call.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from a2wsgi.wsgi import build_environ
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

NEEDED = {"SecurityMiddleware", "LocaleMiddleware", "CommonMiddleware", "CleanRequests"}


def nobody(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Say that no person is signed in: a key is not a person."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.user, request.session = AnonymousUser(), {}  # type: ignore[assignment]
        return get_response(request)

    return handle


class Whole:
    """Answers small calls in one go: the body is read before a thread takes the call, the answer is sent when it has left.

    A stream between loop and thread wakes both sides for every piece; a call of a few hundred bytes has three of them, and
    half its time went into waking (`bench/RESULTS.md`).
    """

    def __init__(self, wsgi: Callable[..., Any], threads: ThreadPoolExecutor) -> None:
        self.wsgi, self.threads = wsgi, threads

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if message["type"] == "http.disconnect":
                return
            if not message.get("more_body", False):
                break
        status, headers, content = await asyncio.get_running_loop().run_in_executor(self.threads, self._answer, scope, body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _answer(self, scope: Message, body: bytes) -> tuple[int, Headers, bytes]:
        begun: list[tuple[int, Headers]] = []

        def start(status: str, headers: list[tuple[str, str]], _fault: object = None) -> None:
            told = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            begun.append((int(status.split(" ", 1)[0]), told))

        environ = build_environ(scope, BytesIO(body))  # type: ignore[arg-type]
        environ["wsgi.errors"] = sys.stderr
        answer = self.wsgi(environ, start)
        try:
            content = b"".join(answer)
        finally:
            answer.close()
        return (*begun[-1], content)


def is_small(headers: Headers) -> bool:
    """Tell whether a call says that its body is small and of one piece: files and streams come in piece by piece."""
    brought = dict(headers)
    length = brought.get(b"content-length", b"0")
    if b"transfer-encoding" in brought or brought.get(b"content-type", b"").startswith(b"multipart/"):
        return False
    return length.isdigit() and int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE


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
