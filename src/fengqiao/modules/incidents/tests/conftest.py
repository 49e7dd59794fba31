"""The cast for tests of incidents."""

from collections.abc import Callable
from datetime import datetime

import pytest

from fengqiao.access.acting import acting
from fengqiao.base.act import Act, Actor
from fengqiao.base.ids import new_id
from fengqiao.cases import forms, registry
from fengqiao.cases import services as cases
from fengqiao.cases.models import Case
from fengqiao.cases.schemas import Report
from fengqiao.cases.tests.cast import MORNING, VILLAGE, Cast


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
