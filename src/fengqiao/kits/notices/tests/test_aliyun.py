"""Text messages by Aliyun: signed as its documents show, by approved templates, and what its answers mean."""

import json
from urllib.parse import parse_qsl

import pytest

from fengqiao.access.doors import machine_act
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.kits.notices import addresses, aliyun, channels, events, gateways, jobs, services
from fengqiao.kits.notices.models import Delivery
from fengqiao.kits.notices.tests.test_gateways import AT, ID, city, zhang  # noqa: F401

# The worked example of the provider's documents: these parameters and this secret give this signature.
DOCUMENTED = {
    "AccessKeyId": "testId", "Action": "SendSms", "Format": "XML", "OutId": "123", "PhoneNumbers": "15300000001",
    "RegionId": "cn-hangzhou", "SignName": "阿里云短信测试专用", "SignatureMethod": "HMAC-SHA1",
    "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466", "SignatureVersion": "1.0", "TemplateCode": "SMS_71390007",
    "TemplateParam": '{"customer":"test"}', "Timestamp": "2017-07-12T02:42:19Z", "Version": "2017-05-25",
}  # fmt: skip
PHONE = addresses.Address(phone="10099010001")
TAKEN = {"Code": "OK", "Message": "OK", "BizId": "900619746936498440^0", "RequestId": "F655A8D5"}
CLOSED = _("Your report {number} was closed. Look at the result and say how it was; if it is not right, it can be handled again.")


def account(city):  # noqa: F811
    return aliyun.AliyunSms(
        f"http://127.0.0.1:{city.server_port}/", "testId", "testSecret", "枫桥", {"reporter_close": "SMS_1", "*": "SMS_9"}
    )


def message(event="reporter_close", **facts):
    return channels.Message(ID, "枫桥", "text", "", event, facts)


def test_a_call_is_signed_as_the_documents_show():
    assert aliyun.signature("GET", DOCUMENTED, "testSecret") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="


def test_a_message_is_its_template_and_what_fills_it(city):  # noqa: F811
    city.answers = [(200, TAKEN, {})]
    assert account(city).send(PHONE, message(number="1"), AT) == "900619746936498440^0"
    ((_path, headers, body),) = city.got
    asked = dict(parse_qsl(body.decode()))
    signed = asked.pop("Signature")
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert asked == {
        "AccessKeyId": "testId", "Action": "SendSms", "Format": "JSON", "OutId": str(ID), "PhoneNumbers": "10099010001", "SignName": "枫桥",
        "SignatureMethod": "HMAC-SHA1", "SignatureNonce": str(ID), "SignatureVersion": "1.0", "TemplateCode": "SMS_1",
        "TemplateParam": '{"number":"1"}', "Timestamp": "2026-11-25T01:00:00Z", "Version": "2017-05-25",
    }  # fmt: skip
    assert signed == aliyun.signature("POST", asked, "testSecret")


def test_every_other_message_goes_by_the_common_template_and_one_without_any_is_refused(city):  # noqa: F811
    city.answers = [(200, TAKEN, {})]
    account(city).send(PHONE, message("", count="3"), AT)
    assert dict(parse_qsl(city.got[0][2].decode()))["TemplateCode"] == "SMS_9"
    bare = aliyun.AliyunSms("http://127.0.0.1:9/", "k", "s", "枫桥", {"digest": "SMS_2"})
    with pytest.raises(channels.Refused, match="no approved template for reporter_close"):
        bare.send(PHONE, message(), AT)


def test_a_variable_is_never_longer_than_allowed():
    filled = aliyun.variables(message(organisation="长" * 60, number="1"))
    assert (len(filled["organisation"]), filled["organisation"][-1], filled["number"]) == (35, "…", "1")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", channels.OutOfReach), ("isp.SYSTEM_ERROR", channels.OutOfReach),
        ("isv.MOBILE_NUMBER_ILLEGAL", channels.Refused), ("SignatureDoesNotMatch", channels.Refused), ("", channels.Refused),
    ],
)  # fmt: skip
def test_what_the_provider_answers_decides_whether_it_is_tried_again(city, code, error):  # noqa: F811
    city.answers = [(200, {"Code": code, "Message": "why"}, {})]
    with pytest.raises(error, match="why"):
        account(city).send(PHONE, message(), AT)


def test_a_reporter_is_told_by_the_template_of_the_event_and_nothing_else_of_the_case(city, settings, db, monkeypatch):  # noqa: F811
    ours = {"app": "k", "secret": "s", "sign": "枫桥", "templates": {"reporter_close": "SMS_1"}}
    settings.FENGQIAO_GATEWAYS = {"aliyun": {"url": f"http://127.0.0.1:{city.server_port}/", **ours}}
    monkeypatch.setattr(addresses, "_books", [lambda _about: addresses.Address(phone="10099019999", language="en")])
    city.answers = [(200, TAKEN, {})]
    assert events.of_sentence(CLOSED).key == "reporter_close"
    services.tell_reporter(machine_act("test", AT), new_id(), CLOSED, {"number": "77", "who": "Li"}, once="e")
    assert jobs.deliver(AT) == 1
    asked = dict(parse_qsl(city.got[0][2].decode()))
    assert (asked["TemplateCode"], json.loads(asked["TemplateParam"])) == ("SMS_1", {"number": "77"})
    assert (Delivery.objects.get().channel, Delivery.objects.get().receipt) == ("sms", "900619746936498440^0")


def test_what_is_missing_or_twice_stops_the_start(settings):
    one = {"url": "https://dysmsapi.aliyuncs.com/", "app": "k", "secret": "s", "sign": "", "templates": {}}
    settings.FENGQIAO_GATEWAYS = {"aliyun": one, "sms": {"url": "https://sms.example/", "app": "a", "secret": "s"}}
    assert [found.id for found in gateways.check_gateways()] == ["notices.E007", "notices.E008"]
