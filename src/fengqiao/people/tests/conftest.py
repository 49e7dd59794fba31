"""Who acts in these tests, and a clean memory after each."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from fengqiao.base.act import Act, Actor, ActorKind
from fengqiao.base.ids import new_id
from fengqiao.people import reference

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    yield
    reference.forget()


@pytest.fixture
def act() -> Act:
    """An act of somebody who may edit the settings."""
    actor = Actor(ActorKind.PERSON, "admin", permissions=frozenset({"settings:edit"}))
    return Act(new_id(), actor, NOON)


@pytest.fixture
def bystander() -> Act:
    """An act of somebody who may not."""
    return Act(new_id(), Actor(ActorKind.PERSON, "bystander"), NOON)
