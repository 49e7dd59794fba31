"""The cast of the exchange: an administrator at the API, a receiver that listens, and cases that move."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from fengqiao.access.acting import acting
from fengqiao.access.doors import anonymous
from fengqiao.base.act import Act
from fengqiao.base.clock import now
from fengqiao.base.ids import new_id
from fengqiao.cases import services as cases
from fengqiao.cases.models import Case
from fengqiao.cases.schemas import Report

GRID = "990101001001001"


class Receiver:
    """Another system: keeps what it is sent, and answers what it was told to answer, at last with 204."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.pause = 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
                time.sleep(outer.pause)
                status = outer.answers.pop(0) if outer.answers else 204
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A real server on this machine."""
    settings.FENGQIAO_WEBHOOKS_INWARD = True
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


class Signed:
    """Somebody who signed in, at the API."""

    def __init__(self, username: str) -> None:
        from fengqiao.people.models import Person

        self.person = Person.objects.get(username=username)
        self.client = Client()
        self.client.force_login(self.person, backend="allauth.account.auth_backends.AuthenticationBackend")

    def ask(self, method: str, path: str, body: Any = None, *, secret: str = "", key: str = "") -> tuple[int, Any]:
        headers = {"Idempotency-Key": key or uuid4().hex, **({"Authorization": f"Bearer {secret}"} if secret else {})}
        data = json.dumps(body) if body is not None else ""
        answer = self.client.generic(method, f"/api{path}", data, content_type="application/json", headers=headers)
        return answer.status_code, json.loads(answer.content) if answer.content else None


@pytest.fixture
def admin(db: None) -> Signed:
    """The administrator of the demo."""
    return Signed("admin")


@pytest.fixture
def webhook(admin: Signed, receiver: Receiver) -> Callable[..., dict[str, Any]]:
    """Make a webhook that leads to the receiver."""

    def make(*topics: str, area: str = "") -> dict[str, Any]:
        status, body = admin.ask("POST", "/webhooks", {"url": receiver.url, "topics": topics or ["*"], "area": area})
        assert status == 201, body
        return dict(body)

    return make


@pytest.fixture
def opened(db: None) -> Callable[..., Case]:
    """Open a case as somebody with a code."""

    def make(kind: str = "incident", area: str = GRID, text: str = "路灯不亮", category: str = "0505") -> Case:
        act = Act(new_id(), anonymous(uuid4().hex), now(), "qr")
        with acting(act):
            return cases.open_case(act, kind, Report(text=text, category=category, area=area))

    return make
