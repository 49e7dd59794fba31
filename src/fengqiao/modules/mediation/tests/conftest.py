"""The cast for tests of mediation."""

from collections.abc import Callable

import pytest

from fengqiao.access.acting import acting
from fengqiao.base.act import Act, Actor
from fengqiao.base.ids import new_id
from fengqiao.cases import forms, registry
from fengqiao.cases import services as cases
from fengqiao.cases.models import Case
from fengqiao.cases.tests.cast import MORNING, VILLAGE, Cast
from fengqiao.modules.mediation.schemas import Apply


class Court(Cast):
    """Those who take a dispute in, mediate it and read its file."""

    def __init__(self) -> None:
        self.committee = self.org("mediation")
        self.acceptor = self.actor("mediation_acceptor", self.org("justice"))
        self.mediator = self.actor("mediator", self.committee)
        self.reviewer = self.actor("mediation_reviewer", self.org("justice"))
        self.clerk = self.actor("village_clerk", self.village(), area=VILLAGE, level="village")


@pytest.fixture
def cast(db: None) -> Court:
    return Court()


@pytest.fixture
def by() -> Callable[..., Act]:
    def make(actor: Actor, purpose: str = "") -> Act:
        return Act(new_id(), actor, MORNING, "desk", purpose=purpose)

    return make


@pytest.fixture
def go(by: Callable[..., Act]) -> Callable[..., Case]:
    """Make a move as the desk does: parsed by its form, dispatched through the registry."""

    def make(actor: Actor, case: Case, move: str, **said: object) -> Case:
        asks, act = forms.asks_of(registry.loop(case.kind), move), by(actor)
        with acting(act):
            return cases.dispatch(act, case.id, move, asks(**said) if asks else None)

    return make


@pytest.fixture
def applied(cast: Court, by: Callable[..., Act]) -> Callable[..., Case]:
    """Open a dispute as the window does."""

    def make(level: str = "town", **more: object) -> Case:
        act = by(cast.acceptor)
        asked = {"text": "楼上漏水十年，谈不拢", "category": "1101", "area": VILLAGE + "001", "name": "王秀英", "phone": "13800000000",
                 "respondent": "李建国", "respondent_phone": "13900000000", **more}  # fmt: skip
        with acting(act):
            return cases.open_case(act, "mediation", Apply(**asked), level=level)

    return make


@pytest.fixture
def taken_on(cast: Court, applied: Callable[..., Case], go: Callable[..., Case]) -> Case:
    """A dispute that a mediator took on."""
    case = applied()
    go(cast.acceptor, case, "accept")
    go(cast.acceptor, case, "triage", category="1101")
    go(cast.acceptor, case, "assign", lead=cast.committee)
    return go(cast.mediator, case, "sign", no_interest=True)
