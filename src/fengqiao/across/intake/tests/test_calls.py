"""A list of calls is taken over row by row; what is wrong is named by row and column, and running it again doubles nothing."""

import openpyxl
import pytest

from fengqiao.access.acting import acting
from fengqiao.across.intake import calls
from fengqiao.across.intake.importing import main
from fengqiao.across.intake.terms import Filed
from fengqiao.cases.models import Case, CaseEvent
from fengqiao.cases.tests.cast import MORNING
from fengqiao.people import queries as people

LIST = """工单编号,来电时间,诉求内容,类别,社区,地址,姓名,电话
A1,2026-11-22 08:15,小区路灯三天不亮,路灯,{village},东门,王某,13800000000
A2,2026/11/22 09:00,楼道堆物堵了通道,0201,{village},2幢,,
A3,昨天,井盖翘起,井盖,{village},,,
A4,2026-11-22 10:00,水管爆了,水务,{village},,,
A5,2026-11-22 10:00,没有地方,路灯,月球社区,,,
"""


@pytest.fixture
def village():
    names = [row.name for row in people.areas().values() if row.level == "village"]
    return next(name for name in names if names.count(name) == 1)


def take(path, **more):
    rows = calls.rows_of(path)
    return calls.take_over(rows, calls.columns_of(rows, {}), "hotline", MORNING, **more)


@pytest.fixture
def listed(db, village, tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text(LIST.format(village=village), encoding="utf-8")
    return path


def test_good_rows_become_cases_and_bad_ones_name_row_and_column(listed, cast, by):
    taken = take(listed)
    assert [outcome.what for outcome in taken.outcomes] == [Filed.OPENED, Filed.OPENED, Filed.WRONG, Filed.WRONG, Filed.WRONG]
    assert ["来电时间" in taken.wrong[0].sentence, "类别" in taken.wrong[1].sentence, "月球社区" in taken.wrong[2].sentence] == [True] * 3
    assert "第 4 行" in taken.wrong[0].sentence
    with acting(by(cast.actor("district_dispatcher", area="990101"))):
        first = Case.objects.get(number=taken.outcomes[0].number)
        event = CaseEvent.objects.get(case_id=first.id)
    assert (first.channel, first.category) == ("hotline", "0505")
    assert event.occurred_at.isoformat() == "2026-11-22T00:15:00+00:00"


def test_the_same_list_again_opens_nothing_new(listed):
    first = take(listed)
    again = take(listed)
    assert again.count(Filed.OPENED) == 0
    assert [outcome.number for outcome in again.outcomes[:2]] == [outcome.number for outcome in first.outcomes[:2]]


def test_a_dry_run_writes_nothing(listed, cast, by):
    assert take(listed, dry_run=True).count(Filed.OPENED) == 2
    with acting(by(cast.actor("district_dispatcher", area="990101"))):
        assert not Case.objects.exists()


def test_a_sheet_and_an_old_encoding_are_read_as_well(listed, tmp_path):
    text = listed.read_text(encoding="utf-8")
    old = tmp_path / "old.csv"
    old.write_bytes(text.encode("gb18030"))
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "calls.xlsx")
    assert calls.rows_of(old) == calls.rows_of(listed) == calls.rows_of(tmp_path / "calls.xlsx")


def test_a_list_with_its_own_names_is_read_with_a_map(db, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("what\nlight out\n", encoding="utf-8")
    rows = calls.rows_of(path)
    with pytest.raises(calls.NoColumn):
        calls.columns_of(rows, {})
    assert calls.columns_of(rows, {"text": "what"})["text"] == "what"


def test_what_is_no_list_is_said_to_be_none(tmp_path):
    path = tmp_path / "calls.xlsx"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(calls.UnreadableList):
        calls.rows_of(path)


def test_the_command_says_what_became_of_the_list(listed, capsys):
    assert main(["calls", str(listed), "--source", "police_call", "--dry-run"]) == 1
    assert "共 5 行：将立案 2 件，已有 0 件，有误 3 行" in capsys.readouterr().out
