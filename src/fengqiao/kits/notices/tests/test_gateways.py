"""The ways out: what a gateway is sent, byte for byte, and what we do when it fails."""

import base64
import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise

import pytest

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.base.ids import derived_id, new_id
from fengqiao.base.words import _
from fengqiao.kits.notices import addresses, channels, gateways, jobs, services
from fengqiao.kits.notices.models import Delivery, Notice
from fengqiao.people.models import Person

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
SECRET = "a secret for tests"
ID = derived_id("recorded")
MESSAGE = channels.Message(ID, "枫桥", "案件 1 已派给你单位。", "https://gov.example/desk/cases/1")
ADDRESS = addresses.Address("10099010001", "handler", "zh-hans")

# Recorded: what each gateway is sent for the message above.
RECORDED = {
    "sms": {"id": str(ID), "phone": "10099010001", "text": "【枫桥】案件 1 已派给你单位。"},
    "dingtalk": {
        "bizMsgId": str(ID),
        "receiverIds": "handler",
        "msg": {"msgtype": "text", "text": {"content": "枫桥\n案件 1 已派给你单位。\nhttps://gov.example/desk/cases/1"}},
    },
    "wecom": {
        "touser": "handler",
        "enable_duplicate_check": 1,
        "id": str(ID),
        "msgtype": "textcard",
        "textcard": {"title": "枫桥", "description": "案件 1 已派给你单位。", "url": "https://gov.example/desk/cases/1"},
    },
}


class City(HTTPServer):
    """A city's gateway that keeps what it is sent and answers what it is told to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Desk)
        self.got, self.answers = [], []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/message/send"


class Desk(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        status, said, headers = self.server.answers.pop(0) if self.server.answers else (200, {"code": 0, "id": "G1"}, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, *_all):
        pass


@pytest.fixture
def city(settings):
    server = City()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.FENGQIAO_GATEWAYS = {name: {"url": server.url, "app": "fengqiao", "secret": SECRET} for name in gateways.SHAPES}
    settings.FENGQIAO_ADDRESS = "https://gov.example"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def zhang(db):
    return Person.objects.get(username="handler")


def tell(person, *, once="a", urgent=True, at=AT):
    facts = {"number": "990101001202611250000112", "kind": "K", "town": "T"}
    services.tell(machine_act("test", at), [person.pk], _("New order: case {number}, {kind} in {town}. Sign for it in time."), facts,
                  "/desk/cases/1", once=once, urgent=urgent)  # fmt: skip


def states():
    return sorted(Delivery.objects.values_list("channel", "status"))


@pytest.mark.parametrize("name", RECORDED)
def test_a_gateway_is_sent_what_was_recorded(city, name):
    assert gateways.named(name).send(ADDRESS, MESSAGE, AT) == "G1"
    ((_path, _headers, body),) = city.got
    assert json.loads(body) == RECORDED[name]


def test_what_is_sent_is_signed_over_method_path_time_nonce_and_body(city):
    gateways.named("sms").send(ADDRESS, MESSAGE, AT)
    ((path, headers, body),) = city.got
    text = "\n".join(["POST", path, str(int(AT.timestamp())), ID.hex, hashlib.sha256(body).hexdigest()])
    expected = base64.b64encode(hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()).decode()
    assert (headers["X-App"], headers["X-Signature"]) == ("fengqiao", expected)


def test_a_work_notice_stays_within_what_the_office_system_takes(city):
    long = channels.Message(ID, "枫桥", "字" * channels.LONGEST, "https://gov.example/desk/cases/" + str(ID))
    gateways.named("dingtalk").send(ADDRESS, long, AT)
    assert len(city.got[0][2]) <= 2048


def test_an_urgent_notice_goes_out_by_every_way_and_any_other_by_work_notice_only(city, zhang):
    tell(zhang)
    tell(zhang, once="b", urgent=False)
    assert jobs.deliver(AT) == 5
    assert states() == [("dingtalk", "sent")] * 2 + [("sms", "sent")] + [("wecom", "sent")] * 2


def test_a_message_is_sent_once_however_often_the_job_runs(city, zhang):
    tell(zhang)
    jobs.deliver(AT)
    jobs.deliver(AT + timedelta(hours=1))
    assert len(city.got) == 3


def test_a_message_that_was_sent_but_not_noted_goes_out_again_under_the_same_id(city, zhang, settings, monkeypatch):
    settings.FENGQIAO_GATEWAYS = {"sms": settings.FENGQIAO_GATEWAYS["sms"]}
    tell(zhang)
    with monkeypatch.context() as killed:
        killed.setattr(jobs, "_note", lambda *_all, **_more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            jobs.deliver(AT)
    assert jobs.deliver(AT + timedelta(seconds=30)) == 0
    assert jobs.deliver(AT + timedelta(seconds=61)) == 1
    assert len({json.loads(body)["id"] for _path, _headers, body in city.got}) == 1


def test_a_silent_gateway_is_tried_later_and_later_and_then_given_up(city, zhang, settings):
    settings.FENGQIAO_GATEWAYS = {"sms": settings.FENGQIAO_GATEWAYS["sms"]}
    tell(zhang)
    at, tried = AT, []
    for _time in range(20):
        city.answers = [(503, {}, {})]
        before = len(city.got)
        jobs.deliver(at)
        if len(city.got) > before:
            tried.append(at)
        delivery = Delivery.objects.get()
        if delivery.status == Delivery.Status.DEAD:
            break
        at = delivery.next_at
    assert delivery.status == Delivery.Status.DEAD
    assert len(tried) == len(jobs.WAITS) + 1
    assert [b - a for a, b in pairwise(tried)] == list(jobs.WAITS)


def test_a_gateway_that_asks_to_wait_is_given_its_time(city, zhang, settings):
    settings.FENGQIAO_GATEWAYS = {"sms": settings.FENGQIAO_GATEWAYS["sms"]}
    tell(zhang)
    city.answers = [(429, {}, {"Retry-After": "300"})]
    jobs.deliver(AT)
    assert Delivery.objects.get().next_at == AT + timedelta(seconds=300)


def test_what_a_gateway_refuses_is_given_up_at_once_and_can_be_sent_again(city, zhang, settings):
    settings.FENGQIAO_GATEWAYS = {"sms": settings.FENGQIAO_GATEWAYS["sms"]}
    tell(zhang)
    city.answers = [(200, {"code": 40014, "message": "no such number"}, {})]
    jobs.deliver(AT)
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.trouble) == ("dead", "40014: no such number")
    from dataclasses import replace

    act = machine_act("test", AT)
    with pytest.raises(services.NotYoursToSend):
        services.send_again(act, delivery.id)
    services.send_again(replace(act, actor=replace(act.actor, permissions=frozenset({"settings:edit"}))), delivery.id)
    assert jobs.deliver(AT) == 1


def test_after_one_failure_the_others_of_that_gateway_wait_without_losing_a_try(city, zhang, settings):
    settings.FENGQIAO_GATEWAYS = {"sms": settings.FENGQIAO_GATEWAYS["sms"]}
    for number in range(5):
        tell(zhang, once=str(number))
    city.answers = [(500, {}, {})]
    jobs.deliver(AT)
    assert len(city.got) == 1
    assert sorted(Delivery.objects.values_list("tries", flat=True)) == [0, 0, 0, 0, 1]


def test_what_was_read_in_the_meantime_is_not_sent(city, zhang):
    tell(zhang)
    with acting(machine_act("test", AT)):
        Notice.objects.update(read_at=AT)
    assert jobs.deliver(AT) == 0
    assert {status for _channel, status in states()} == {"needless"}


def test_a_reporter_gets_a_text_only_with_a_number_left_and_the_notice_agreed_to(city, db, monkeypatch):
    known, unknown = new_id(), new_id()
    book = {known: addresses.Address(phone="10099019999", language="en")}
    monkeypatch.setattr(addresses, "_books", [book.get])
    for about in (known, unknown):
        services.tell_reporter(machine_act("test", AT), about, _("Your report {number} was taken in."), {"number": "1"}, once="e")
    assert jobs.deliver(AT) == 1
    ((_path, _headers, body),) = city.got
    assert json.loads(body)["text"] == "【Fengqiao】Your report 1 was taken in."


def test_a_gateway_without_a_secret_or_in_the_open_stops_the_start(settings):
    settings.FENGQIAO_GATEWAYS = {"sms": {"url": "http://gateway.example/send", "app": "fengqiao", "secret": ""}}
    assert [found.id for found in gateways.check_gateways()] == ["notices.E001", "notices.E002"]
