"""The cast and the ground for tests of cases: a plain loop, one town, and people in its posts."""

from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from fengqiao.access.acting import acting
from fengqiao.base.act import Act, Actor
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.cases import registry
from fengqiao.cases.models import Case
from fengqiao.cases.schemas import Assign, Report, Triage
from fengqiao.cases.services import move_case, open_case
from fengqiao.cases.tests.cast import MORNING, TOWN, Cast
from fengqiao.kits.files import services as files
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

    picture = BytesIO()
    Image.effect_noise((64, 48), 90).convert("RGB").save(picture, "JPEG")

    def make(act: Act) -> UUID:
        return files.keep(act, SimpleUploadedFile("photo.jpg", picture.getvalue())).id

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

    def make(text: str = "路灯不亮", category: str = "0505", at: datetime = MORNING, act: Act | None = None, **more: object) -> object:
        act = act or by(cast.resident(), at, channel="qr")
        with acting(act):
            return open_case(act, "matter", Report(text=text, category=category, area=TOWN + "001", **more))

    return make


@pytest.fixture
def dispute(cast: Town, by: Callable[..., Act], opened: Callable[..., Case]) -> Case:
    """A dispute in the hands of the power station."""
    case, dispatcher = opened(category="1101", name="王秀英", phone="13800000000"), cast.actor("town_dispatcher", cast.room)
    for move, asked in (("accept", None), ("triage", Triage(category="1101")), ("assign", Assign(lead=cast.power))):
        act = by(dispatcher)
        with acting(act):
            case = move_case(act, case.id, move, asked)
    return case
