"""What the engine must be told beyond the form, and what a move does to the case beyond what the engine says."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from fengqiao.base.act import Act
from fengqiao.base.errors import Conflict, Invalid
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.cases import reference
from fengqiao.cases.claims import UnknownCase
from fengqiao.cases.ledger import REQUEST, Batch, bigrams
from fengqiao.cases.models import Case, Link, SideRequest
from fengqiao.cases.terms import RequestKind
from fengqiao.kits.maps.measures import distance
from fengqiao.loop.alphabet import ENDINGS, Z
from fengqiao.loop.deadlines import ClockState, Span, Unit
from fengqiao.people import queries as people

Said = dict[str, Any]
TERMS = ("triage", "emergency", "fill_in")
APPEAL = Span(10, Unit.WORKING_DAY)


class MasterEnded(Conflict):
    """One cannot go on as a case that has ended."""

    message = _("The case {number} has ended. Choose one that is still open.")


class NoSuchTaker(Invalid):
    """Nobody can be given a case under this name."""

    message = _("This organisation does not exist or is no longer active. Choose one from the list.")


class MasterItself(Invalid):
    """A case does not go on as itself."""

    message = _("A case cannot be merged into itself. Choose the other one.")


def facts(act: Act, case: Case, moves: tuple[str, ...], said: Mapping[str, Any]) -> Said:
    """Return what the engine is told: the form, with the category's defaults and what can be measured."""
    told = dict(said)
    check_organisations([said.get("lead")], "lead")
    check_organisations(said.get("assisting") or (), "assisting")
    if any(move in TERMS for move in moves):
        _terms(act, case, told)
    if "verify_pass" in moves:
        _distance(case, told)
    return told


def check_organisations(named: Iterable[Any], field: str) -> None:
    """Refuse an organisation that does not exist, or does no longer: nobody would ever sign for its orders."""
    if not all(_active(one) for one in named if one):
        raise NoSuchTaker(fields={field: str(NoSuchTaker.message)})


def _active(id: Any) -> bool:
    try:
        return people.organisation(str(id)).active
    except people.NoSuchOrganisation:
        return False


def _terms(act: Act, case: Case, told: Said) -> None:
    category = reference.category(told["category"]) if told.get("category") else None
    told["privacy_officer"] = act.actor.may(f"{case.kind}:lower_confidentiality")
    if (told.get("confidentiality") or 0) >= 4 and not case.compartment:
        raise reference.SealedDeskMissing(fields={"confidentiality": str(reference.SealedDeskMissing.message)})
    if category is None:
        return
    if told.get("sla") is None:
        told["sla"] = category.sla
    if told.get("confidentiality") is None:
        told["confidentiality"] = max(case.confidentiality, category.confidentiality)
    if told.get("public_danger") is None:
        told["public_danger"] = case.public_danger or category.public_danger


def _distance(case: Case, told: Said) -> None:
    place, told["has_point"] = told.get("place"), case.lon is not None and case.lat is not None
    if place and case.lon is not None and case.lat is not None:
        told["distance_m"] = distance((case.lon, case.lat), (place["lon"], place["lat"]))
        told["accuracy_m"] = place.get("accuracy") or 0


def master_of(case: Case, said: Mapping[str, Any]) -> Case:
    """Return the case that a merge goes on as; it was locked together with the other, in the order of their ids."""
    if str(said["master"]) == str(case.id):
        raise MasterItself(fields={"master": str(MasterItself.message)})
    master = Case.objects.filter(id=said["master"]).first()
    if master is None:
        raise UnknownCase
    if master.state in (*ENDINGS, Z):
        raise MasterEnded(number=master.number)
    return master


def lock_both(case_id: UUID, master: Any) -> None:
    """Lock two cases in the order of their ids, so that two merges never wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases WHERE id IN (%s, %s) ORDER BY id FOR NO KEY UPDATE", [case_id, master])


# --- after the engine's word ----------------------------------------------------------------------------------------


def _hold(act: Act, case: Case, said: Mapping[str, Any], batch: Batch) -> None:
    case.handler = UUID(act.actor.person) if act.actor.person else None


def _nobody(act: Act, case: Case, said: Mapping[str, Any], batch: Batch) -> None:
    case.handler = None


def _spot(act: Act, case: Case, said: Mapping[str, Any], batch: Batch) -> None:
    _hold(act, case, said, batch)
    if act.actor.org:
        case.lead = UUID(act.actor.org)


def _merge(act: Act, case: Case, said: Mapping[str, Any], batch: Batch) -> None:
    """Whoever reported the one follows the other: every grant of a reporter is given on the master too."""
    master = UUID(str(said["master"]))
    link(batch, case.id, master, Link.Relation.MERGED_INTO, act.at)
    follow_on(batch, case.id, master)


def follow_on(batch: Batch, old: UUID, new: UUID) -> None:
    """Let whoever reported or follows one case follow another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT grantee, why FROM case_grant WHERE case_id = %s AND why IN ('receipt', 'reporter', 'follower')", [old])
        for grantee, why in cursor.fetchall():
            batch.grants.append({"case_id": new, "grantee": grantee, "why": "follower" if why == "receipt" else why})


def _appeal(act: Act, case: Case, said: Mapping[str, Any], batch: Batch) -> None:
    """An appeal waits beside the state until the district has decided it."""
    batch.requests.append(side_request(act, case, RequestKind.APPEAL, {"text": said["text"]}, APPEAL))
    case.pending = sorted({*case.pending, RequestKind.APPEAL.value})


def end_requests(act: Act, case: Case, batch: Batch) -> None:
    """What was asked of a case that has ended needs no answer any more; only an appeal is about the end itself."""
    left = [name for name in case.pending if name == RequestKind.APPEAL]
    if left == case.pending:
        return
    waiting = SideRequest.objects.filter(case_id=case.id, status=SideRequest.Status.PENDING).exclude(kind=RequestKind.APPEAL)
    batch.requests += [{**one, "status": SideRequest.Status.ENDED.value, "answered_at": act.at} for one in waiting.values(*REQUEST)]
    case.pending = left


AFTER: dict[str, Callable[[Act, Case, Mapping[str, Any], Batch], None]] = {
    "assign": _nobody, "fill_in": _nobody, "reopen": _nobody, "sign": _hold, "start": _hold, "emergency": _hold,
    "settle_on_spot": _spot, "object": _nobody, "upgrade": _nobody, "merge": _merge, "appeal": _appeal,
}  # fmt: skip


def side_request(act: Act, case: Case, kind: RequestKind, asked: Mapping[str, Any], span: Span, to: str | None = None) -> dict[str, Any]:
    """Make the row of a side request that begins to wait."""
    calendar = people.calendar()
    due = ClockState.of("request", span, calendar).started(act.at).due_at(calendar)
    return {
        "id": new_id(), "case_id": case.id, "kind": kind, "status": "pending", "asked_by": act.actor.person or act.actor.id,
        "asked_org": act.actor.org or None, "asked_at": act.at, "asked": asked, "to_org": to, "due_at": due, "answered_by": "",
        "answered_org": None, "answered_at": None, "answer": None,
    }  # fmt: skip


def grant(batch: Batch, case: Case, grantee: str, why: str) -> None:
    """Let somebody see the case besides those whose area holds it."""
    batch.grants.append({"case_id": case.id, "grantee": grantee, "why": why})


def link(batch: Batch, case_id: UUID, other: UUID, relation: str, at: Any, *, required: bool = False) -> None:
    """Tie two cases together."""
    batch.links.append({"id": new_id(), "case_id": case_id, "other_id": other, "relation": relation, "required": required, "at": at})


def searchable(case: Case) -> dict[str, Any]:
    """Return what may be found of a case: of C2 and above only its number (decision 20)."""
    texts = (case.title, case.text, case.address) if case.confidentiality < 2 else ()
    words = case.number, f"@{case.area[:9]}"  # nobody can ask for the second: `bigrams` keeps no such sign
    return {"case_id": case.id, "area": case.area, "compartment": case.compartment, "words": [*words, *bigrams(*texts)]}
