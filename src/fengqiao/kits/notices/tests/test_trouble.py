"""Late, twice, half and at the same time: whatever a gateway or a worker does, nobody gets a message twice and none is lost."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from fengqiao.access.doors import machine_act
from fengqiao.base.words import _
from fengqiao.kits.notices import channels, jobs, mail, services
from fengqiao.kits.notices.models import Delivery
from fengqiao.kits.notices.tests.test_gateways import AT, SECRET, city  # noqa: F401
from fengqiao.people import reference
from fengqiao.people.models import Contact, Person

SENTENCE = _("New order: case {number}, {kind} in {town}. Sign for it in time.")


def tell(count=1, at=AT):
    facts = {"number": "1", "kind": "K", "town": "T"}
    persons = list(Person.objects.filter(appointments__isnull=False).distinct().order_by("username").values_list("pk", flat=True)[:count])
    services.tell(machine_act("test", at), persons, SENTENCE, facts, "/desk/", once="x", urgent=True)
    return len(persons)


def only_one_way(settings, url):
    settings.FENGQIAO_GATEWAYS = {"dingtalk": {"url": url, "app": "fengqiao", "secret": SECRET}}
    settings.FENGQIAO_QUIET_HOURS = "12:00-12:00"


@pytest.fixture
def mute():
    """A port that takes a call and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield listening.getsockname()[1]


def test_a_gateway_that_never_answers_is_left_after_its_time_and_tried_later(db, settings, mute, monkeypatch):
    monkeypatch.setattr(channels, "PATIENCE", 0.2)
    only_one_way(settings, f"http://127.0.0.1:{mute}/send")
    tell()
    jobs.deliver(AT)
    found = Delivery.objects.get()
    assert (found.status, found.next_at) == ("waiting", AT + jobs.WAITS[0])
    assert found.trouble.startswith("ReadTimeout")


def test_a_mail_server_that_never_greets_is_left_after_its_time_and_tried_later(db, settings, mute, monkeypatch):
    monkeypatch.setattr(mail, "PATIENCE", 0.2)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", mute, False
    settings.DEFAULT_FROM_EMAIL, settings.FENGQIAO_QUIET_HOURS = "notices@yunxi.example", "12:00-12:00"
    tell()
    Contact.objects.update(email="somebody@gov.example")
    jobs.deliver(AT)
    assert Delivery.objects.get(channel="email").status == "waiting"


@pytest.mark.parametrize("half", ["", '{"code": 0, "id"', "null", "[]"])
def test_half_an_answer_is_asked_for_again_under_the_same_id(db, city, settings, half, monkeypatch):  # noqa: F811
    only_one_way(settings, city.url)
    tell()
    with monkeypatch.context() as broken:
        broken.setattr(json, "dumps", lambda *_all: half)
        jobs.deliver(AT)
    assert Delivery.objects.get().status == "waiting"
    assert jobs.deliver(AT + jobs.WAITS[0]) == 1
    assert len({json.loads(body)["bizMsgId"] for _path, _headers, body in city.got}) == 1


def test_the_same_thing_told_twice_is_one_message(db, city, settings):  # noqa: F811
    only_one_way(settings, city.url)
    tell()
    tell()
    assert jobs.deliver(AT) == 1
    assert len(city.got) == 1


def test_four_workers_at_once_send_each_message_once(real_db, city, settings):  # noqa: F811
    only_one_way(settings, city.url)
    count = tell(40)
    assert count == 40

    def work(_number):
        try:
            return sum(jobs.deliver(AT, limit=7) for _pass in range(12))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(work, range(4))) == count
    assert len({json.loads(body)["bizMsgId"] for _path, _headers, body in city.got}) == len(city.got) == count
    reference.forget()


def test_a_slow_gateway_does_not_keep_the_worker_from_its_other_work_and_loses_nothing(db, city, settings, monkeypatch):  # noqa: F811
    only_one_way(settings, city.url)
    count, passes = tell(9), iter(range(10_000))
    with monkeypatch.context() as slow:
        slow.setattr(jobs, "monotonic", lambda: next(passes) * 0.5)  # every look at the clock finds it half a second later
        assert 0 < jobs.deliver(AT) < count
    already = list(city.got)
    assert set(Delivery.objects.filter(status="waiting").values_list("tries", "next_at")) == {(0, AT)}
    assert jobs.deliver(AT) == count - len(already)
    assert len({json.loads(body)["bizMsgId"] for _path, _headers, body in city.got}) == len(city.got) == count


def test_whoever_lost_a_claim_to_another_worker_does_not_send(db, city, settings, monkeypatch):  # noqa: F811
    only_one_way(settings, city.url)
    tell()
    spared = jobs.holding.spared

    def slow(rows, at):
        """While this worker was busy the claim ran out, and another has sent the message."""
        found = spared(rows, at)
        with monkeypatch.context() as other:
            other.setattr(jobs.holding, "spared", spared)
            assert jobs.deliver(AT + timedelta(seconds=61)) == 1
        return found

    monkeypatch.setattr(jobs.holding, "spared", slow)
    assert jobs.deliver(AT) == 0
    assert len(city.got) == 1
    assert Delivery.objects.get().status == "sent"
