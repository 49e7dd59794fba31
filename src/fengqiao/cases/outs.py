"""The shapes in which cases leave the house; tests hold the fast encoder to them (decision 28)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema


class Named(Schema):
    """Something with a name."""

    id: str
    name: str


class RowOut(Schema):
    """One line of a list."""

    id: UUID
    number: str
    kind: str
    kind_title: str
    title: str
    state: str
    state_title: str
    colour: str
    colour_title: str
    due_at: datetime | None
    clock: str
    clock_title: str
    category: str
    category_title: str
    area: str
    area_title: str
    address: str
    channel: str
    channel_title: str
    level: str
    confidentiality: int
    lead: Named | None
    handler: Named | None
    held_since: datetime
    created_at: datetime
    closed_at: datetime | None
    version: int
    danger: bool
    pending: list[str]
    rating: int | None
    lon: float | None
    lat: float | None


class PageOut(Schema):
    """A page of a list, and where it goes on."""

    items: list[RowOut]
    next: str | None


class BoxOut(Schema):
    """A box of the desk."""

    key: str
    title: str
    count: int | None


class MoveOut(Schema):
    """What may be done with a case now, or why not."""

    name: str
    title: str
    asks: dict[str, Any] | None
    danger: bool
    likely: bool
    why_not: str | None


class RequestFormOut(Schema):
    """What may be asked beside the main state."""

    kind: str
    title: str
    asks: dict[str, Any]


class RequestOut(Schema):
    """A side request and what became of it."""

    id: UUID
    kind: str
    title: str
    state: str
    state_title: str
    asked_by: str
    asked_org: str
    asked_at: datetime
    asked: dict[str, Any]
    asked_text: str
    to: str
    due_at: datetime | None
    answer: str | None
    answered_by: str
    answered_at: datetime | None
    may_answer: bool


class ClockOut(Schema):
    """A limit and how much of it is used."""

    name: str
    title: str
    org: str
    budget_text: str
    due_at: datetime | None
    used_percent: int
    running: bool
    ended: bool
    colour: str


class FileOut(Schema):
    """A file bound to the case."""

    id: str
    name: str
    url: str
    thumb: str | None
    type: str
    sha256: str


class EventOut(Schema):
    """One sentence of the story, with its record."""

    seq: int
    at: datetime
    occurred_at: datetime | None
    move: str
    sentence: str
    actor: str
    org: str
    text: str
    files: list[FileOut]
    hash: str


class DeskOut(Schema):
    """One of the four desks of a town."""

    key: str
    title: str
    count: int
    colours: dict[str, int]


class ReporterOut(Schema):
    """Who reported, as far as this reader may know."""

    name: str
    masked_phone: str
    anonymous: bool


class LinkedOut(Schema):
    """Another case that this one belongs to."""

    id: UUID
    number: str
    relation: str
    title: str
    state_title: str
    reporter: ReporterOut | None
    files: list[FileOut]


class DetailOut(RowOut):
    """One case with everything about it and everything that may be done with it."""

    text: str
    reporter: ReporterOut
    assisting: list[Named]
    receipt_url: str
    loop_version: int
    counts: dict[str, int]
    suggestion: dict[str, Any] | None
    moves: list[MoveOut]
    requests_allowed: list[RequestFormOut]
    requests: list[RequestOut]
    clocks: list[ClockOut]
    timeline: list[EventOut]
    linked: list[LinkedOut]
    files: list[FileOut]


class OpenedOut(RowOut):
    """A case that was just opened, with the code for its receipt."""

    code: str


class LoopOut(Schema):
    """A kind of case as metadata: what the desk is driven by."""

    kind: str
    version: int
    title: str
    verified_by: str
    may_report: bool
    states: list[Named]
    moves: list[MoveOut]
    diagram: str
