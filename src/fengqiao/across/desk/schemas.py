"""What is asked of a desk, and what it answers."""

from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt

from fengqiao.cases.api import Wanted

AT_ONCE = 20
"""Rows of one call: a screen sends several and shows how far it is."""


class ViewIn(Schema):
    """A view to keep: its name, and what the list is narrowed to."""

    name: str = Field(min_length=1, max_length=30)
    asked: dict[str, str] = Field(max_length=20)


class ViewOut(ViewIn):
    """A view that was kept."""

    id: UUID


class TextIn(Schema):
    """A standard text: where it is offered, and what it says."""

    move: str = Field("", max_length=30, pattern="^[a-z_]*$")
    category: str = Field("", max_length=8, pattern="^[0-9]*$")
    state: str = Field("", max_length=1, pattern="^[A-Z]?$")
    title: str = Field(min_length=1, max_length=40)
    title_en: str = Field("", max_length=60)
    text: str = Field(min_length=2, max_length=1000)
    text_en: str = Field("", max_length=1500)
    active: StrictBool = True


class TextOut(TextIn):
    """A standard text as it stands."""

    id: UUID


class FilledOut(Schema):
    """A standard text in the reader's language, its holes filled from the case; what the case does not say stays a hole."""

    id: UUID
    title: str
    text: str
    holes: list[str]


class RowIn(Schema):
    """One case of many: which, in which version, under a key of its own."""

    id: UUID
    version: StrictInt = Field(ge=1, le=2_000_000_000)
    key: str = Field(min_length=8, max_length=80, pattern=r"^[!-~]+$")


class ManyIn(Schema):
    """The same move for several cases."""

    asked: dict[str, Any] = {}
    rows: list[RowIn] = Field(min_length=1, max_length=AT_ONCE)


class RowDone(Schema):
    """What became of one case."""

    id: UUID
    done: bool
    version: int | None
    message: str
    code: str


class ExportWanted(Wanted):
    """A list to take away."""

    format: str = Field("xlsx", pattern="^(csv|xlsx)$")
