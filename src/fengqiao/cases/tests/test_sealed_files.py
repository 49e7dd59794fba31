"""Pictures of a sealed case lie on the disk as ciphertext, and go with its key."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.base.act import Act
from fengqiao.base.ids import new_id
from fengqiao.cases import queries, retention, sealing, verifying, views
from fengqiao.cases.models import CaseEvent
from fengqiao.cases.tests.conftest import MORNING
from fengqiao.cases.tests.test_services import go
from fengqiao.kits.files import queries as files
from fengqiao.kits.files import services
from fengqiao.kits.files.models import File, Leftover
from fengqiao.kits.files.queries import NoSuchFile
from fengqiao.kits.files.storage import store


def bytes_of(file: str) -> tuple[bytes, bytes]:
    row = File.objects.get(id=file)
    with store().open(row.key) as picture, store().open(f"{row.key}.thumb") as thumb:
        return picture.read(), thumb.read()


def on_disk(piece: bytes) -> list[str]:
    return [str(path) for path in Path(settings.FENGQIAO_FILES).rglob("*") if path.is_file() and piece in path.read_bytes()]


def asked(actor, purpose: str = "to settle it") -> Act:
    return Act(new_id(), actor, MORNING, purpose=purpose)


@pytest.fixture
def settled(cast, by, photo, dispute):
    """A dispute whose handler brought a picture: its handler, the picture's id and its plain bytes."""
    handler = cast.actor("station_handler", cast.power)
    go(by(handler), dispute, "sign")
    go(by(handler), dispute, "start", contact="called")
    done = by(handler)
    picture = photo(done)
    plain = bytes_of(picture)
    go(done, dispute, "feed_back", outcome="fixed", text="谈好了", files=[picture])
    return handler, str(picture), plain


def test_a_picture_brought_to_a_dispute_is_sealed_as_it_is_bound(settled, dispute):
    handler, picture, (plain, thumb) = settled
    row = File.objects.get(id=picture)
    assert row.sealed
    assert plain[-200:-100] not in bytes_of(picture)[0]
    assert row.sha256 == hashlib.sha256(bytes_of(picture)[0]).hexdigest()
    assert services.drop_leftovers() == 1
    assert on_disk(plain[-200:-100]) == on_disk(thumb[-200:-100]) == []
    with acting(asked(handler)):
        told = views.detail(asked(handler), queries.read(asked(handler), dispute.id))
        assert told["timeline"][-1]["files"][0]["sha256"] == row.sha256
        assert files.read(asked(handler), picture)[1].read() == plain
        assert files.read(asked(handler), picture, thumb=True)[1].read() == thumb


def test_pictures_are_taken_under_seal_with_the_case_they_came_with(cast, by, photo, opened):
    dispatcher = cast.actor("town_dispatcher", cast.room)
    reporting = by(cast.resident(), channel="qr")
    picture = photo(reporting)
    plain = bytes_of(picture)[0]
    case = opened(text="楼上楼下为漏水打起来了", category="0806", photos=[picture], act=reporting)
    assert not File.objects.get(id=picture).sealed
    go(by(dispatcher), case, "accept")
    go(by(dispatcher), case, "triage", category="1101")
    row = File.objects.get(id=picture)
    assert row.sealed
    services.drop_leftovers()
    assert on_disk(plain[-200:-100]) == []
    with acting(machine_act("clock", MORNING, purpose="test")):
        event = CaseEvent.objects.select_related("said").get(case_id=case.id, move="triage")
        said = views.what_was_said(queries.current(case.id), event)
        assert said["files_sealed"] == {str(picture): row.sha256}
        assert verifying.verify().faults == []


def test_whoever_may_not_read_the_case_gets_no_byte(cast, settled):
    _handler, picture, _plain = settled
    stranger = cast.actor("station_handler", cast.enforcement)
    with acting(asked(stranger)), pytest.raises(NoSuchFile):
        files.read(asked(stranger), picture)


def test_with_the_key_the_pictures_are_gone_too(cast, by, settled, dispute):
    handler, picture, _plain = settled
    officer = cast.actor("privacy_officer")
    with acting(by(officer)):
        assert retention.destroy_key(by(officer), dispute.id)
    with acting(asked(handler)), pytest.raises(sealing.Erased):
        files.read(asked(handler), picture)


def test_plain_bytes_that_a_crash_left_behind_are_taken_by_the_clock(settled):
    _handler, _picture, (plain, _thumb) = settled
    assert Leftover.objects.count() == 1  # the transaction ended, the machine stopped before it could drop them
    assert on_disk(plain[-200:-100])
    services.drop_leftovers()
    assert not on_disk(plain[-200:-100])
    assert services.drop_leftovers() == 0
