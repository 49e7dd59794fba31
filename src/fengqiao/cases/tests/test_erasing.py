"""What is said is kept as long as the notice says and no longer; that there was a case stays."""

from datetime import timedelta

import pytest

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.cases import erasing, jobs, queries, verifying, views
from fengqiao.cases.models import Case, CaseEvent, Reporter
from fengqiao.cases.tests.conftest import MORNING
from fengqiao.cases.tests.test_services import go
from fengqiao.kits.files.models import File

YEAR = timedelta(days=365.25)


@pytest.fixture
def put_away(cast, by, opened, photo):
    """Report something with a name and a photo, turn it away, and let all windows pass."""

    def make(category: str = "0505") -> Case:
        reporting = by(cast.resident(), channel="qr")
        case = opened("三楼李家门口路灯不亮", category, name="王秀英", phone="13800000000", photos=[photo(reporting)], act=reporting)
        go(by(cast.actor("town_dispatcher", cast.room)), case, "reject", reason="repeat", remedy="已有他人处理")
        assert jobs.archive(MORNING + timedelta(days=32)) == 1
        return case

    return make


def shown(case: Case) -> str:
    act = machine_act("clock", MORNING, purpose="test")
    with acting(act):
        return str(views.detail(act, queries.read(act, case.id)))


def test_after_its_years_everything_that_was_said_goes_once_and_the_record_holds(put_away):
    case = put_away()
    assert jobs.expire(MORNING + 2.9 * YEAR) == 0
    assert "三楼李家" in shown(case)
    assert jobs.expire(MORNING + 3.1 * YEAR) == 1
    assert jobs.expire(MORNING + 3.2 * YEAR) == 0
    with acting(machine_act("clock", MORNING)):
        row, told = Case.objects.get(id=case.id), Reporter.objects.get(case_id=case.id)
        kept = {event.move: event.said.body is not None for event in CaseEvent.objects.filter(case_id=case.id).select_related("said")}
        assert erasing.erased_at(row, erasing.BY_SCHEDULE) == MORNING + 3.1 * YEAR
    assert (row.text, row.title, row.state, told.name, told.phone) == ("", "", "Z", "", "")
    assert kept == {"report": False, "reject": False, "archive": False, "note": True}
    assert not File.objects.filter(case_id=case.id).exists()
    assert "三楼李家" not in shown(case)
    assert verifying.verify().faults == []


def test_the_file_of_a_dispute_stays_ten_years(put_away):
    case = put_away("1101")
    assert jobs.expire(MORNING + 9.9 * YEAR) == 0
    assert "三楼李家" in shown(case)
    assert jobs.expire(MORNING + 10.1 * YEAR) == 1
    assert "三楼李家" not in shown(case)
    assert verifying.verify().faults == []


def test_an_open_case_is_kept_however_old_and_a_centre_may_keep_longer(opened, put_away, settings):
    opened()
    put_away()
    settings.FENGQIAO_KEEP_YEARS = 5
    assert jobs.expire(MORNING + 4.9 * YEAR) == 0
    settings.FENGQIAO_KEEP_YEARS = 0
    assert jobs.expire(MORNING + 50 * YEAR) == 0
    settings.FENGQIAO_KEEP_YEARS = 5
    assert jobs.expire(MORNING + 50 * YEAR) == 1
