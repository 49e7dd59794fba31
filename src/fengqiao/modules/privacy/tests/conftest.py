"""The cast of requests about personal data: a resident, the dispatcher who reads, the privacy officer who decides."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from fengqiao.access.acting import acting
from fengqiao.base.act import Act, Actor
from fengqiao.base.ids import new_id
from fengqiao.cases import forms, registry
from fengqiao.cases import services as cases
from fengqiao.cases.models import Case, Link
from fengqiao.cases.schemas import Report
from fengqiao.cases.tests.cast import MORNING, VILLAGE, Cast
from fengqiao.kits.files import services as files
from fengqiao.modules.privacy.schemas import Ask
from fengqiao.people import queries as people


class Office(Cast):
    """Those who read, decide and confirm."""

    def __init__(self) -> None:
        self.data = people.organisations(field="data")[0].id
        command = people.organisations(area="990101", field="command")
        self.dispatcher = self.actor("district_dispatcher", command[0].id, area="990101", level="district")
        self.officer = self.actor("privacy_officer", self.data, area="990101", level="district")
        self.town = self.actor("town_dispatcher", self.org("command"))


@pytest.fixture
def cast(db: None) -> Office:
    return Office()


@pytest.fixture
def by() -> Callable[..., Act]:
    def make(actor: Actor, at: datetime = MORNING, channel: str = "desk") -> Act:
        return Act(new_id(), actor, at, channel, purpose="to decide")

    return make


@pytest.fixture
def photo(db: None) -> Callable[[Act], UUID]:
    picture = BytesIO()
    Image.effect_noise((64, 48), 90).convert("RGB").save(picture, "JPEG")
    return lambda act: files.keep(act, SimpleUploadedFile("photo.jpg", picture.getvalue())).id


@pytest.fixture
def reported(cast: Office, by: Callable[..., Act], photo: Callable[[Act], UUID]) -> Callable[..., Case]:
    """Report something, with a photo and a name, as a resident without an account."""

    def make(kind: str = "incident", category: str = "0505", text: str = "三楼李家门口路灯不亮") -> Case:
        act = by(cast.resident(), channel="qr")
        with acting(act):
            asked = Report(
                text=text,
                category=category,
                area=VILLAGE + "001",
                address="云溪苑1幢301",
                name="王秀英",
                phone="13800000000",
                photos=[photo(act)],
            )
            return cases.open_case(act, kind, asked)

    return make


@pytest.fixture
def go(by: Callable[..., Act]) -> Callable[..., Case]:
    """Make a move as the desk does: parsed by its form, dispatched through the registry."""

    def make(actor: Actor, case: Case, move: str, at: datetime = MORNING, **said: object) -> Case:
        asks, act = forms.asks_of(registry.loop(case.kind), move), by(actor, at)
        with acting(act):
            return cases.dispatch(act, case.id, move, asks(**said) if asks else None)

    return make


@pytest.fixture
def rejected(cast: Office, reported: Callable[..., Case], go: Callable[..., Case]) -> Callable[..., Case]:
    """Report something that then ends, by the shortest way there is."""

    def make(kind: str = "incident", category: str = "0505") -> Case:
        case = reported(kind, category)
        go(cast.town, case, "accept")
        go(cast.town, case, "triage", category=category)
        return go(cast.town, case, "transfer", body="供电公司", follow_up_on="2026-12-01T09:00:00+08:00")

    return make


@pytest.fixture
def asked(cast: Office, by: Callable[..., Act], go: Callable[..., Case]) -> Callable[..., Case]:
    """Ask about a report, and carry the request to the privacy officer's hands."""

    def make(about: Case | None, wish: str = "all") -> Case:
        act = by(cast.resident(), channel="qr")
        links = ((about.id, str(Link.Relation.CONCERNS), False),) if about else ()
        with acting(act):
            said = Ask(text="请删除我的信息", category="1009", area=VILLAGE + "001", wish=wish)
            case = cases.open_case(act, "data_request", said, level="district", links=links)
        go(cast.dispatcher, case, "hand_over", category="1009", lead=cast.data)
        go(cast.officer, case, "sign")
        return go(cast.officer, case, "start", contact="written")

    return make
