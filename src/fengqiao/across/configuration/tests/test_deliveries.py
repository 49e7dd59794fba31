"""Messages that left the house: found, taken away, sent again; and how the ways out are doing."""

import csv
import io
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fengqiao.access.doors import machine_act
from fengqiao.across.configuration import health, outward
from fengqiao.audit.models import Deed
from fengqiao.base.clock import now
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.kits.notices import jobs, services
from fengqiao.kits.notices.models import Delivery
from fengqiao.people.models import Person

PAGE = "/settings/deliveries/"
GATEWAY = {"url": "http://127.0.0.1:9/send", "app": "fengqiao", "secret": "a secret for tests"}
SENTENCE = _("New order: case {number}, {kind} in {town}. Sign for it in time.")
NUMBERS = ("990101001202611250000112", "990101001202611250000228")


@pytest.fixture
def sent(db, settings):
    """Two messages to one officer: one waits after a vain try, one was given up with a gateway's own words."""
    settings.FENGQIAO_GATEWAYS = {"dingtalk": GATEWAY}
    settings.FENGQIAO_QUIET_HOURS = "12:00-12:00"
    act = machine_act("test", now())
    zhang = Person.objects.get(username="handler")
    for number in NUMBERS:
        services.tell(act, [zhang.pk], SENTENCE, {"number": number, "kind": "K", "town": "T"}, once=number)
    jobs.deliver(act.at)
    dead = Delivery.objects.order_by("id").last()
    Delivery.objects.filter(id=dead.id).update(status="dead", tries=8, trouble="=HYPERLINK(bad)")
    return dead


def page(seat, query="", language="en"):
    answer = seat("admin", language).get(PAGE + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_waits_and_what_was_given_up_is_shown_with_its_reason(seat, sent):
    shown = page(seat)
    assert "ConnectError" in shown
    assert "=HYPERLINK(bad)" in shown
    assert all(number in shown for number in NUMBERS)
    assert "goes on" in shown


def test_messages_are_narrowed_by_state_way_words_and_day(seat, sent):
    assert page(seat, "?status=dead").count("<tr>") == 2
    assert page(seat, f"?q={NUMBERS[0][-6:]}").count("<tr>") == 2
    assert "No message of this kind" in page(seat, "?channel=email")
    assert "No message of this kind" in page(seat, "?q=nobody")
    tomorrow = (now() + timedelta(days=2)).date().isoformat()
    assert "No message of this kind" in page(seat, f"?since={tomorrow}")
    assert page(seat, "?since=nonsense&status=moon&page=x").count("<tr>") == 3


def test_what_was_given_up_is_tried_again_and_that_is_on_the_record(seat, sent):
    answer = seat("admin").post(PAGE + "again/", {"id": str(sent.id), "status": "dead"}, follow=True)
    assert "will be tried again" in answer.content.decode()
    assert answer.redirect_chain[-1][0].startswith(PAGE + "?status=dead")
    sent.refresh_from_db()
    assert (sent.status, sent.tries) == ("waiting", 0)
    assert Deed.objects.filter(what="message_sent_again").count() == 1
    assert "There is no such notice" in seat("admin").post(PAGE + "again/", {"id": str(new_id())}, follow=True).content.decode()


def test_all_that_is_shown_as_given_up_is_tried_again(seat, sent):
    Delivery.objects.update(status="dead")
    seat("admin").post(PAGE + "again/", {"q": NUMBERS[0]})
    assert sorted(Delivery.objects.values_list("status", flat=True)) == ["dead", "waiting"]


def test_the_table_to_take_away_holds_no_formula_and_is_on_the_record(seat, sent):
    answer = seat("admin").get(PAGE + "table/?status=dead")
    (head, row) = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    told = dict(zip(head, row, strict=True))
    assert told["Reason"] == "'=HYPERLINK(bad)"
    assert told["To whom"]
    assert Deed.objects.get(what="messages_taken_away").said == {"rows": 1}


def test_of_a_sealed_matter_not_even_the_number_is_found(seat, sent):
    act = machine_act("test", now())
    services.tell(act, [Person.objects.get(username="handler").pk], SENTENCE, {"number": "SEALED-7"}, once="q", quiet=True)
    assert "SEALED-7" not in page(seat)
    assert "No message of this kind" in page(seat, "?q=SEALED-7")


@pytest.mark.parametrize("path", ["", "table/"])
def test_nobody_else_looks(seat, sent, path):
    assert seat("dispatcher").get(PAGE + path, headers={"Accept": "text/html"}).status_code == 403


def test_a_way_is_tried_at_once_whatever_the_hour_and_says_what_it_said(seat, sent, settings):
    settings.FENGQIAO_QUIET_HOURS = "00:00-23:59"
    settings.FENGQIAO_CHATS = {"*": "json://127.0.0.1:9/hook"}
    for name in ("dingtalk", "chat:*"):
        answer = seat("admin").post(PAGE + "try/", {"way": name}, follow=True).content.decode()
        assert "on its way" in answer
    jobs.deliver(now())
    tried = Delivery.objects.filter(wakes=True)
    assert {(one.channel, one.status, bool(one.trouble)) for one in tried} == {("dingtalk", "waiting", True), ("chat:*", "waiting", True)}
    assert Deed.objects.filter(what="way_tried").count() == 2
    assert "is not set up" in seat("admin").post(PAGE + "try/", {"way": "pigeon"}, follow=True).content.decode()


def test_nobody_else_tries_a_way(seat, sent):
    assert seat("dispatcher").post(PAGE + "try/", {"way": "dingtalk"}, headers={"Accept": "text/html"}).status_code == 403


def test_nobody_else_sends_again(seat, sent):
    assert seat("dispatcher").post(PAGE + "again/", {"id": str(sent.id)}, headers={"Accept": "text/html"}).status_code == 403


def test_the_health_page_says_how_each_way_does_and_what_it_said_last(seat, sent):
    shown = seat("admin").get("/settings/health/").content.decode()
    assert "Messages by “DingTalk”" in shown
    assert "1 tried in vain so far; 1 given up" in shown


# --- the certificate --------------------------------------------------------------------------------------------------


def _certificate(folder, until):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(until).sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "site.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def https(tmp_path, settings):
    """A proxy with a certificate of its own making that is good until a moment."""
    running = []

    def start(until):
        server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        server.timeout = 5
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(tmp_path, until))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_all: None
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        running.append((server, thread))
        settings.FENGQIAO_ADDRESS = f"https://127.0.0.1:{server.server_port}"
        outward._asked.cache_clear()

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("days", "said"), [(3, "good until"), (90, "good until"), (-2, "good until")])
def test_the_certificate_says_until_when_it_is_good_even_if_nobody_trusts_it(db, https, days, said):
    at = now()
    https(at + timedelta(days=days))
    sign = health._certificate(at)
    assert said in sign.said
    assert "not trusted" in sign.said
    assert (at + timedelta(days=days)).astimezone(health.people.zone()).strftime("%Y-%m-%d") in sign.said
    assert sign.state == health.BAD


@pytest.mark.parametrize(("days", "state"), [(3, "bad"), (14, "watch"), (90, "good")])
def test_a_certificate_that_runs_out_soon_is_said_in_time(db, monkeypatch, days, state):
    at = now()
    monkeypatch.setattr(outward, "certificate", lambda _at: (at + timedelta(days=days), ""))
    assert health._certificate(at).state == state


def test_of_a_certificate_that_cannot_be_asked_for_the_page_says_why(db, settings):
    outward._asked.cache_clear()
    settings.FENGQIAO_ADDRESS = "https://127.0.0.1:9"
    assert "does not answer" in health._certificate(now()).said
    settings.FENGQIAO_ADDRESS = ""
    assert health._certificate(now()).state == health.UNKNOWN
