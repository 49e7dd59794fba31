"""The cast for tests of intake: a resident without an account, a clerk, a dispatcher; one town of the invented district."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest

from fengqiao.access import catalogue
from fengqiao.access.doors import anonymous
from fengqiao.base.act import Act, Actor, ActorKind
from fengqiao.base.ids import new_id
from fengqiao.people import queries as people

MORNING = datetime.fromisoformat("2026-11-23T09:00:00+08:00")  # a Monday
TOWN = "990101001"
VILLAGE = "990101001001"


class Cast:
    """People in posts, made on the spot; what a post may do comes from the seed table."""

    def org(self, field: str) -> str:
        """Return the town's organisation of a trade."""
        return next(row.id for row in people.organisations(area=TOWN, field=field) if row.area == TOWN)

    def village(self) -> str:
        """Return the village committee."""
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
    def make(actor: Actor, at: datetime = MORNING, channel: str = "qr") -> Act:
        return Act(new_id(), actor, at, channel)

    return make
