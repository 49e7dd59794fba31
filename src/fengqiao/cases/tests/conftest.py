"""The cast and the ground for tests of cases: a plain loop, one town, and people in its posts."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import pytest

from fengqiao.access.acting import acting
from fengqiao.base.act import Act, Actor
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.cases import registry
from fengqiao.cases.schemas import Report
from fengqiao.cases.tests.cast import MORNING, TOWN, Cast
from fengqiao.loop.alphabet import A, C, D, F, H, M, O, P, R, S, T, V, W, X
from fengqiao.loop.definition import Chain, Loop, Path
from fengqiao.people import queries as people

MATTER = Loop(
    key="matter",
    title=_("Matter"),
    path=Path(R, A, T, D, S, H, F, V, C).may(P, X, M, O, W),
    chains=(
        Chain(
            "answer",
            ("accept", "triage", "assign", "sign", "start", "feed_back", "verify_pass", "close"),
            _("Answer"),
            by_machine=("verify_pass", "close"),
        ),
    ),
)


@pytest.fixture(autouse=True)
def matter() -> Iterator[Loop]:
    """A kind of case for tests."""
    registry._loops["matter"] = {1: MATTER}
    yield MATTER
    registry._loops.pop("matter", None)


class Town(Cast):
    """The same people, with three organisations at hand, whatever their trades."""

    def __init__(self) -> None:
        town = [row for row in people.organisations(area=TOWN) if row.area == TOWN]
        self.power, self.enforcement, self.room = town[0].id, town[1].id, town[2].id


@pytest.fixture
def cast(db: None) -> Town:
    """The people of the play."""
    return Town()


@pytest.fixture
def photo(db: None) -> Callable[..., UUID]:
    """A picture that somebody has just sent."""

    def make(act: Act) -> UUID:
        from fengqiao.kits.files.models import File

        return File.objects.create(
            id=new_id(), owner=act.actor.id, name="photo.jpg", type="image/jpeg", size=3, sha256="0" * 64, thumb=True,
            key=new_id().hex, kept_at=act.at,
        ).id  # fmt: skip

    return make


@pytest.fixture
def by() -> Callable[..., Act]:
    """Make an act of an actor at a moment."""

    def make(actor: Actor, at: datetime = MORNING, key: str = "", channel: str = "desk") -> Act:
        return Act(new_id() if not key else UUID(int=abs(hash((actor.id, key))) % 2**128), actor, at, channel, key=key)

    return make


@pytest.fixture
def opened(cast: Cast, by: Callable[..., Act]) -> Callable[..., object]:
    """Open a case as a resident with a code."""

    def make(text: str = "路灯不亮", category: str = "0505", at: datetime = MORNING, **more: object) -> object:
        from fengqiao.cases.services import open_case

        act = by(cast.resident(), at, channel="qr")
        with acting(act):
            return open_case(act, "matter", Report(text=text, category=category, area=TOWN + "001", **more))

    return make
