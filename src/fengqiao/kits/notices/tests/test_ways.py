"""The other ways out, each spoken to for real on this machine: mail by SMTP, groups by apprise, 浙政钉 as its documents say."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from fengqiao.base.words import _
from fengqiao.kits.notices import addresses, channels, chats, gateways, jobs, mail
from fengqiao.kits.notices.models import Delivery
from fengqiao.kits.notices.tests.postbox import open_postbox
from fengqiao.kits.notices.tests.test_gateways import AT, ID, MESSAGE, SECRET, city, tell, zhang  # noqa: F401
from fengqiao.kits.notices.zzd import MOST_BYTES, WorkNotice, body_of
from fengqiao.people.models import Appointment, Contact

MAILBOX = "zhang@gov.example"
SENTENCE = _("New order: case {number}, {kind} in {town}. Sign for it in time.")


@pytest.fixture
def postbox(settings):
    with open_postbox() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "127.0.0.1", server.port, False, False
        settings.DEFAULT_FROM_EMAIL, settings.FENGQIAO_ADDRESS = "枫桥 <notices@yunxi.example>", "https://gov.example"
        yield server


@pytest.fixture
def mailed(zhang, postbox, settings):  # noqa: F811
    settings.FENGQIAO_GATEWAYS = {}
    Contact.objects.update_or_create(person=zhang, defaults={"email": MAILBOX})
    return zhang


def only():
    return Delivery.objects.get()


# --- mail -------------------------------------------------------------------------------------------------------------


def test_a_notice_goes_out_as_mail_with_subject_link_and_a_number_of_its_own(mailed, postbox):
    tell(mailed, urgent=False)
    assert jobs.deliver(AT) == 1
    (got,) = postbox.got
    assert (got["To"], got["Message-ID"]) == (MAILBOX, f"<{only().id}@yunxi.example>")
    assert got["Auto-Submitted"] == "auto-generated"
    assert "990101001202611250000112" in got["Subject"]
    assert got.get_content().strip().endswith("https://gov.example/desk/cases/1")
    assert only().status == "sent"


def test_whoever_has_no_mailbox_gets_no_mail(mailed, postbox):
    Contact.objects.update(email="")
    tell(mailed)
    assert jobs.deliver(AT) == 0
    assert only().status == "needless"


def test_a_mailbox_that_is_refused_for_good_is_given_up_with_the_servers_words(mailed, postbox):
    postbox.refuses[MAILBOX] = "550 no such mailbox"
    tell(mailed)
    jobs.deliver(AT)
    assert (only().status, only().trouble) == ("dead", "550 no such mailbox")


def test_a_mailbox_that_is_full_is_tried_later(mailed, postbox):
    postbox.refuses[MAILBOX] = "452 mailbox full"
    tell(mailed)
    jobs.deliver(AT)
    assert (only().status, only().trouble, only().next_at) == ("waiting", "452 mailbox full", AT + jobs.WAITS[0])
    postbox.refuses.clear()
    assert jobs.deliver(only().next_at) == 1


def test_a_server_that_hangs_up_before_it_said_yes_gets_the_same_mail_again_under_the_same_number(mailed, postbox):
    postbox.data = ["", "250 kept"]
    tell(mailed)
    assert jobs.deliver(AT) == 0
    assert only().status == "waiting"
    assert jobs.deliver(only().next_at) == 1
    assert len(postbox.got) == 2
    assert len({got["Message-ID"] for got in postbox.got}) == 1


def test_a_server_that_is_down_keeps_the_mail_waiting(mailed, postbox, settings):
    settings.EMAIL_PORT = 9
    tell(mailed)
    jobs.deliver(AT)
    assert only().status == "waiting"
    assert "Refused" in only().trouble


def test_what_is_ours_to_mend_keeps_all_mail_waiting(mailed, postbox, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "wrong"
    tell(mailed)
    jobs.deliver(AT)
    assert only().status == "waiting"


def test_a_line_break_cannot_be_smuggled_into_a_subject(postbox):
    sent = mail.Mail("notices@yunxi.example")
    sent.send(addresses.Address(email=MAILBOX), channels.Message(ID, "A\nBcc: x@y.example", "text"), AT)
    assert postbox.got[0]["Bcc"] is None


# --- groups -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def group(city, settings):  # noqa: F811
    settings.FENGQIAO_GATEWAYS = {}
    settings.LANGUAGE_CODE = "zh-hans"
    return city


def of_organisation(person):
    return Appointment.objects.filter(person=person).first().organisation.code


def url(city):  # noqa: F811
    return f"json://127.0.0.1:{city.server_port}/hook"


def test_a_group_hears_what_is_urgent_once_however_many_of_its_people_are_told(group, zhang, settings):  # noqa: F811
    code = of_organisation(zhang)
    settings.FENGQIAO_CHATS = {code: url(group), "elsewhere": url(group)}
    others = [one.person for one in Appointment.objects.filter(organisation__code=code).exclude(person=zhang)[:2]]
    for person in (zhang, *others):
        tell(person)
    tell(zhang, once="quiet", urgent=False)
    assert jobs.deliver(AT) == 1
    ((_path, _headers, body),) = group.got
    said = json.loads(body)
    assert (said["title"], "990101001202611250000112" in said["message"]) == ("枫桥", True)
    assert only().channel == f"chat:{code}"


def test_a_group_of_all_hears_it_even_if_it_was_read_in_the_meantime(group, zhang, settings):  # noqa: F811
    settings.FENGQIAO_CHATS = {"*": url(group)}
    tell(zhang)
    zhang.notices.update(read_at=AT)
    assert jobs.deliver(AT) == 1


@pytest.mark.parametrize(("status", "becomes"), [(404, "dead"), (403, "dead"), (429, "waiting"), (503, "waiting")])
def test_what_a_group_answers_decides_whether_it_is_tried_again(group, zhang, settings, status, becomes):  # noqa: F811
    settings.FENGQIAO_CHATS = {"*": url(group)}
    group.answers = [(status, {}, {})]
    tell(zhang)
    jobs.deliver(AT)
    assert (only().status, f"error={status}" in only().trouble) == (becomes, True)


def test_a_group_that_is_down_is_tried_later(zhang, settings):  # noqa: F811
    settings.FENGQIAO_CHATS = {"*": "json://127.0.0.1:9/hook"}
    tell(zhang)
    jobs.deliver(AT)
    assert (only().status, "Connection" in only().trouble) == ("waiting", True)


def test_nothing_of_a_quiet_notice_is_said_in_a_group(group, zhang, settings):  # noqa: F811
    from fengqiao.access.doors import machine_act
    from fengqiao.kits.notices import services

    settings.FENGQIAO_CHATS = {"*": url(group)}
    services.tell(machine_act("test", AT), [zhang.pk], SENTENCE, {}, once="q", urgent=True, quiet=True)
    assert not Delivery.objects.exists()


def test_addresses_and_servers_that_cannot_work_stop_the_start(settings):
    settings.FENGQIAO_CHATS = {"*": "pigeon://loft"}
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example", ""
    settings.FENGQIAO_GATEWAYS = {"zzd": {"url": "https://z.example", "app": "a", "secret": "s", "tenant": ""}}
    assert [found.id for found in gateways.check_gateways()] == ["notices.E003", "notices.E004", "notices.E005"]
    assert chats.unknown() == ["*"]


# --- 浙政钉 -----------------------------------------------------------------------------------------------------------

TAKEN = {"success": True, "content": {"success": True, "responseCode": "0", "data": {"msgId": "M77"}}, "bizErrorCode": "0"}
OFFICER = addresses.Address(account="100200")


def notice(city):  # noqa: F811
    return WorkNotice(f"http://127.0.0.1:{city.server_port}", "app-1", SECRET, "196729")


def test_a_work_notice_is_sent_as_the_platform_documents_it(city):  # noqa: F811
    city.answers = [(200, TAKEN, {})]
    assert notice(city).send(OFFICER, MESSAGE, AT) == "M77"
    ((path, headers, body),) = city.got
    asked = dict(parse_qsl(body.decode()))
    assert path == "/message/workNotification"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert {**asked, "msg": json.loads(asked["msg"])} == {
        "bizMsgId": str(ID), "receiverIds": "100200", "tenantId": "196729",
        "msg": {"msgtype": "text", "text": {"content": "枫桥\n案件 1 已派给你单位。（09:00:00）\nhttps://gov.example/desk/cases/1"}},
    }  # fmt: skip
    told = "&".join(f"{name}={value}" for name, value in sorted(asked.items()))
    signed = "\n".join(["POST", "2026-11-25T09:00:00.000+08:00", headers["X-Hmac-Auth-Nonce"], path, told])
    assert headers["X-Hmac-Auth-Timestamp"] == "2026-11-25T09:00:00.000+08:00"
    assert (
        headers["X-Hmac-Auth-Signature"] == base64.b64encode(hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).digest()).decode()
    )
    assert (headers["apiKey"], headers["X-Hmac-Auth-Version"]) == ("app-1", "1.0")


def test_a_work_notice_never_has_more_bytes_than_allowed_and_keeps_time_and_link():
    long = channels.Message(ID, "枫桥", "字" * 3000, MESSAGE.url)
    body = body_of(long, AT)
    assert len(body.encode()) <= MOST_BYTES
    assert json.loads(body)["text"]["content"].endswith(f"（09:00:00）\n{MESSAGE.url}")


def test_the_same_words_a_second_later_are_other_words():
    assert body_of(MESSAGE, AT) != body_of(MESSAGE, AT + timedelta(seconds=1))


@pytest.mark.parametrize(
    "said",
    [
        {"success": False, "bizErrorCode": "OPF-B001-05", "Message": "no right"},
        {"success": True, "content": {"success": False, "responseCode": "OPF-B001-05", "responseMessage": "no right"}},
    ],
)
def test_what_the_platform_refuses_is_said_with_its_code(city, said):  # noqa: F811
    city.answers = [(200, said, {})]
    with pytest.raises(channels.Refused, match="OPF-B001-05 no right"):
        notice(city).send(OFFICER, MESSAGE, AT)


def test_half_an_answer_is_no_answer(city):  # noqa: F811
    city.answers = [(200, "<html>", {})]
    with pytest.raises(channels.OutOfReach):
        notice(city).send(OFFICER, MESSAGE, AT)
