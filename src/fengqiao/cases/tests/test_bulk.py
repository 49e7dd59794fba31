"""Many cases at once obey what one case obeys, and come in once only."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine, machine_act
from fengqiao.base.act import Act
from fengqiao.base.ids import new_id
from fengqiao.cases import bulk, numbers, schemas, services, verifying
from fengqiao.cases.bulk import Journey, Onward
from fengqiao.cases.models import Case, CaseEvent, Clock, Grant, Outbox, Reporter
from fengqiao.cases.schemas import Report
from fengqiao.cases.tests.conftest import MORNING, TOWN
from fengqiao.loop.engine import NotNow

GRID = TOWN + "001001"


@pytest.fixture
def way(cast):
    """A journey as far as one likes, each move an hour after the one before."""
    asked = {
        "accept": {}, "triage": {"category": "0505"}, "assign": {"lead": cast.power}, "sign": {}, "start": {"contact": "called"},
        "feed_back": {"outcome": "answered", "text": "已换灯泡"},
    }  # fmt: skip

    def make(key: str, *moves: str, text: str = "路灯不亮", area: str = GRID, **more: object) -> Journey:
        actor = machine("import")
        onward = tuple(
            Onward(Act(new_id(), actor, MORNING + timedelta(hours=n), "batch"), move, schemas.DEFAULTS[move](**asked.get(move, {})))
            for n, move in enumerate(moves, start=1)
        )
        report = Report(text=text, category="0505", area=area, **more)
        return Journey(Act(new_id(), actor, MORNING, "batch", key=key), "matter", report, onward=onward)

    return make


@pytest.fixture
def importing():
    return machine_act("import", MORNING + timedelta(days=1))


def facts_of(case_id):
    """What the single and the bulk way must agree about."""
    row = Case.objects.get(id=case_id)
    hidden = {"id", "number", "matter", "last_hash", "reporter", "_state"}
    case = {name: value for name, value in vars(row).items() if name not in hidden}
    events = list(CaseEvent.objects.filter(case_id=case_id).values_list("seq", "move", "source", "target", "at", "actor", "post"))
    clocks = [
        {name: value for name, value in vars(clock).items() if name not in {"case_id", "_state"}}
        for clock in Clock.objects.filter(case_id=case_id).order_by("name")
    ]
    topics = list(Outbox.objects.filter(case_id=case_id).order_by("id").values_list("topic", "area", "published_seq"))
    grants = sorted(Grant.objects.filter(case_id=case_id).values_list("why", flat=True))
    told = list(Reporter.objects.filter(case_id=case_id).values_list("name", "phone", "anonymous"))
    return {"case": case, "events": events, "clocks": clocks, "topics": topics, "grants": grants, "told": told}


def test_the_bulk_way_and_the_single_way_leave_the_same_behind(way, importing, cast):
    journey = way("a", "accept", "triage", "assign", "sign", "start", name="李四", phone="13800000000")
    assert bulk.carry(importing, [journey]).opened == 1
    with acting(importing):
        (by_bulk,) = Case.objects.values_list("id", flat=True)
    single = replace(journey.act, id=new_id(), key="b")
    with acting(single):
        case = services.open_case(single, "matter", journey.asked)
    for onward in journey.onward:
        act = replace(onward.act, id=new_id())
        with acting(act):
            services.move_case(act, case.id, onward.move, onward.asked)
    with acting(importing):
        assert facts_of(by_bulk) == facts_of(case.id)


def test_what_was_brought_in_is_found_counted_and_sound(way, importing):
    carried = bulk.carry(importing, [way(f"k{n}", "accept", text=f"第{n}处井盖破损") for n in range(30)])
    assert (carried.opened, carried.events, carried.refused) == (30, 60, [])
    with acting(importing):
        rows = list(Case.objects.all())
        found = verifying.verify()
    assert all(numbers.is_number(row.number) for row in rows)
    assert len({row.number for row in rows}) == 30
    assert (found.faults, found.cases, found.events) == ([], 30, 60)


def test_what_was_brought_in_before_is_known_and_not_doubled(way, importing):
    journeys = [way(f"k{n}") for n in range(5)]
    assert bulk.carry(importing, journeys[:3]).opened == 3
    again = bulk.carry(importing, [way(f"k{n}") for n in range(5)])
    assert (again.opened, again.known) == (2, 3)
    with acting(importing):
        assert Case.objects.count() == 5


def test_what_the_engine_refuses_does_not_keep_the_others_out_and_may_come_again(way, importing):
    carried = bulk.carry(importing, [way("good"), way("bad", "sign"), way("lost", area="123456")])
    assert carried.opened == 1
    assert [(journey.act.key, type(error)) for journey, error in carried.refused] == [("bad", NotNow), ("lost", services.NoSuchPlace)]
    assert bulk.carry(importing, [way("bad", "accept")]).opened == 1


def test_a_move_that_looks_at_other_cases_is_not_made_in_bulk(way, importing):
    merging = way("m")
    merge = Onward(Act(new_id(), machine("import"), MORNING, "batch"), "merge", schemas.Merge(master=new_id()))
    carried = bulk.carry(importing, [replace(merging, onward=(merge,))])
    assert isinstance(carried.refused[0][1], bulk.NotInBulk)


def test_batches_in_a_row_are_each_one_transaction(way, importing, real_db):
    journeys = [way(f"k{n}") for n in range(25)]
    counts = [carried.opened for carried in bulk.carry_all(importing, journeys, size=10)]
    assert counts == [10, 10, 5]
    assert verifying.verify(None).faults == []
