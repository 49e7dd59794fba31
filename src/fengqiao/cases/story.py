"""What stands around one case: its story, requests, clocks and who reported, read in one statement.

Whoever opens a case needs all of it at once. Asked one by one through Django's models it was six statements, each built and
planned anew, and cost four times what the move before it did.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from fengqiao.cases import limits
from fengqiao.cases.claims import clocks_told
from fengqiao.cases.models import Reporter, SideRequest
from fengqiao.people.statements import prepared

EVENT = ("id", "seq", "at", "occurred_at", "actor_kind", "actor", "post", "org", "move")
REQUEST = [one.attname for one in SideRequest._meta.concrete_fields]
REPORTER = [one.attname for one in Reporter._meta.concrete_fields]


def _object(alias: str, names: list[str] | tuple[str, ...], more: str = "") -> str:
    pairs = ", ".join(f"'{name}', {alias}.{name}" for name in names)
    return f"json_build_object({pairs}{more})"


SAID = "CASE WHEN p.event_id IS NOT NULL THEN json_build_object('hex', encode(p.body, 'hex'), 'sealed', p.sealed) END"
MORE = f", 'hash', encode(e.hash, 'hex'), 'said', {SAID}"
STORY = f"""
SELECT json_build_object(
  'events', (SELECT json_agg({_object("e", EVENT, MORE)} ORDER BY e.seq)
             FROM case_event e LEFT JOIN case_payload p ON p.event_id = e.id WHERE e.case_id = %s),
  'requests', (SELECT json_agg({_object("q", REQUEST)} ORDER BY q.asked_at) FROM case_request q WHERE q.case_id = %s),
  'clocks', (SELECT json_agg(to_json(k)) FROM case_clock k WHERE k.case_id = %s),
  'reporter', (SELECT {_object("r", REPORTER)} FROM case_reporter r WHERE r.case_id = %s),
  'linked', EXISTS (SELECT 1 FROM case_link l WHERE l.case_id = %s) OR EXISTS (SELECT 1 FROM case_link l WHERE l.other_id = %s)
)::text
"""


class Said(msgspec.Struct):
    """The payload of an event, as it is stored."""

    hex: str | None
    sealed: bool

    @property
    def body(self) -> bytes | None:
        return None if self.hex is None else bytes.fromhex(self.hex)


class Event(msgspec.Struct):
    """One thing that happened, with what was said."""

    id: UUID
    seq: int
    at: datetime
    occurred_at: datetime | None
    actor_kind: str
    actor: str
    post: str
    org: UUID | None
    move: str
    hash: str
    said: Said | None


class _Request(msgspec.Struct):
    id: UUID
    case_id: UUID
    kind: str
    status: str
    asked_by: str
    asked_org: UUID | None
    asked_at: datetime
    asked: dict[str, Any]
    to_org: UUID | None
    due_at: datetime | None
    answered_by: str
    answered_org: UUID | None
    answered_at: datetime | None
    answer: dict[str, Any] | None


class Story(msgspec.Struct):
    """Everything around a case; empty parts are nothing."""

    linked: bool
    events: list[Event] | None = None
    asked: list[_Request] | None = msgspec.field(name="requests", default=None)
    told: dict[str, Any] | None = msgspec.field(name="reporter", default=None)
    held: list[dict[str, Any]] | None = msgspec.field(name="clocks", default=None)

    @property
    def requests(self) -> list[SideRequest]:
        """The side requests, the oldest first."""
        return [SideRequest(**msgspec.structs.asdict(one)) for one in self.asked or ()]

    @property
    def reporter(self) -> Reporter | None:
        """Who reported, as far as the open columns say."""
        return Reporter(**self.told) if self.told else None

    @property
    def clocks(self) -> Mapping[tuple[str, str], limits.Running]:
        """The clocks by name and organisation."""
        return clocks_told(self.held or [])


_decoder = msgspec.json.Decoder(Story)


def around(case_id: UUID) -> Story:
    """Return what stands around a case that the actor may see."""
    ((told,),) = prepared(STORY, [case_id] * 6)
    return _decoder.decode(told)
