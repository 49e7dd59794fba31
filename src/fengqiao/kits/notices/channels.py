"""What every way out of the house is: it tells whom it reaches, sends one message, and says whether trying again would help."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

import httpx
import msgspec

from fengqiao.kits.notices.addresses import Address

PATIENCE = 5.0
"""Seconds a gateway has to answer."""

LONGEST = 300
"""Characters of a text; a work notice may have 2,048 bytes, a Chinese character takes three of them."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: the id makes a second sending of the same message harmless."""

    id: UUID
    title: str
    text: str
    url: str = ""
    event: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    """The occasion and what its text was filled with, for carriers that send approved templates only."""

    @property
    def whole(self) -> str:
        """Return title, text and link, one a line."""
        return f"{self.title}\n{self.text}\n{self.url}".rstrip()


class Channel(Protocol):
    """A way to reach somebody outside the house."""

    @property
    def name(self) -> str:
        """The name under which deliveries are noted."""
        ...

    @property
    def a_day(self) -> int:
        """How many messages one person may get in a day; 0: as many as there are."""
        ...

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


def post(url: str, body: bytes, headers: dict[str, str]) -> dict[str, object]:
    """Post to a gateway and return the JSON it answers with; raises `Refused` or `OutOfReach`."""
    try:
        answer = httpx.post(url, content=body, headers=headers, timeout=PATIENCE, follow_redirects=False)
    except httpx.HTTPError as error:
        raise OutOfReach(f"{type(error).__name__}: {error}") from error
    if answer.status_code in (408, 425, 429) or answer.status_code >= 500:
        wait = answer.headers.get("Retry-After", "")
        raise OutOfReach(f"HTTP {answer.status_code}", int(wait) if wait.isdecimal() and len(wait) < 6 else 0)
    try:
        said = msgspec.json.decode(answer.content)
    except msgspec.DecodeError:
        said = None
    if not answer.is_success:
        raise Refused(f"HTTP {answer.status_code}")
    if not isinstance(said, dict):
        # Half an answer, or a proxy's page: whether it was taken is not known, and the id makes asking again harmless.
        raise OutOfReach(f"HTTP {answer.status_code}, but no JSON object")
    return said
