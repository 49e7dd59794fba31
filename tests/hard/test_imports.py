"""Foreign records go round the loop at their real times, in a district of their own, and the ledger holds.

The rows of the real files are never kept in the repository; those tests skip where the shared folder is absent.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.exchange import imports
from fengqiao.across.exchange.imports import messages, requests311
from fengqiao.across.exchange.imports.rows import MissingColumns
from fengqiao.base.clock import now
from fengqiao.cases import verifying
from fengqiao.cases.models import Case, CaseEvent
from fengqiao.people import queries as people
from fengqiao.site import throwaway
from fengqiao.testing import Ground

COLUMNS = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间")
MADE_UP = [
    dict(zip(COLUMNS, row, strict=True))
    for row in (
        (
            "1",
            "U1",
            "请问医保怎么续交？",
            "2019/9/30 16:00:00",
            "\n\t 单位搬走了，\n\t 我自己怎么交？",
            "请到三号窗口办理。",
            "2019/10/8 10:00:00",
        ),
        ("2", "U2", "建议加一盏路灯", "2019-09-02 08:30:00", "巷口太黑了。", "已列入计划。", "2019/9/20 17:00:00"),
        ("3", "U3", "还没有答复的", "2019/9/3 9:00:00", "等着呢。", "", ""),
        ("4", "U4", "时间写坏了", "去年", "说不清。", "", ""),
        ("5", "U5", "答复在前", "2019/9/3 9:00:00", "先答后问。", "好。", "2019/9/1 9:00:00"),
        ("6", "U6", "太长了", "2019/9/3 9:00:00", "长" * 4001, "", ""),
    )
]


@pytest.fixture
def elsewhere(ground: Ground, django_db_setup: None, django_db_blocker) -> Iterator[object]:
    """A throwaway district in a database of its own on the tests' server."""
    used = []

    @contextmanager
    def go(name: str) -> Iterator[None]:
        used.append(f"{ground.name}_{name}")
        with throwaway.district(ground.owner_server, ground.app_server, used[-1], fresh=True):
            yield

    with django_db_blocker.unblock():
        yield go
        connection.close()
        with psycopg.connect(ground.owner_server, autocommit=True) as owner:
            for name in used:
                owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def written(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, fieldnames=list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path


def test_messages_are_answered_when_they_really_were(elsewhere, tmp_path, capsys):
    file = written(tmp_path / "messages.csv", MADE_UP)
    with elsewhere("made_up"):
        tally = messages.bring_in(file, now())
        assert (tally.rows, tally.opened, tally.replied) == (6, 3, 2)
        assert [row for row, _why in tally.refused] == [5, 6, 7]
        assert all(why for _row, why in tally.refused)
        # Six days in all, but the National Day holiday lies between: 2 hours on the last day of September, 1.5 on the 8th.
        assert tally.met == {5: 1, 10: 1, 15: 2}
        again = messages.bring_in(file, now())
        assert (again.opened, again.known) == (0, 3)
        imports.report(tally, 1.0)
        assert "6 rows in" in capsys.readouterr().out
        with acting(machine_act("import", now())):
            first = Case.objects.get(title__startswith="请问医保")
            events = list(CaseEvent.objects.filter(case_id=first.id).order_by("seq").values_list("move", "at"))
            waiting = Case.objects.get(title="还没有答复的")
        assert first.text == "单位搬走了，\n我自己怎么交？"
        assert (first.state, first.closed_at.isoformat()) == ("C", "2019-10-08T02:00:00+00:00")
        assert first.number[9:17] == "20190930"
        assert [move for move, _at in events][-3:] == ["feed_back", "verify_pass", "close"]
        assert (waiting.state, str(waiting.lead)) == ("S", people.unlocated().id)
        assert verifying.verify(None).faults == []


def test_a_file_of_another_kind_is_refused_at_once(elsewhere, tmp_path):
    file = written(tmp_path / "other.csv", [{"a": "1", "b": "2"}])
    with elsewhere("other"), pytest.raises(MissingColumns):
        messages.bring_in(file, now())


@pytest.mark.shared_data
@pytest.mark.timeout(600)
@pytest.mark.parametrize("limit", [300, pytest.param(0, marks=pytest.mark.slow)])
def test_the_real_messages_go_round_at_their_real_times(elsewhere, shared_data, limit):
    with elsewhere("messages"):
        replied = messages.bring_in(shared_data / "messages_replied.csv.gz", now(), limit)
        stream = messages.bring_in(shared_data / "messages_stream.csv.gz", now(), limit)
        assert (replied.rows, stream.rows) == ((limit, limit) if limit else (2816, 4326))
        for tally in (replied, stream):
            assert tally.rows == tally.opened + len(tally.refused)
            assert len(tally.refused) < 0.01 * tally.rows
        assert replied.replied == replied.opened
        assert 0 < replied.met[5] < replied.met[10] < replied.met[15] < replied.replied
        assert 7 < replied.median < 20
        with acting(machine_act("import", now())):
            assert Case.objects.filter(state="C").count() == replied.opened
            assert Case.objects.filter(state="S").count() == stream.opened
        assert verifying.verify(None).faults == []


@pytest.mark.shared_data
@pytest.mark.timeout(600)
@pytest.mark.parametrize("limit", [400, pytest.param(0, marks=pytest.mark.slow)])
def test_the_requests_of_los_angeles_are_closed_where_and_when_they_were(elsewhere, shared_data, limit):
    outlines = shared_data / "la_neighborhood_councils_2019.geojson"
    with elsewhere("la"):
        tally = requests311.bring_in(shared_data / "la311_2017_subset.csv.gz", outlines, now(), limit)
        assert tally.rows == (limit or 9999)
        assert tally.rows == tally.opened + len(tally.refused)
        assert len(tally.refused) < 0.01 * tally.rows
        assert str(people.zone()) == requests311.ZONE
        with acting(machine_act("import", now())):
            late = Case.objects.order_by("-created_at").first()
            assert late.created_at == datetime.fromisoformat("2017-12-31T23:59:58-08:00")
            assert late.number[9:17] == "20171231"
            inside = Case.objects.exclude(area=requests311.CODE)
            assert inside.count() == tally.counts["in a council's area"]
            assert all(people.locate(case.lon, case.lat).town == case.area for case in inside[:50])
            outside = Case.objects.filter(area=requests311.CODE)
            assert {str(lead) for lead in outside.values_list("lead", flat=True)} == {people.unlocated().id}
        assert verifying.verify(None).faults == []
