"""Live streams: one LISTEN per process, and a queue per open page. A stream says only that something moved, and where.

Whoever listens asks the API again, with their own rights; so nothing that a stream says needs a permission of its own.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

log = logging.getLogger("fengqiao.live")
Message = MutableMapping[str, Any]
CHANNEL = "fengqiao"
HEARTBEAT = 15.0
RETRY = 3.0
MOST_STREAMS = 2000


class Hub:
    """Hears the database once and tells everybody."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[str]] = set()
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Stop listening and end all streams."""
        for queue in self._queues:
            queue.put_nowait("")
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @contextlib.contextmanager
    def stream(self) -> Any:
        """Yield a queue of what happens from now on."""
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=100)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    @property
    def full(self) -> bool:
        """Whether this process has as many streams as it can carry."""
        return len(self._queues) >= MOST_STREAMS

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    async for notice in listening.notifies():
                        self._tell(notice.payload)
            except psycopg.OperationalError as error:
                log.warning("The stream lost its database, trying again: %s", error)
            await asyncio.sleep(RETRY)

    def _tell(self, what: str) -> None:
        for queue in self._queues:
            with contextlib.suppress(asyncio.QueueFull):  # A slow page misses a beat; the next one tells it as much.
                queue.put_nowait(what)


hub = Hub()


async def serve(scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]) -> None:
    """Answer `/live/cases` with a stream of server-sent events."""
    if scope["path"] != "/live/cases" or scope["method"] != "GET":
        await _answer(send, 404, b"There is no stream here.")
        return
    if not await asyncio.to_thread(_signed_in, dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")):
        await _answer(send, 401, b"Sign in first.")
        return
    if hub.full:
        await _answer(send, 503, b"Too many streams; the page asks again by itself.")
        return
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    gone = asyncio.create_task(_until_gone(receive))
    # A process that ends cancels its streams; the page knows how to begin again.
    with contextlib.suppress(asyncio.CancelledError), hub.stream() as queue:
        await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
        while not gone.done():
            try:
                what = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
                continue
            if not what:
                break
            await send({"type": "http.response.body", "body": f"event: cases\nid: {what}\ndata: {what}\n\n".encode(), "more_body": True})
    gone.cancel()
    with contextlib.suppress(Exception):
        await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Callable[[], Awaitable[Message]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Callable[[Message], Awaitable[None]], status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _signed_in(cookies: str) -> bool:
    """Tell whether the cookies belong to somebody's session."""
    try:
        held = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return False
    if held is None:
        return False
    try:
        session = import_module(settings.SESSION_ENGINE).SessionStore(held.value)
        return bool(session.get("_auth_user_id"))
    finally:
        connection.close()


def _parameters() -> dict[str, Any]:
    parameters = {name: value for name, value in connection.get_connection_params().items() if name in KEPT}
    return {**parameters, "application_name": "fengqiao live"}


KEPT = {"dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "options"}
