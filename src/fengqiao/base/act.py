"""Who does something, for whom, when and why: built once at a door and handed down.

Nobody below a door asks the clock or the session; they are given an `Act`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """How an actor comes to be known."""

    PERSON = "person"
    PARTY = "party"
    MACHINE = "machine"
    ANONYMOUS = "anonymous"
    LINK = "link"


class Channel(StrEnum):
    """The way by which something reached us; apart from its category."""

    GRID = "grid"
    QR = "qr"
    SNAP = "snap"
    WINDOW = "window"
    AGENT = "agent"
    HOTLINE = "hotline"
    POLICE_CALL = "police_call"
    IOT = "iot"
    MODEL = "model"
    VOLUNTEER = "volunteer"
    GUARD = "guard"
    DOCTOR = "doctor"
    COURT = "court"
    BATCH = "batch"
    API = "api"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody in one active post, with everything that decides what they may see and do."""

    kind: ActorKind
    id: str
    person: str = ""
    post: str = ""
    org: str = ""
    level: str = ""
    ranges: tuple[tuple[str, str], ...] = ()
    grantees: tuple[str, ...] = ()
    compartments: tuple[str, ...] = ()
    permissions: frozenset[str] = frozenset()
    name: str = ""

    @property
    def is_house(self) -> bool:
        """Tell whether this is a part of the system itself; a program that brought a key is somebody else's machine."""
        return self.kind == ActorKind.MACHINE and self.id.startswith("machine:")

    def speaks_for(self, organisation: str) -> bool:
        """Tell whether the post is one of this organisation's desks; a volunteer who merely belongs to it is not."""
        return f"org:{organisation}" in self.grantees

    def may(self, permission: str) -> bool:
        """Tell whether the post carries this permission, for this kind of case or for every kind."""
        if permission in self.permissions:
            return True
        kind, colon, move = permission.partition(":")
        return bool(colon) and kind != "*" and f"*:{move}" in self.permissions

    def covers(self, area: str) -> bool:
        """Tell whether an area code lies in one of the actor's ranges."""
        return any(low <= area < high for low, high in self.ranges)


@dataclass(frozen=True, slots=True)
class Act:
    """One deed of one actor. Its id makes a retry harmless; `occurred_at` is a claim, `at` is what the server saw."""

    id: UUID
    actor: Actor
    at: datetime
    channel: str = Channel.DESK
    purpose: str = ""
    key: str = ""
    occurred_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("An act needs an aware time.")
