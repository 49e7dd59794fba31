"""The ways out of the house: signed JSON gateways for text messages and work notices, 浙政钉, e-mail and chat groups.

A district does not talk to a carrier: it posts to its city's gateway. Ours is the plainest form of one: a JSON body, and
headers that sign method, path, time, a nonce and the body with HMAC-SHA256. Each channel only shapes its own body. All
are off until an address is set.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from django.conf import settings
from django.core.checks import CheckMessage, Error

from fengqiao.kits.notices import chats, mail
from fengqiao.kits.notices.addresses import Address
from fengqiao.kits.notices.aliyun import AliyunSms
from fengqiao.kits.notices.channels import Channel, Message, OutOfReach, Refused, post
from fengqiao.kits.notices.zzd import WorkNotice


@dataclass(frozen=True, slots=True)
class Gateway:
    """A signed JSON gateway."""

    name: str
    url: str
    app: str
    secret: str
    needs: str
    shape: Callable[[Address, Message], Mapping[str, Any]]
    a_day: int = 0

    def reaches(self, address: Address) -> bool:
        """Tell whether there is a phone, or an account."""
        return bool(getattr(address, self.needs))

    def send(self, address: Address, message: Message, at: datetime) -> str:
        """Post the message, signed."""
        body = msgspec.json.encode(self.shape(address, message))
        headers = {"Content-Type": "application/json; charset=utf-8", **signed(self, body, at, message.id)}
        return _receipt(post(self.url, body, headers))


def signed(gateway: Gateway, body: bytes, at: datetime, nonce: UUID) -> dict[str, str]:
    """Return the headers that sign a body for a gateway."""
    moment, path = str(int(at.timestamp())), urlsplit(gateway.url).path or "/"
    text = "\n".join(("POST", path, moment, nonce.hex, hashlib.sha256(body).hexdigest()))
    signature = hmac.digest(gateway.secret.encode(), text.encode(), "sha256")
    return {
        "X-App": gateway.app,
        "X-Timestamp": moment,
        "X-Nonce": nonce.hex,
        "X-Signature": base64.b64encode(signature).decode("ascii"),
    }


def _receipt(said: Mapping[str, Any]) -> str:
    """Read what the gateway said: `{"code": 0, "id": "..."}` is sent, anything else says why not."""
    code = said.get("code", said.get("errcode"))
    if code in (0, "0", "ok", "OK"):
        return str(said.get("id") or said.get("msgid") or "")[:120]
    why = f"{code}: {said.get('message') or said.get('errmsg') or ''}"[:200]
    raise OutOfReach(why) if said.get("retry") is True else Refused(why)


def _sms(address: Address, message: Message) -> Mapping[str, Any]:
    return {"id": str(message.id), "phone": address.phone, "text": f"【{message.title}】{message.text}"}


def _dingtalk(address: Address, message: Message) -> Mapping[str, Any]:
    said = {"msgtype": "text", "text": {"content": message.whole}}
    return {"bizMsgId": str(message.id), "receiverIds": address.account, "msg": said}


def _wecom(address: Address, message: Message) -> Mapping[str, Any]:
    card = {"title": message.title, "description": message.text, "url": message.url}
    said = {"msgtype": "textcard", "textcard": card} if message.url else {"msgtype": "text", "text": {"content": message.text}}
    return {"touser": address.account, "enable_duplicate_check": 1, "id": str(message.id), **said}


SHAPES: dict[str, tuple[str, Callable[[Address, Message], Mapping[str, Any]]]] = {
    "sms": ("phone", _sms),
    "dingtalk": ("account", _dingtalk),
    "wecom": ("account", _wecom),
}
A_DAY = {"sms": 50}
"""How many text messages one number may get in a day: carriers hold back more, and nobody reads them."""

QUIET_HOURS = re.compile(r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")
URGENT_ONLY = frozenset({"sms"})
"""A text message costs money and wakes people: it is sent to officers only when it is urgent."""


def configured() -> tuple[Channel, ...]:
    """Return the channels to persons that the district has set up."""
    found: list[Channel] = []
    for name, told in settings.FENGQIAO_GATEWAYS.items():
        if told["url"] and name == "aliyun":
            found.append(AliyunSms(told["url"], told["app"], told["secret"], told["sign"], told["templates"]))
        elif told["url"] and name == "zzd":
            found.append(WorkNotice(told["url"], told["app"], told["secret"], told.get("tenant", "")))
        elif told["url"]:
            needs, shape = SHAPES[name]
            found.append(Gateway(name, told["url"], told["app"], told["secret"], needs, shape, A_DAY.get(name, 0)))
    by_mail = mail.configured()
    return (*found, by_mail) if by_mail else tuple(found)


def named(name: str) -> Channel | None:
    """Return one channel, if it is set up; groups among them."""
    return next((channel for channel in (*configured(), *chats.configured()) if channel.name == name), None)


def check_gateways(**_all: object) -> list[CheckMessage]:
    """Refuse a gateway without a secret, or one that would be spoken to in the open."""
    found: list[CheckMessage] = []
    for name, told in settings.FENGQIAO_GATEWAYS.items():
        if told["url"]:
            found += [Error(said, id=id) for id, said in _faults(name, told)]
    for code in chats.unknown():
        found.append(Error(f"The address of the chat group of {code} is none that apprise knows.", id="notices.E004"))
    if settings.EMAIL_HOST and "@" not in settings.DEFAULT_FROM_EMAIL:
        found.append(Error("There is a mail server but no address that mail comes from.", id="notices.E005"))
    if not QUIET_HOURS.match(settings.FENGQIAO_QUIET_HOURS):
        found.append(Error("FENGQIAO_QUIET_HOURS must be written like 22:00-07:00.", id="notices.E006"))
    return found


def _faults(name: str, told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    parts = urlsplit(told["url"])
    if not told["secret"]:
        yield "notices.E001", f"The gateway for {name} has an address but no secret."
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        yield "notices.E002", f"The gateway for {name} must be spoken to by https."
    if name == "zzd" and not told.get("tenant"):
        yield "notices.E003", "The gateway for zzd has an address but no tenant."
    if name == "aliyun" and not (told.get("sign") and told.get("templates")):
        yield "notices.E007", "The gateway for aliyun needs an approved signature and the numbers of templates."
    if name == "aliyun" and settings.FENGQIAO_GATEWAYS.get("sms", {}).get("url"):
        yield "notices.E008", "Text messages have two gateways; set up one of sms and aliyun."
