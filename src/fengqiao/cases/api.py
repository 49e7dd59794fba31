"""How a program, and the desk, come in: lists, one case, and the one door for moves (decision 1)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import Field, StrictBool, StrictInt, ValidationError

from fengqiao.access.acting import acting
from fengqiao.access.doors import act_from, signed_act_from
from fengqiao.access.moments import Moment
from fengqiao.audit import services as audit
from fengqiao.base.act import Act
from fengqiao.base.errors import Invalid, NotAllowed
from fengqiao.base.words import _
from fengqiao.cases import claims, desks, family, forms, lookups, numbers, outs, policies, queries, registry, requests, services, views
from fengqiao.cases.claims import UnknownCase
from fengqiao.cases.outs import BoxOut, DeskOut, DetailOut, LoopOut, OpenedOut, PageOut
from fengqiao.cases.schemas import ASKS, Answer, Asked, Report
from fengqiao.cases.terms import BOX_TITLES, Box, RequestKind
from fengqiao.kits.web import cursors
from fengqiao.kits.web.answers import answer
from fengqiao.kits.web.api import field_sentences
from fengqiao.loop.drawing import mermaid

router = Router(tags=["cases"])
loops = Router(tags=["loops"])
MOUNTS: Mapping[str, Router] = {"/cases": router, "/loops": loops, **lookups.MOUNTS}


class NoDesk(NotAllowed):
    """The post has no desk."""

    message = _("Your post has no desk. Choose another post, or ask your administrator.")


class Wanted(Schema):
    """What a list is narrowed to."""

    box: str = Field("", max_length=20)
    state: str = Field("", max_length=15, pattern="^[A-Z]*$")
    colour: str = Field("", max_length=10)
    kind: str = Field("", max_length=30)
    category: str = Field("", max_length=8, pattern="^[0-9]*$")
    area: str = Field("", max_length=15, pattern="^[0-9A-Za-z]*$")
    org: UUID | None = None
    channel: str = Field("", max_length=20)
    desk: str = Field("", max_length=20, pattern="^[a-z_]*$")
    mine: bool = False
    q: str = Field("", max_length=100)
    since: Moment | None = None
    until: Moment | None = None
    sort: str = Field("due", pattern="^(due|newest)$")
    after: str = Field("", max_length=2000)
    limit: int = Field(queries.PAGE, ge=1, le=200)

    def filter(self, at: datetime) -> queries.Filter:
        return queries.Filter(
            box=self.box, state=self.state, colour=self.colour, kind=self.kind, category=self.category, area=self.area,
            org=str(self.org or ""), channel=self.channel, desk=self.desk, mine=self.mine, q=self.q.replace("\x00", ""),
            since=self.since, until=self.until, sort=self.sort, years=(at.year, at.year - 1),
        )  # fmt: skip


class OpenIn(Schema):
    """A report: which kind of case, and what its first move asks."""

    kind: str = Field("incident", max_length=30)
    asked: dict[str, Any] = Field(examples=[{"text": "楼道灯不亮", "category": "0505", "area": "990101001001001"}])


class PartIn(OpenIn):
    """A part of a case; a required one must end before its parent closes."""

    required: StrictBool = True


class MoveIn(Schema):
    """A move: the version the form was made for, and what the move asks."""

    version: StrictInt | None = Field(None, ge=1, le=2_000_000_000)
    asked: dict[str, Any] = {}


def desk_act(request: HttpRequest) -> Act:
    """Return the act of somebody who may use a desk."""
    act = signed_act_from(request)
    if not act.actor.may("desk:use"):
        raise NoDesk
    return act


def parsed(asks: type[Asked] | None, data: Mapping[str, Any]) -> Asked | None:
    """Parse what was asked, once; every field that is wrong gets one sentence."""
    if asks is None:
        return None
    try:
        return asks.model_validate(data)
    except ValidationError as error:
        raise Invalid(fields=field_sentences([dict(one) for one in error.errors()])) from None


@router.get("", response=PageOut, summary="A list of cases by keyset, soonest due or newest first")
def list_cases(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """List what the actor may see."""
    act = desk_act(request)
    narrowed = wanted.filter(act.at)
    keys = cursors.decode(f"cases:{wanted.sort}", wanted.after, 2)
    with acting(act):
        cases = queries.page(act.actor, narrowed, keys, wanted.limit)
    more = len(cases) == wanted.limit
    cursor = cursors.encode(f"cases:{wanted.sort}", *queries.key_of(cases[-1], wanted.sort)) if more else None
    return answer({"items": views.rows(act.actor, cases, act.at), "next": cursor})


@router.get("/boxes", response=list[BoxOut], summary="The boxes of the desk with what waits in each")
def boxes(request: HttpRequest) -> list[dict[str, Any]]:
    """Count what waits."""
    act = desk_act(request)
    with acting(act):
        counted = queries.boxes(act.actor)
    return [{"key": str(box), "title": gettext(BOX_TITLES[box]), "count": counted.get(box)} for box in Box]


@router.get("/desks", response=list[DeskOut], summary="The four desks of a town with their open cases by the colour of the clock")
def town_desks(request: HttpRequest, box: str = Query("", max_length=20)) -> list[dict[str, Any]]:
    """Count by desk, for whoever looks over several."""
    act = desk_act(request)
    with acting(act):
        return [desks.titled(row, views.language()) for row in desks.counts(act.actor, box)]


@router.post("", response={201: OpenedOut}, summary="Open a case")
def open_case(request: HttpRequest, body: OpenIn) -> HttpResponse:
    """Report something."""
    act = act_from(request)
    with acting(act):
        loop = registry.loop(body.kind)
        asked = parsed(forms.asks_of(loop, "report") or Report, body.asked)
        assert isinstance(asked, Report)
        opening = registry.opening(body.kind) or services.open_case
        case = opening(act, body.kind, asked)
    return answer({**views.row(act.actor, case, act.at), "code": numbers.receipt_code(case.number)}, 201)


@router.get("/{uuid:case_id}", response=DetailOut, summary="One case with its story and what may be done with it")
def read_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Open a case; reading C2 and above is logged."""
    act = signed_act_from(request)
    with acting(act):
        return answer(views.detail(act, queries.read(act, case_id)))


@router.post("/{uuid:case_id}/moves/{move}", response={200: DetailOut, 204: None}, summary="Make a move, or a declared chain of moves")
def make_move(request: HttpRequest, case_id: UUID, move: str, body: MoveIn) -> HttpResponse:
    """The one door for moves. With `Prefer: return=minimal` (RFC 7240) the answer is empty and its ETag the new version."""
    act = act_from(request)
    try:
        with acting(act):
            loop = registry.loop(services.kind_of(case_id))
            case = services.dispatch(act, case_id, move, parsed(forms.asks_of(loop, move), body.asked), version=body.version)
            return _moved(request, act, case)
    except UnknownCase:
        with acting(act):
            done = claims.done_before(act, case_id)
            if done is None:
                raise
            return _moved(request, act, done)


def _moved(request: HttpRequest, act: Act, case: Any) -> HttpResponse:
    if "return=minimal" in request.headers.get("Prefer", ""):
        return HttpResponse(status=204, headers={"ETag": f'"{case.version}"', "Preference-Applied": "return=minimal"})
    return answer(_after(act, case))


def _after(act: Act, case: Any) -> dict[str, Any]:
    """Return the case as it is now; whoever has just handed it on may no longer open it, but may see where it went."""
    if policies.may_read(act.actor, case) is None:
        # What the move shows is read too; whoever moves a case has said what for by moving it.
        audit.note_reading(act if act.purpose else replace(act, purpose="move"), case.id, case.confidentiality)
        return views.detail(act, case)
    empty: dict[str, Any] = {
        "text": "", "reporter": {"name": "", "masked_phone": "", "anonymous": True}, "assisting": [], "receipt_url": "",
        "loop_version": case.loop_version, "counts": {}, "suggestion": None, "moves": [], "requests_allowed": [], "requests": [],
        "clocks": [], "timeline": [], "linked": [], "files": [],
    }  # fmt: skip
    return {**views.row(act.actor, case, act.at), **empty}


@router.post("/{uuid:case_id}/requests/{kind}", response=DetailOut, summary="Ask for something beside the main state")
def ask(request: HttpRequest, case_id: UUID, kind: RequestKind, body: MoveIn) -> HttpResponse:
    """Ask for an extension, a pause, assistance, supervision, a whistle or the third objection."""
    act = signed_act_from(request)
    with acting(act):
        asked = parsed(ASKS[kind], body.asked)
        assert asked is not None
        requests.ask(act, case_id, kind, asked, version=body.version)
        return answer(_after(act, queries.current(case_id)))


@router.post("/requests/{uuid:request_id}/answer", response=DetailOut, summary="Answer a side request")
def answer_request(request: HttpRequest, request_id: UUID, body: Answer) -> HttpResponse:
    """Grant or refuse."""
    act = signed_act_from(request)
    with acting(act):
        return answer(_after(act, requests.answer(act, request_id, body)))


@router.post("/{uuid:case_id}/parts", response={201: OpenedOut}, summary="Open a part of a case, with its own owner and clocks")
def open_part(request: HttpRequest, case_id: UUID, body: PartIn) -> HttpResponse:
    """Split work off into a case of its own; a required part keeps its parent open."""
    act = signed_act_from(request)
    with acting(act):
        asked = parsed(forms.asks_of(registry.loop(body.kind), "report") or Report, body.asked)
        assert isinstance(asked, Report)
        case = family.open_part(act, case_id, body.kind, asked, required=body.required)
    return answer({**views.row(act.actor, case, act.at), "code": numbers.receipt_code(case.number)}, 201)


@loops.get("", response=list[LoopOut], summary="Every kind of case: its states, moves and forms")
def list_loops(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the metadata that drives the desk."""
    act = signed_act_from(request)
    return [
        {
            "kind": loop.key, "version": loop.version, "title": gettext(loop.title), "verified_by": gettext(loop.verified_by),
            "may_report": act.actor.may(f"{loop.key}:report"),
            "states": [{"id": str(state), "name": gettext(loop.title_of(state))} for state in loop.states],
            "moves": [views.move_out(loop, name) for name in (*loop.every_move, *(chain.name for chain in loop.chains))],
            "diagram": mermaid(loop, gettext),
        }
        for loop in registry.loops()
    ]  # fmt: skip


__all__ = ["MOUNTS", "outs"]
