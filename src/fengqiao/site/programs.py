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
from django.db import close_old_connections, connection
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

NEEDED = {"SecurityMiddleware", "CleanRequests"}
Handler = Callable[[HttpRequest], HttpResponse]
AT_ONCE = 3
"""Small calls wait for nobody but the database: more threads than keep a core busy only take turns, and the last waits long."""
KEEPS = settings.POOL == 0 or settings.POOL > 2 * AT_ONCE
"""Whether a thread may keep its connection between calls without starving the pages."""


def plain(get_response: Handler) -> Handler:
    """Do what a call without a page needs of Django's longer chain: a name we answer to, a language, and nobody signed in."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.get_host()  # a name that is not ours is refused
        language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        request.user, request.session = AnonymousUser(), {}  # type: ignore[assignment]
        response = get_response(request)
        response.headers["Vary"] = "Accept-Language"
        response.headers["Content-Language"] = language
        if not response.streaming:
            response.headers["Content-Length"] = str(len(response.content))
        return response

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


class Content(list[bytes]):
    """The bytes of an answer, and what has to be closed after them."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__([response.content])
        self.response = response

    def close(self) -> None:
        """Close what the request opened; the connection stays with its thread for the next call."""
        for closer in self.response._resource_closers:  # type: ignore[attr-defined]
            closer()
        if not KEEPS or connection.errors_occurred:
            close_old_connections()


class Programs(WSGIHandler):
    """Django with the short chain, and without the signals that let go of the connection after every call."""

    def load_middleware(self, is_async: bool = False) -> None:
        whole = settings.MIDDLEWARE
        settings.MIDDLEWARE = [*(name for name in whole if name.rpartition(".")[2] in NEEDED), f"{__name__}.plain"]
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = whole

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        response = self.get_response(self.request_class(environ))
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return Content(response) if isinstance(response, HttpResponse) else response  # a stream closes with Django's own signal


def is_program(headers: list[tuple[bytes, bytes]], path: str) -> bool:
    """Tell whether a call to the API brings a key, and no session beside it."""
    if not path.startswith("/api/"):
        return False
    brought = dict(headers)
    return brought.get(b"authorization", b"")[:7].lower() == b"bearer " and b"cookie" not in brought
