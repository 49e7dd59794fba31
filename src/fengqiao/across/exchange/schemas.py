"""What comes in and goes out at the doors of this room."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool

from fengqiao.across.exchange.terms import Status

Topic = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_*?.]+$", examples=["incident.*", "*.close"])]
Code = Annotated[str, Field(max_length=15, pattern=r"^\d*$")]


class WebhookIn(Schema):
    """A new webhook."""

    url: str = Field(min_length=8, max_length=500, examples=["https://example.org/hook"])
    topics: list[Topic] = Field(min_length=1, max_length=50)
    area: Code = Field("", description="whose events; empty: all of the maker's own area")
    description: str = Field("", max_length=120)


class WebhookChange(Schema):
    """What is changed of a webhook; what is left out stays."""

    url: str | None = Field(None, min_length=8, max_length=500)
    topics: list[Topic] | None = Field(None, min_length=1, max_length=50)
    description: str | None = Field(None, max_length=120)
    paused: StrictBool | None = None


class WebhookOut(Schema):
    """A webhook."""

    id: UUID
    url: str
    topics: list[str]
    area: str
    description: str
    paused: bool
    paused_why: str
    failures: int
    waiting: int
    dead: int
    delivered_at: datetime | None
    made_at: datetime
    old_secret_until: datetime | None


class WebhookSecretOut(WebhookOut):
    """A webhook with its secret, shown this once."""

    secret: str


class DeliveryOut(Schema):
    """One event on its way to one webhook."""

    id: UUID
    event: UUID
    topic: str
    case: UUID | None
    happened_at: datetime
    status: Status
    status_title: str
    tries: int
    next_at: datetime | None
    answered: int | None
    fault: str
    ended_at: datetime | None


class DeliveriesOut(Schema):
    """A page of deliveries."""

    items: list[DeliveryOut]
    next: str | None


class CountOut(Schema):
    """How many."""

    count: int
