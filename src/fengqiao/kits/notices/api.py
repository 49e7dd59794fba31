"""How a program, and the head of the desk, ask for notices."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from fengqiao.access.acting import acting
from fengqiao.access.doors import signed_act_from
from fengqiao.access.moments import Moment
from fengqiao.kits.notices import queries, services
from fengqiao.kits.notices.models import Delivery, Notice
from fengqiao.kits.web import cursors
from fengqiao.kits.web.answers import answer

MOUNT = "/notices"
router = Router(tags=["notices"])


class NoticeOut(Schema):
    """A notice in the reader's language."""

    id: UUID
    at: datetime
    text: str
    link: str
    urgent: bool
    read_at: datetime | None


class NoticesOut(Schema):
    """Some notices, how many are unread, and where the list goes on."""

    items: list[NoticeOut]
    unread: int
    next: str | None


class ReadOut(Schema):
    """How many were marked as read, and how many are not."""

    read: int
    unread: int


class GivenUpOut(Schema):
    """A message that could not be sent, and why."""

    id: UUID
    channel: str
    made_at: datetime
    tries: int
    trouble: str


class Wanted(Schema):
    """Which notices."""

    unread: bool = False
    after: str = Field("", max_length=2000)
    limit: int = Field(queries.PAGE, ge=1, le=100)


class UntilIn(Schema):
    """Up to which moment everything was read."""

    until: Moment


def _out(notice: Notice) -> dict[str, object]:
    return {
        "id": notice.id, "at": notice.at, "text": queries.text_of(notice), "link": notice.link, "urgent": notice.urgent,
        "read_at": notice.read_at,
    }  # fmt: skip


@router.get("", response=NoticesOut, summary="What I was told, newest first")
def list_notices(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """List notices with the count of those unread."""
    act = signed_act_from(request)
    keys = cursors.decode("notices", wanted.after, 2)
    with acting(act):
        notices = queries.of_person(act, unread=wanted.unread, after=keys, limit=wanted.limit)
        count = queries.unread(act)
    more = len(notices) == wanted.limit
    cursor = cursors.encode("notices", notices[-1].at.isoformat(), str(notices[-1].id)) if more else None
    return answer({"items": [_out(notice) for notice in notices], "unread": count, "next": cursor})


@router.post("/{uuid:notice_id}/read", response=NoticeOut, summary="I have read it")
def read_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark one notice as read."""
    return answer(_out(services.read(signed_act_from(request), notice_id)))


@router.post("/read", response=ReadOut, summary="I have read everything up to a moment")
def read_everything(request: HttpRequest, body: UntilIn) -> HttpResponse:
    """Mark all notices up to a moment as read."""
    act = signed_act_from(request)
    count = services.read_all(act, body.until)
    with acting(act):
        return answer({"read": count, "unread": queries.unread(act)})


@router.get("/given-up", response=list[GivenUpOut], summary="Messages that could not be sent")
def list_given_up(request: HttpRequest) -> HttpResponse:
    """List what was given up, for the administrator."""
    act = signed_act_from(request)
    with acting(act):
        return answer([_given_up(delivery) for delivery in queries.given_up(act)])


@router.post("/given-up/{uuid:delivery_id}/again", response=GivenUpOut, summary="Try once more")
def send_again(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Send again what was given up."""
    return answer(_given_up(services.send_again(signed_act_from(request), delivery_id)))


def _given_up(delivery: Delivery) -> dict[str, object]:
    return {
        "id": delivery.id, "channel": delivery.channel, "made_at": delivery.made_at, "tries": delivery.tries, "trouble": delivery.trouble,
    }  # fmt: skip
