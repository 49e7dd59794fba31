"""Text messages by Aliyun's SMS service, in its documented format (RPC style, version 2017-05-25) and within its limits.

A carrier in China sends only what was approved: a signature and numbered templates with variables of at most 35 characters. So
a message is not a text here but the number of its template and what fills it; the words themselves stand at the provider.
"""

import base64
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec

from fengqiao.kits.notices.addresses import Address
from fengqiao.kits.notices.channels import Message, OutOfReach, Refused, post

ANY = "*"
LONGEST_VARIABLE, A_DAY = 35, 50
BUSY = re.compile(r"^(isv\.BUSINESS_LIMIT_CONTROL|isp\.|Throttling|ServiceUnavailable|InternalError)")
"""What is worth trying again: the provider's own trouble, and its limits by minute and hour."""


@dataclass(frozen=True, slots=True)
class AliyunSms:
    """One account with its approved signature and the template of each message."""

    url: str
    key: str
    secret: str
    sign: str
    templates: Mapping[str, str]
    name: str = "sms"
    a_day: int = A_DAY

    def reaches(self, address: Address) -> bool:
        """Tell whether there is a phone."""
        return bool(address.phone)

    def send(self, address: Address, message: Message, at: datetime) -> str:
        """Send a message by its template; the answer carries the number under which its fate can be asked for."""
        template = self.templates.get(message.event) or self.templates.get(ANY)
        if not template:
            raise Refused(f"no approved template for {message.event or 'this message'}")
        asked = self._signed(
            {
                "Action": "SendSms", "PhoneNumbers": address.phone, "SignName": self.sign, "TemplateCode": template,
                "TemplateParam": msgspec.json.encode(variables(message)).decode(), "OutId": str(message.id),
            }, at, str(message.id),
        )  # fmt: skip
        said = post(self.url, "&".join(f"{name}={escaped(value)}" for name, value in asked.items()).encode(), FORM)
        code = str(said.get("Code") or "")
        if code == "OK":
            return str(said.get("BizId") or "")[:120]
        why = f"{code}: {said.get('Message') or ''}"[:200]
        raise OutOfReach(why) if BUSY.match(code) else Refused(why)

    def _signed(self, asked: Mapping[str, str], at: datetime, nonce: str) -> dict[str, str]:
        common = {
            "AccessKeyId": self.key, "Format": "JSON", "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0", "SignatureNonce": nonce,
            "Timestamp": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "Version": "2017-05-25",
        }  # fmt: skip
        told = {**common, **asked}
        return {**told, "Signature": signature("POST", told, self.secret)}


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def signature(method: str, asked: Mapping[str, str], secret: str) -> str:
    """Sign a call: its parameters in order, escaped, escaped again, by HMAC-SHA1."""
    told = "&".join(f"{escaped(name)}={escaped(value)}" for name, value in sorted(asked.items()))
    text = f"{method}&{escaped('/')}&{escaped(told)}"
    return base64.b64encode(hmac.digest(f"{secret}&".encode(), text.encode(), "sha1")).decode("ascii")


def escaped(text: str) -> str:
    """Escape by RFC 3986, as the provider wants it."""
    return quote(text, safe="-_.~")


def variables(message: Message) -> dict[str, str]:
    """Return what fills a template; what is longer than a variable may be is cut where a reader sees that it was."""
    return {name: text if len(text) <= LONGEST_VARIABLE else text[: LONGEST_VARIABLE - 1] + "…" for name, text in message.facts.items()}
