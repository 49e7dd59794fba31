"""The cast for tests of intake: a resident without an account, a clerk, a dispatcher; one town of the invented district."""

from collections.abc import Callable
from datetime import datetime

import pytest

from fengqiao.base.act import Act, Actor
from fengqiao.base.ids import new_id
from fengqiao.cases.tests.cast import MORNING, Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture
def by() -> Callable[..., Act]:
    def make(actor: Actor, at: datetime = MORNING, channel: str = "qr") -> Act:
        return Act(new_id(), actor, at, channel)

    return make
