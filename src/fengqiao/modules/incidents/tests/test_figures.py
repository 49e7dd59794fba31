"""The response rate: of what people with a name reported, how much was answered to before a limit ran over."""

from datetime import timedelta

import pytest
from django.db import connection

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.cases import jobs
from fengqiao.cases.figures import HAPPENED
from fengqiao.cases.tests.cast import MORNING


def counted(what: str) -> int:
    with acting(machine_act("figures", MORNING)), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM case_event e JOIN cases c ON c.id = e.case_id WHERE {HAPPENED[what]}")
        return int(cursor.fetchone()[0])


@pytest.fixture
def ordered(cast, by, opened, go):
    """Report something and send the power station an order."""

    def make(**named: str):
        case, dispatcher = opened(**named), cast.actor("town_dispatcher", cast.org("command"))
        go(by(dispatcher), case, "send_out", category="0505", lead=cast.org("power"))
        return case

    return make


def test_a_contact_in_time_counts_of_whoever_gave_a_name(cast, by, go, ordered):
    handler = cast.actor("station_handler", cast.org("power"))
    named, nameless = ordered(name="王秀英"), ordered()
    assert (counted("accepted"), counted("named"), counted("contacted_in_time")) == (2, 1, 0)
    for case in (named, nameless):
        go(by(handler), case, "sign")
        go(by(handler), case, "contact", how="called")
    assert (counted("named"), counted("contacted_in_time")) == (1, 1)


def test_a_contact_after_a_limit_ran_over_does_not_count(cast, by, go, ordered):
    case, late = ordered(name="王秀英"), MORNING + timedelta(days=2)
    assert [jobs.sweep(late + timedelta(minutes=minute)) for minute in range(2)] == [1, 1], "reminded, then overdue"
    handler = cast.actor("station_handler", cast.org("power"))
    go(by(handler, late + timedelta(hours=1)), case, "sign")
    go(by(handler, late + timedelta(hours=1)), case, "contact", how="called")
    assert (counted("named"), counted("contacted_in_time")) == (1, 0)
