"""The invented district lives by the same rules as a real one."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.cases.models import Case, CaseEvent
from fengqiao.cases.reference import categories
from fengqiao.simulation import life
from fengqiao.simulation.play import written

NOW = datetime.fromisoformat("2026-11-25T10:00:00+08:00")


def looking():
    return acting(machine_act("clock", NOW))


@pytest.fixture
def lived(db, caplog):
    """A small district that has lived for sixty days."""
    told = life.populate(NOW, matters=48)
    return told, [record.getMessage() for record in caplog.records if record.name == "fengqiao.simulation"]


def test_a_district_lives_by_the_rules_and_nothing_is_refused(lived):
    told, refused = lived
    assert refused == []
    assert told >= 48


def test_what_happens_lies_in_the_past_and_in_order(lived):
    with looking():
        events = list(CaseEvent.objects.order_by("case_id", "seq").values_list("case_id", "at"))
        assert Case.objects.exclude(state__in="CZXOMW").exists()
        assert Case.objects.filter(state__in="CZ").exists()
    assert all(NOW - timedelta(days=life.DAYS + 1) < at <= NOW for _case, at in events)
    assert all(before[1] <= after[1] for before, after in pairwise(events) if before[0] == after[0])


def test_life_begins_only_once(lived):
    assert life.populate(NOW, matters=5) == 0


def test_the_texts_are_many_and_each_has_a_known_kind():
    assert len({one.text for one in written()}) >= 120
    assert all(one.text.endswith(("。", "？")) and one.done.endswith("。") and one.channels for one in written())


def test_every_text_is_of_a_kind_in_the_tree(db):
    assert {one.category for one in written()} <= set(categories())
