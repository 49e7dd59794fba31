"""What the hard tests stand on: a program with a key, a person at a desk, and a case that both may move."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fengqiao.access import catalogue
from fengqiao.base.clock import now
from fengqiao.base.ids import new_id

TOWN = "990101001"
VILLAGE = "990101001001"
GRID = "990101001001001"
FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
# What the door asks at most once a second for all callers together, and the note that a key is alive, once a minute.
AT_THE_DOOR = ("SELECT name, number FROM people_edition", 'UPDATE "access_token"')


def _key_for(posts: tuple[str, ...], *, area: str = TOWN, organisation: str | None = None) -> str:
    """Make a key for a program with all that these posts may do."""
    from fengqiao.access.models import Token
    from fengqiao.people.models import Person

    secret = "fq_" + uuid4().hex
    scopes = sorted(frozenset().union(*(catalogue.post(post).permissions for post in posts)))
    Token.objects.create(
        id=new_id(), name="tests", digest=hashlib.sha256(secret.encode()).hexdigest(), scopes=scopes, area=area,
        organisation=organisation, made_by=Person.objects.order_by("username")[0], made_at=now(), expires_at=now() + timedelta(days=1),
    )  # fmt: skip
    return secret


@pytest.fixture
def key_for(real_db: object) -> Callable[..., str]:
    """Make keys for programs."""
    return _key_for


class Program:
    """A program that speaks JSON to the API, with a key or without."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api{path}", query, headers=self.headers)

    def post(self, path: str, body: Any, *, key: str = "") -> Any:
        return self.client.post(
            f"/api{path}",
            json.dumps(body),
            content_type="application/json",
            headers={**self.headers, "Idempotency-Key": key or uuid4().hex},
        )

    def report(self, text: str = "路灯不亮", **more: Any) -> Any:
        asked = {"text": text, "category": "0505", "area": GRID, **more}
        return self.post("/cases", {"kind": "incident", "asked": asked})

    def move(self, case: str, move: str, version: int | None = None, **asked: Any) -> Any:
        return self.post(f"/cases/{case}/moves/{move}", {"version": version, "asked": asked})


@pytest.fixture
def dispatcher(real_db: object) -> Program:
    """A program that may do what a town's and a district's dispatcher may."""
    return Program(_key_for(("town_dispatcher", "district_dispatcher")))


@pytest.fixture
def stranger(real_db: object) -> Program:
    """Somebody without key or account."""
    return Program()


@pytest.fixture
def counted() -> Callable[..., list[str]]:
    """Run something and return its statements, without the frame of transactions and what a door asks for all callers."""

    def count(doing: Callable[[], Any]) -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            answer = doing()
        assert answer.status_code < 300, answer.content.decode()
        return [one["sql"] for one in seen.captured_queries if not one["sql"].lstrip().startswith((*FRAME, *AT_THE_DOOR))]

    return count


@pytest.fixture
def lead_organisation(real_db: object) -> str:
    """An organisation of the town that handles matters."""
    from fengqiao.people import queries as people

    return next(row.id for row in people.organisations(area=TOWN) if row.area == TOWN and row.field == "power")
