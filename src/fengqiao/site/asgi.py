"""The door: `/live/` is served asynchronously, everything else by Django in threads.

Django's own ASGI handler costs more than half the speed of its synchronous views; threads behind a thin shell cost a fifth.
"""

import asyncio
import gc
import logging
import os
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.site.settings")

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection
from django.urls import get_resolver

wsgi = get_wsgi_application()

from fengqiao.site import database, live, programs, proxies  # noqa: E402

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

log = logging.getLogger(__name__)
THREADS = int(os.environ.get("FENGQIAO_THREADS", "8"))

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="django")
_short = programs.Programs()
_django, _programs = WSGIMiddleware(wsgi, workers=THREADS), WSGIMiddleware(_short, workers=THREADS)  # type: ignore[arg-type]
_django.executor = _programs.executor = _threads
_whole = programs.Whole(_short, ThreadPoolExecutor(min(THREADS, programs.AT_ONCE), thread_name_prefix="program"))


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one request, or the start and end of the process."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    if settings.FENGQIAO_TRUSTED_PROXIES:
        proxies.see_through(scope, settings.FENGQIAO_TRUSTED_PROXIES)
    if scope["type"] == "http" and scope["path"].startswith("/live/"):
        await live.serve(scope, receive, send)
    elif scope["type"] == "http" and programs.is_program(scope["headers"], scope["path"]):
        await (_whole if programs.is_small(scope["headers"]) else _programs)(scope, receive, send)  # type: ignore[arg-type]
    elif scope["type"] == "http":
        await _django(scope, receive, send)  # type: ignore[arg-type]


async def _lifespan(receive: Receive, send: Send) -> None:
    while (await receive())["type"] == "lifespan.startup":
        try:
            await asyncio.to_thread(_begin)
        except (database.WrongRole, OperationalError) as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await live.hub.open()
        await send({"type": "lifespan.startup.complete"})
    await live.hub.close()
    await send({"type": "lifespan.shutdown.complete"})


def _begin() -> None:
    """Refuse a role with too many rights, and load all routes before the first visitor comes."""
    database.check_role()
    connection.close()
    if settings.SECURE and not settings.FENGQIAO_TRUSTED_PROXIES:
        log.warning("No proxy is trusted: behind one, all callers count as one. Name its address in FENGQIAO_TRUSTED_PROXIES.")
    get_resolver().url_patterns  # noqa: B018
    # What is loaded now stays: the collector need not walk over all of it again and again, nor after every page of fifty rows.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
