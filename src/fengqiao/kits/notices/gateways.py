"""The ways out of the house: text messages and the work notices of two office systems, each by a signed JSON gateway.

A district does not talk to a carrier: it posts to its city's gateway. Ours is the plainest form of one: a JSON body, and
headers that sign method, path, time, a nonce and the body with HMAC-SHA256. Each channel only shapes its own body. All
are off until an address is set.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import msgspec
from django.conf import settings
from django.core.checks import CheckMessage, Error

from fengqiao.kits.notices.addresses import Address

PATIENCE = 5.0
LONGEST = 300
"""Characters of a text; a work notice may have 2,048 bytes, a Chinese character takes three of them."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: the id makes a second sending of the same message harmless."""

    id: UUID
    title: str
    text: str
    url: str = ""


class Channel(Protocol):
    """A way to reach somebody outside the house."""

    name: str

    def reaches(self, address: Address) -> bool:
        """Tell whether the address has what this channel needs."""
        ...

    def send(self, address: Address, message: Message, at: datetime) -> str:
        """Send a message and return the gateway's own number; raises `Refused` or `OutOfReach`."""
        ...


class Refused(Exception):
    """The gateway has understood and will not: trying again would change nothing."""


class OutOfReach(Exception):
    """The gateway did not answer, or asks to wait; `seconds` says how long, if it did."""

    def __init__(self, why: str, seconds: int = 0) -> None:
        super().__init__(why)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Gateway:
    """A signed JSON gateway."""

    name: str
    url: str
    app: str
    secret: str
    needs: str
    shape: Callable[[Address, Message], Mapping[str, Any]]

    def reaches(self, address: Address) -> bool:
        """Tell whether there is a phone, or an account."""
        return bool(getattr(address, self.needs))

    def send(self, address: Address, message: Message, at: datetime) -> str:
        """Post the message, signed."""
        body = msgspec.json.encode(self.shape(address, message))
        headers = {"Content-Type": "application/json; charset=utf-8", **signed(self, body, at, message.id)}
        try:
            answer = httpx.post(self.url, content=body, headers=headers, timeout=PATIENCE, follow_redirects=False)
        except httpx.HTTPError as error:
            raise OutOfReach(f"{type(error).__name__}: {error}") from error
        return _receipt(answer)


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


def _receipt(answer: httpx.Response) -> str:
    """Read what the gateway said: `{"code": 0, "id": "..."}` is sent, anything else says why not."""
    if answer.status_code in (408, 425, 429) or answer.status_code >= 500:
        wait = answer.headers.get("Retry-After", "")
        raise OutOfReach(f"HTTP {answer.status_code}", int(wait) if wait.isdecimal() else 0)
    try:
        said = msgspec.json.decode(answer.content)
    except msgspec.DecodeError:
        said = {}
    if not answer.is_success or not isinstance(said, dict):
        raise Refused(f"HTTP {answer.status_code}")
    code = said.get("code", said.get("errcode"))
    if code in (0, "0", "ok", "OK"):
        return str(said.get("id") or said.get("msgid") or "")[:120]
    why = f"{code}: {said.get('message') or said.get('errmsg') or ''}"[:200]
    raise OutOfReach(why) if said.get("retry") is True else Refused(why)


def _sms(address: Address, message: Message) -> Mapping[str, Any]:
    return {"id": str(message.id), "phone": address.phone, "text": f"【{message.title}】{message.text}"}


def _dingtalk(address: Address, message: Message) -> Mapping[str, Any]:
    said = {"msgtype": "text", "text": {"content": _with_link(message)}}
    return {"bizMsgId": str(message.id), "receiverIds": address.account, "msg": said}


def _wecom(address: Address, message: Message) -> Mapping[str, Any]:
    card = {"title": message.title, "description": message.text, "url": message.url}
    said = {"msgtype": "textcard", "textcard": card} if message.url else {"msgtype": "text", "text": {"content": message.text}}
    return {"touser": address.account, "enable_duplicate_check": 1, "id": str(message.id), **said}


def _with_link(message: Message) -> str:
    return f"{message.title}\n{message.text}\n{message.url}".rstrip()


SHAPES: dict[str, tuple[str, Callable[[Address, Message], Mapping[str, Any]]]] = {
    "sms": ("phone", _sms),
    "dingtalk": ("account", _dingtalk),
    "wecom": ("account", _wecom),
}
URGENT_ONLY = frozenset({"sms"})
"""A text message costs money and wakes people: it is sent to officers only when it is urgent."""


def configured() -> tuple[Gateway, ...]:
    """Return the channels that the district has set up."""
    return tuple(
        Gateway(name, told["url"], told["app"], told["secret"], *SHAPES[name])
        for name, told in settings.FENGQIAO_GATEWAYS.items()
        if told["url"]
    )


def named(name: str) -> Gateway | None:
    """Return one channel, if it is set up."""
    return next((gateway for gateway in configured() if gateway.name == name), None)


def check_gateways(**_all: object) -> list[CheckMessage]:
    """Refuse a gateway without a secret, or one that would be spoken to in the open."""
    found: list[CheckMessage] = []
    for gateway in configured():
        parts = urlsplit(gateway.url)
        if not gateway.secret:
            found.append(Error(f"The gateway for {gateway.name} has an address but no secret.", id="notices.E001"))
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
            found.append(Error(f"The gateway for {gateway.name} must be spoken to by https.", id="notices.E002"))
    return found
