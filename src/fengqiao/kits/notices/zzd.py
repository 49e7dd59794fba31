"""浙政钉 (the provincial work chat): work notices in its documented format, within its documented limits.

At most 2,048 bytes and 1,000 receivers a message, 100 messages a person and day, and the same words to the same person once a
day: so every text ends with its time. `bizMsgId` makes a second sending harmless. A telephone "DING" (1 a minute, 5 an hour,
20 a day, then silently an ordinary notice) is not relied on.
"""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec

from fengqiao.kits.notices.addresses import Address
from fengqiao.kits.notices.channels import Message, Refused, post

PATH = "/message/workNotification"
MOST_BYTES, A_DAY = 2048, 100
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class WorkNotice:
    """The work notices of one application of one tenant."""

    url: str
    key: str
    secret: str
    tenant: str
    name: str = "zzd"
    a_day: int = A_DAY

    def reaches(self, address: Address) -> bool:
        """Tell whether there is an account."""
        return bool(address.account)

    def send(self, address: Address, message: Message, at: datetime) -> str:
        """Send a work notice; the answer carries the number by which its reading can be asked for."""
        asked = {
            "bizMsgId": str(message.id), "msg": body_of(message, at), "receiverIds": address.account, "tenantId": self.tenant,
        }  # fmt: skip
        headers = {"Content-Type": "application/x-www-form-urlencoded", **self.signed(asked, at, message)}
        said = post(self.url.rstrip("/") + PATH, urlencode(asked).encode(), headers)
        content = said.get("content")
        if said.get("success") is not True or not isinstance(content, dict) or content.get("success") is False:
            inner = content if isinstance(content, dict) else said
            code = inner.get("responseCode") or said.get("bizErrorCode") or said.get("Code") or ""
            raise Refused(f"{code} {inner.get('responseMessage') or said.get('Message') or ''}".strip()[:200])
        data = content.get("data")
        return str(data.get("msgId") or "")[:120] if isinstance(data, dict) else ""

    def signed(self, asked: Mapping[str, str], at: datetime, message: Message) -> dict[str, str]:
        """Return the headers that sign a call: method, time, nonce, path and the parameters in order, by HMAC-SHA256."""
        moment = at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}+08:00"
        nonce = f"{int(at.timestamp() * 1000)}{message.id.int % 9000 + 1000}"
        told = "&".join(f"{name}={value}" for name, value in sorted(asked.items()))
        text = "\n".join(("POST", moment, nonce, PATH, told))
        signature = hmac.digest(self.secret.encode(), text.encode(), "sha256")
        return {
            "X-Hmac-Auth-Timestamp": moment, "X-Hmac-Auth-Version": "1.0", "X-Hmac-Auth-Nonce": nonce, "apiKey": self.key,
            "X-Hmac-Auth-Signature": base64.b64encode(signature).decode("ascii"),
        }  # fmt: skip


def body_of(message: Message, at: datetime) -> str:
    """Return the message as it is sent: with its time, and cut so that it stays within the bytes allowed."""
    text, tail = message.text, f"（{at.astimezone(ZONE):%H:%M:%S}）" + (f"\n{message.url}" if message.url else "")
    while True:
        said = msgspec.json.encode({"msgtype": "text", "text": {"content": f"{message.title}\n{text}{tail}"}}).decode()
        if len(said.encode()) <= MOST_BYTES or not text:
            return said
        text = text[: -max(1, (len(said.encode()) - MOST_BYTES) // 3)]
