"""Side requests (decision 7): extension, pause, assistance, supervision, whistle, the third objection.

They stand beside the main state, each with asker, approver and outcome; a pending one never stops a clock. Granting an
extension or a pause makes the move; a whistle has a row, and an arrival clock, for every organisation that must come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection

from fengqiao.base.act import Act
from fengqiao.base.errors import Conflict, Invalid, NotAllowed, NotFound
from fengqiao.base.words import _
from fengqiao.cases import effects, limits, policies, steps
from fengqiao.cases.claims import clocks_of, lock
from fengqiao.cases.ledger import Batch
from fengqiao.cases.models import Case, SideRequest
from fengqiao.cases.schemas import Answer, Asked
from fengqiao.cases.terms import REQUEST_TITLES, RequestKind
from fengqiao.loop.alphabet import Hand, State, state_of
from fengqiao.loop.deadlines import ClockState, Span, Unit
from fengqiao.loop.engine import decide
from fengqiao.people import queries as people

ASKERS: dict[RequestKind, Hand] = {
    RequestKind.EXTENSION: Hand.LEAD,
    RequestKind.PAUSE: Hand.LEAD,
    RequestKind.ASSISTANCE: Hand.HANDLER,
    RequestKind.SUPERVISION: Hand.AREA,
    RequestKind.WHISTLE: Hand.AREA,
    RequestKind.OBJECTION: Hand.LEAD,
    RequestKind.APPEAL: Hand.REPORTER,
}
STATES: dict[RequestKind, str] = {
    RequestKind.EXTENSION: "SH",
    RequestKind.PAUSE: "H",
    RequestKind.ASSISTANCE: "SHP",
    RequestKind.SUPERVISION: "RATDSHPFV",
    RequestKind.WHISTLE: "ATDSH",
    RequestKind.OBJECTION: "DSH",
    RequestKind.APPEAL: "XC",
}
ARRIVAL: dict[str, Span] = {
    "emergency": Span(30, Unit.MINUTE),
    "tough": Span(1, Unit.WORKING_DAY),
    "daily": Span(2, Unit.WORKING_DAY),
}
REPLY = Span(1, Unit.WORKING_DAY)
DISTRICT = (RequestKind.OBJECTION, RequestKind.APPEAL)  # decided by the district alone


class NotNow(Conflict):
    """The state does not allow this request."""

    message = _("“{what}” cannot be asked for while the case is “{state}”.")


class AskedAlready(Conflict):
    """The same request is still waiting for its answer."""

    message = _("“{what}” was already asked for and waits for an answer.")


class NotTheThird(Conflict):
    """The district decides only the third objection."""

    message = _("The first two objections go to the dispatcher. Use “object”.")


class UnknownRequest(NotFound):
    """There is no such request on a case the actor may see."""

    message = _("There is no such request, or you may not see it.")


class AnsweredAlready(Conflict):
    """Somebody answered before."""

    message = _("This request was already answered.")


class NotYoursToAnswer(NotAllowed):
    """Neither the post nor the organisation may answer."""

    message = _("Only {whose} may answer this.")


class LeadNeeded(Invalid):
    """A binding decision names who leads."""

    message = _("Say which organisation leads from now on.")


def ask(act: Act, case_id: UUID, kind: RequestKind, asked: Asked, *, version: int | None = None) -> list[UUID]:
    """Ask for something beside the main state; returns the ids of the requests (a whistle has one an organisation)."""
    case, fresh = lock(act, case_id, f"ask_{kind}", asked, version=version)
    if not fresh:
        return []
    refused = may_ask(act, case, kind)
    if refused:
        raise refused
    _try(act, case, kind, asked)
    batch = Batch()
    rows = [_row(act, case, kind, asked, to) for to in _addressees(case, kind, asked)]
    effects.check_organisations([row["to_org"] for row in rows], "organisations" if kind is RequestKind.WHISTLE else "organisation")
    clocks = _arrival_clocks(act, case, rows) if kind is RequestKind.WHISTLE else []
    for row in rows:
        batch.requests.append({**row, "asked": steps.veiled(case, batch, row["asked"])})
        if row["to_org"]:
            effects.grant(batch, case, f"org:{row['to_org']}", kind)
    batch.clocks += clocks
    case.pending = sorted({*case.pending, str(kind)})
    steps.record(act, case, f"ask_{kind}", {**asked.facts(), "requests": [row["id"] for row in rows]}, batch)
    steps.finish(case, batch)
    return [row["id"] for row in rows]


def may_ask(act: Act, case: Case, kind: RequestKind) -> NotAllowed | Conflict | None:
    """Return why this actor may not ask for this now, or nothing."""
    title = REQUEST_TITLES[kind]
    # An appeal is asked for by the move of that name, which has its own guards.
    if kind is RequestKind.APPEAL or not act.actor.may("requests:ask"):
        return policies.NotYourMove(move=title)
    hand, standing = ASKERS[kind], steps.standing(case)
    in_hand = policies.in_hand(act.actor, case, hand, standing, steps.doer(act, case))
    if not in_hand and not act.actor.is_house:
        return policies.NotYourCase(whose=policies.WHOSE[hand], move=title)
    if case.state not in STATES[kind]:
        return NotNow(what=title, state=steps.loop_of(case).title_of(state_of(case.state)))
    if kind in case.pending and kind is not RequestKind.WHISTLE:
        return AskedAlready(what=title)
    return NotTheThird() if kind is RequestKind.OBJECTION and case.objections < 2 else None


def _try(act: Act, case: Case, kind: RequestKind, asked: Asked) -> None:
    """Ask the engine now, so that nobody waits for an answer that can only be no."""
    if kind in (RequestKind.EXTENSION, RequestKind.PAUSE):
        standing = replace(steps.standing(case), state=State.HANDLING)
        if kind is RequestKind.EXTENSION:
            limits.check_extension(case, asked.facts(), clocks_of(case), act.at)
        decide(steps.loop_of(case), standing, _move(kind), by=steps.doer(act), at=act.at, asked=asked.facts())


def _move(kind: RequestKind) -> str:
    return "extend" if kind is RequestKind.EXTENSION else "pause"


def _addressees(case: Case, kind: RequestKind, asked: Asked) -> list[str | None]:
    facts = asked.facts()
    if kind is RequestKind.WHISTLE:
        return list(dict.fromkeys(str(org) for org in facts["organisations"]))
    if kind is RequestKind.ASSISTANCE:
        return [str(facts["organisation"])]
    return [str(case.lead) if case.lead else None] if kind is RequestKind.SUPERVISION else [None]


def _row(act: Act, case: Case, kind: RequestKind, asked: Asked, to: str | None) -> dict[str, Any]:
    facts = asked.facts()
    span = ARRIVAL[facts["whistle"]] if kind is RequestKind.WHISTLE else REPLY
    return effects.side_request(act, case, kind, facts, span, to)


def _arrival_clocks(act: Act, case: Case, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Start the clock of everybody who must come; whoever was whistled for before has a new round of it."""
    calendar, before = people.calendar(), clocks_of(case)
    found = []
    for row in rows:
        state = ClockState.of("arrive", ARRIVAL[row["asked"]["whistle"]], calendar).started(act.at)
        last = before.get(("arrive", str(row["to_org"])))
        found.append(limits.Running(state, str(row["to_org"]), last.round + 1 if last else 1).row(case, calendar))
    return found


def answer(act: Act, request_id: UUID, given: Answer) -> Case:
    """Answer a side request; granting an extension or a pause makes the move in the same act."""
    request = SideRequest.objects.filter(id=request_id).first()
    if request is None:
        raise UnknownRequest
    kind = RequestKind(request.kind)
    case, fresh = lock(act, request.case_id, f"answer_{kind}:{request_id}", given)
    if not fresh:
        return case
    request.refresh_from_db()
    if request.status != SideRequest.Status.PENDING:
        raise AnsweredAlready
    _may_answer(act, case, request)
    batch, clocks = Batch(), clocks_of(case)
    batch.requests.append({**_answered(act, request, given), "answer": steps.veiled(case, batch, given.facts())})
    said = {"request": request.id, "granted": given.granted, "reply": given.reply}
    steps.record(act, case, f"answer_{kind}", said, batch)
    _consequence(act, case, request, given, batch, clocks)
    if not _others_pending(case, request):
        case.pending = [name for name in case.pending if name != kind]
    steps.finish(case, batch)
    return case


def may_answer(act: Act, case: Case, request: SideRequest) -> bool:
    """Tell whether this actor may answer: the addressee, else the dispatcher, else (third objection, appeal) the district."""
    if request.to_org:
        return act.actor.speaks_for(str(request.to_org))
    if not act.actor.may("requests:answer") or not act.actor.covers(case.area):
        return False
    if request.kind == RequestKind.APPEAL and _had_a_hand(act, case):
        return False
    return request.kind not in DISTRICT or act.actor.level in ("district", "city", "province")


def _had_a_hand(act: Act, case: Case) -> bool:
    """Tell whether an appeal is against what this actor, or whom they act for, has done; or is their own."""
    done = [each for move in ("feed_back", "settle_on_spot") for each in case.doers.get(move, ())]
    own = policies.is_reporter(act.actor, case) or act.actor.person in [person for person, _org in done]
    return own or policies.takes_part(act.actor.org or limits.NIL, case) or act.actor.org in [org for _person, org in done if org]


def _may_answer(act: Act, case: Case, request: SideRequest) -> None:
    if may_answer(act, case, request):
        return
    if request.to_org:
        raise NotYoursToAnswer(whose=people.organisation(request.to_org).name)
    district = request.kind in DISTRICT
    raise NotYoursToAnswer(whose=_("the district's dispatcher") if district else _("the dispatcher of its area"))


def _answered(act: Act, request: SideRequest, given: Answer) -> dict[str, Any]:
    return {
        "id": request.id, "case_id": request.case_id, "kind": request.kind,
        "status": "granted" if given.granted else "refused", "asked_by": request.asked_by, "asked_org": request.asked_org,
        "asked_at": request.asked_at, "asked": request.asked, "to_org": request.to_org, "due_at": request.due_at,
        "answered_by": act.actor.person or act.actor.id, "answered_org": act.actor.org or None, "answered_at": act.at,
    }  # fmt: skip


def _others_pending(case: Case, request: SideRequest) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM case_request WHERE case_id = %s AND kind = %s AND status = 'pending' AND id <> %s LIMIT 1",
            [case.id, request.kind, request.id],
        )
        return cursor.fetchone() is not None


def _consequence(
    act: Act, case: Case, request: SideRequest, given: Answer, batch: Batch, clocks: dict[tuple[str, str], limits.Running]
) -> None:
    kind = RequestKind(request.kind)
    if kind in (RequestKind.EXTENSION, RequestKind.PAUSE) and given.granted:
        steps.advance(act, case, _move(kind), steps.unveiled(case, request.asked), batch, clocks)
    elif kind is RequestKind.OBJECTION:
        _bind(act, case, request, given, batch, clocks)
    elif kind is RequestKind.APPEAL and given.granted and case.state == State.CLOSED:
        steps.advance(act, case, "reopen", {"reason": given.reply or steps.unveiled(case, request.asked)["text"]}, batch, clocks)
    elif kind is RequestKind.ASSISTANCE and given.granted and not policies.takes_part(request.to_org, case):
        case.assisting = [*case.assisting, UUID(str(request.to_org))]
    elif kind is RequestKind.WHISTLE:
        clock = clocks.get(("arrive", str(request.to_org)))
        if clock is not None and clock.ended_at is None:
            clock.state, clock.ended_at = clock.state.stopped(act.at, people.calendar()), act.at
            batch.clocks.append(clock.row(case, people.calendar()))


def _bind(act: Act, case: Case, request: SideRequest, given: Answer, batch: Batch, clocks: dict[tuple[str, str], limits.Running]) -> None:
    """The third objection: granted, the district names another lead, who signs anew; refused, the lead stays. Either binds."""
    if not given.granted:
        return
    if given.lead is None:
        raise LeadNeeded(fields={"lead": str(LeadNeeded.message)})
    if case.state == State.HANDLING:
        # Work has begun: it goes over to the other organisation as it stands, and the limit goes on.
        effects.check_organisations([given.lead], "lead")
        case.lead, case.handler = given.lead, None
        case.assisting = [org for org in case.assisting if org != given.lead]
        return
    reason = steps.unveiled(case, request.asked)["reason"]
    steps.advance(act, case, "object", {"reason": reason, "granted": True}, batch, clocks)
    steps.advance(act, case, "assign", {"lead": given.lead}, batch, clocks)
