"""The cast for tests of intake: a resident without an account, a clerk, a dispatcher; one town of the invented district."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from fengqiao.access.acting import acting
from fengqiao.across.intake import services
from fengqiao.across.intake.terms import Spot
from fengqiao.base.act import Act, Actor
from fengqiao.base.ids import new_id
from fengqiao.cases.models import Case
from fengqiao.cases.tests.cast import MORNING, VILLAGE, Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture
def by() -> Callable[..., Act]:
    def make(actor: Actor, at: datetime = MORNING, channel: str = "qr") -> Act:
        return Act(new_id(), actor, at, channel)

    return make


@pytest.fixture
def code(cast, by):
    clerk = by(cast.actor("village_clerk", area=VILLAGE))
    with acting(clerk):
        return services.make_codes(clerk, VILLAGE, Spot.STAIRWELL, ["1幢1单元"])[0]


@pytest.fixture
def photo():
    out = BytesIO()
    Image.new("RGB", (64, 48), "#884422").save(out, "JPEG")
    return SimpleUploadedFile("灯.jpg", out.getvalue(), "image/jpeg")


@pytest.fixture
def seen(cast, by):
    """What an officer of the town sees."""

    def look(model=Case, **wanted):
        with acting(by(cast.actor("district_dispatcher", area="990101"))):
            return list(model.objects.filter(**wanted))

    return look
