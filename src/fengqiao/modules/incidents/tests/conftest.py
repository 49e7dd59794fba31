"""The cast for tests of incidents."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest

from fengqiao.access import catalogue
from fengqiao.access.acting import acting
from fengqiao.access.doors import anonymous
from fengqiao.base.act import Act, Actor, ActorKind
from fengqiao.base.ids import new_id
from fengqiao.cases import forms, registry
from fengqiao.cases import services as cases
from fengqiao.cases.models import Case
from fengqiao.cases.schemas import Report
from fengqiao.people import queries as people

MORNING = datetime.fromisoformat("2026-11-23T09:00:00+08:00")  # a Monday
TOWN = "990101001"
VILLAGE = "990101001001"


class Cast:
    """People in posts, made on the spot; what a post may do comes from the seed table."""

    def org(self, field: str) -> str:
        return next(row.id for row in people.organisations(area=TOWN, field=field) if row.area == TOWN)

    def village(self) -> str:
        return next(row.id for row in people.organisations(area=VILLAGE, kind="village_committee"))

    def actor(self, post: str, org: str = "", area: str = TOWN, level: str = "town") -> Actor:
        me = str(uuid4())
        return Actor(
            ActorKind.PERSON, me, me, post, org, level, ((area, area + "~"),), (f"person:{me}", *((f"org:{org}",) if org else ())),
            (), catalogue.post(post).permissions, post,
        )  # fmt: skip

    def resident(self, *grantees: str) -> Actor:
        return anonymous(uuid4().hex, tuple(grantees))


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture
def by() -> Callable[..., Act]:
    def make(actor: Actor, at: datetime = MORNING, channel: str = "desk") -> Act:
        return Act(new_id(), actor, at, channel)

    return make


@pytest.fixture
def photo(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Files that were kept before; keeping them is the files kit's own test."""
    from fengqiao.kits.files import services as files

    monkeypatch.setattr(
        files,
        "bind",
        lambda act, ids, case_id: [{"id": str(one), "name": "p.jpg", "type": "image/jpeg", "size": 1, "sha256": "0" * 64} for one in ids],
    )
    return lambda count=1: [str(new_id()) for _each in range(count)]


@pytest.fixture
def opened(cast: Cast, by: Callable[..., Act]) -> Callable[..., Case]:
    """Open a case as a resident."""

    def make(
        kind: str = "incident", text: str = "路灯不亮", category: str = "0505", channel: str = "qr", level: str = "town", **more: object
    ) -> Case:
        act = by(cast.resident(), channel=channel)
        with acting(act):
            return cases.open_case(act, kind, Report(text=text, category=category, area=VILLAGE + "001", **more), level=level)

    return make


@pytest.fixture
def go() -> Callable[..., Case]:
    """Make a move as the desk does: parsed by its form, dispatched through the registry."""

    def make(act: Act, case: Case, move: str, **said: object) -> Case:
        asks = forms.asks_of(registry.loop(case.kind), move)
        with acting(act):
            return cases.dispatch(act, case.id, move, asks(**said) if asks else None)

    return make
