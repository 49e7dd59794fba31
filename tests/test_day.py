"""A day adds up, however it was lived, and every number has exactly its rows."""

import random
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.cockpit import queries
from fengqiao.across.cockpit.queries import Scope
from fengqiao.cases import registry
from fengqiao.cases.models import Case
from fengqiao.people.models import Person
from fengqiao.simulation import life
from fengqiao.simulation.cast import Cast
from fengqiao.simulation.stories import FALLEN_WIRE, play_step

NOW = datetime.fromisoformat("2026-11-25T10:00:00+08:00")
TODAY = NOW.date()
EVERYWHERE = Scope()


@pytest.fixture(scope="module")
def lived(django_db_setup, django_db_blocker):
    """A district that has lived, shared by all tests of this file and taken back at their end."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        life.populate(NOW, matters=40)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def looking(lived, django_db_blocker):
    with django_db_blocker.unblock(), acting(machine_act("clock", NOW)):
        yield


def test_opening_and_new_less_ended_is_open_on_every_day(looking):
    flows = queries.flows(EVERYWHERE, TODAY, TODAY, back=life.DAYS)
    assert flows[-1].closing == Case.objects.filter(state__in="RATDSHPFV").count()
    assert all(before.closing == after.opening for before, after in pairwise(flows))
    assert sum(flow.new for flow in flows) == Case.objects.count()
    assert flows[0].opening == 0


def test_the_evening_of_a_past_day_has_exactly_its_rows(looking):
    for back in (1, 7, 30):
        day = TODAY - timedelta(days=back)
        flow = queries.flows(EVERYWHERE, day, TODAY)[-1]
        since, until = queries.edges(day)
        found = queries.sizes(EVERYWHERE, ("new", "open_then"), since, until)
        assert (found["new"], found["open_then"]) == (flow.new, flow.closing)


def test_no_figure_tells_the_kind_of_a_confidential_case(looking):
    since, until = queries.edges(TODAY)
    for back in range(5):
        day = TODAY - timedelta(days=back)
        _hours, _channels, classes = queries.spread(EVERYWHERE, day)
        since, until = queries.edges(day)
        for kind, count in classes.items():
            found = queries.rows(EVERYWHERE, "new", since, until, extra={"category": kind})
            assert len(found) == count
            assert all((case.confidentiality >= 2) == (kind == "sealed") for case in found)


def test_a_town_is_a_part_of_the_whole(looking):
    from fengqiao.people import queries as people

    whole = queries.flows(EVERYWHERE, TODAY, TODAY)[-1].closing
    assert whole == sum(queries.flows(Scope(town.code), TODAY, TODAY)[-1].closing for town in people.towns())


def test_hours_channels_and_classes_hold_the_same_reports(looking):
    for back in range(20):
        day = TODAY - timedelta(days=back)
        hours, channels, classes = queries.spread(EVERYWHERE, day)
        new = queries.flows(EVERYWHERE, day, TODAY)[-1].new
        assert sum(hours.values()) == sum(channels.values()) == sum(classes.values()) == new


def test_every_number_has_as_many_rows_as_it_says(looking):
    _start, until = queries.edges(TODAY)
    since = until - timedelta(days=30)
    for name in queries.SETS:
        count = queries.sizes(EVERYWHERE, (name,), since, until)[name]
        found = queries.rows(EVERYWHERE, name, since, until, extra={})
        assert len(found) == min(count, queries.PAGE + 1), name


def test_indicators_are_shares_of_what_they_say(looking):
    _start, until = queries.edges(TODAY)
    for figure in registry.figures():
        share, _beside = queries.share(EVERYWHERE, figure, until - timedelta(days=30), until)
        assert 0 <= share.part <= share.whole, figure.key


@pytest.fixture
def signed_in(client, db):
    def make(username):
        client.force_login(Person.objects.get(username=username), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_director_sees_the_day_and_its_rows(signed_in, language):
    client = signed_in("director")
    client.cookies["language"] = language
    answer = client.get("/day/", headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert client.get("/day/rows/?what=open", headers={"accept": "text/html"}).status_code == 200
    assert client.get("/day/?date=2026-10-01&area=990101001", headers={"accept": "text/html"}).status_code == 200


def test_rows_are_shown_with_their_state(signed_in):
    case = play_step(FALLEN_WIRE, FALLEN_WIRE.steps[0], None, NOW, Cast(random.Random(1)))
    answer = signed_in("director").get(f"/day/rows/?what=new&date={TODAY}", headers={"accept": "text/html"})
    assert case.number in answer.content.decode()


def test_a_day_that_is_none_is_told_in_one_sentence(signed_in):
    answer = signed_in("director").get("/day/?date=gestern", headers={"accept": "text/html"})
    assert answer.status_code == 422
    assert answer.content.count(b"2026-11-25") >= 1


def test_a_handler_has_no_cockpit_and_a_stranger_signs_in_first(signed_in, client):
    assert client.get("/day/", headers={"accept": "text/html"}).status_code == 302
    assert signed_in("handler").get("/day/", headers={"accept": "text/html"}).status_code == 403


def test_a_list_that_does_not_exist_is_not_found(signed_in):
    assert signed_in("director").get("/day/rows/?what=secrets", headers={"accept": "text/html"}).status_code == 404
