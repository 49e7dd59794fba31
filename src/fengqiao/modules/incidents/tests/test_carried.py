"""Pictures of a report that goes on as a dispute: shown with the new case to whoever may read both, and never copied."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.base.act import Act
from fengqiao.base.ids import new_id
from fengqiao.cases import queries, retention, sealing, views
from fengqiao.cases.models import Case
from fengqiao.cases.schemas import Report
from fengqiao.cases.services import open_case
from fengqiao.cases.tests.cast import MORNING, VILLAGE
from fengqiao.kits.files import queries as files
from fengqiao.kits.files import services
from fengqiao.kits.files.models import File
from fengqiao.kits.files.storage import store


def reading(actor) -> Act:
    return Act(new_id(), actor, MORNING, purpose="to settle it")


def carried(actor, case) -> list[str]:
    act = reading(actor)
    with acting(act):
        linked = views.detail(act, queries.read(act, case.id))["linked"]
    return [file["id"] for one in linked for file in one["files"]]


@pytest.fixture
def went_on(cast, by, go):
    """A message with a picture that went on as a dispute: the old case, the new one, the picture's id and its bytes."""
    reporter, noise = by(cast.resident(), channel="qr"), BytesIO()
    Image.effect_noise((64, 48), 90).convert("RGB").save(noise, "JPEG")
    with acting(reporter):
        file = services.keep(reporter, SimpleUploadedFile("p.jpg", noise.getvalue()))
        with store().open(file.key) as source:
            plain = source.read()
        asked = Report(text="楼上漏水十年，他不肯修", category="1008", area=VILLAGE + "001", photos=[file.id])
        old = open_case(reporter, "qr_suggest", asked, level="village")
    clerk = by(cast.actor("village_clerk", cast.village(), area=VILLAGE, level="village"))
    go(clerk, old, "convert", kind="mediation", category="1101", name="王某", phone="13800000000")
    with acting(machine_act("clock", MORNING)):
        new = Case.objects.get(matter=old.matter, kind="mediation")
    return old, new, str(file.id), plain


def test_whoever_may_read_both_sees_the_pictures_with_the_new_case(cast, went_on):
    old, new, picture, plain = went_on
    dispatcher = cast.actor("town_dispatcher", cast.org("command"))
    assert carried(dispatcher, new) == [picture]
    assert carried(dispatcher, old) == [], "it is shown with what came of it, not twice"
    with acting(reading(dispatcher)):
        assert files.read(reading(dispatcher), picture)[1].read() == plain


def test_the_picture_stays_with_the_first_case_under_its_key_and_goes_with_it(cast, went_on):
    old, _new, picture, plain = went_on
    row = File.objects.get()
    assert (str(row.id), row.case_id, row.sealed) == (picture, old.id, True)
    with store().open(row.key) as source:
        assert plain[-200:-100] not in source.read()
    house = machine_act("retention", MORNING)
    with acting(house):
        assert retention.destroy_key(house, old.id)
    dispatcher = cast.actor("town_dispatcher", cast.org("command"))
    with acting(reading(dispatcher)), pytest.raises(sealing.Erased):
        files.read(reading(dispatcher), picture)


def test_whoever_works_on_the_new_case_alone_sees_none(cast, by, go, went_on):
    _old, new, picture, _plain = went_on
    go(by(cast.actor("mediation_acceptor", cast.org("justice"))), new, "hand_over", category="1101", lead=cast.org("mediation"))
    mediator = replace(cast.actor("mediator", cast.org("mediation")), ranges=())  # the post reaches its organisation's cases only
    assert carried(mediator, new) == []
    with acting(reading(mediator)), pytest.raises(files.NoSuchFile):
        files.read(reading(mediator), picture)
