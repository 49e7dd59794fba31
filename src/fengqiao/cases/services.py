"""Everything that changes a case goes through here: open it, move it, move it along a chain.

One act, one transaction: the case is locked, the policy asked, the engine judges, and one statement writes case, event,
clocks and outbox. Callers are inside ``access.acting(act)``.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from fengqiao.base.act import Act
from fengqiao.base.errors import Invalid
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.cases import effects, limits, numbers, policies, reference, registry, steps
from fengqiao.cases.claims import UnknownCase, claim, held_clocks, lock
from fengqiao.cases.ledger import Batch
from fengqiao.cases.models import Case
from fengqiao.cases.schemas import Asked, Report
from fengqiao.loop import engine
from fengqiao.loop.definition import Loop
from fengqiao.loop.terms import Level
from fengqiao.people import queries as people
from fengqiao.people.statements import prepared

BLANK = {one.attname: one.get_default() for one in Case._meta.concrete_fields}
_through: ContextVar[tuple[str, str] | None] = ContextVar("through", default=None)


class NoSuchPlace(Invalid):
    """Neither point nor code leads to an area of this district."""

    message = _("This place is not in our district. Choose a place on the map or a community from the list.")


class MoveHasService(RuntimeError):
    """``move_case`` was called past the module's own service for that move (decision 1)."""


def open_case(
    act: Act,
    kind: str,
    asked: Report,
    *,
    area: str = "",
    level: str = Level.TOWN,
    suggestion: Mapping[str, Any] | None = None,
    links: tuple[tuple[UUID, str, bool], ...] = (),
    matter: UUID | None = None,
) -> Case:
    """Open a case (t01) and give it its number.

    ``area`` is where a code or a window says it is; a point on the map is more exact and wins. ``suggestion`` is what
    routing proposes, with its reasons. ``links`` are (other case, relation, required).
    """
    loop = registry.loop(kind)
    policies.check_report(act.actor, loop)
    case_id = new_id()
    found = claim(act, case_id, asked)
    if found is not None:
        return found
    case = placed(act, loop, asked, area, level, case_id)
    case.suggestion = dict(suggestion) if suggestion else None
    case.matter = matter or case.id
    batch = Batch()
    for other, relation, required in links:
        effects.link(batch, case.id, other, relation, act.at, required=required)
    said = steps.bound(act, case, asked.facts(), batch)
    step = engine.decide(loop, steps.standing(case), "report", by=steps.doer(act), at=act.at, asked=said)
    steps.apply(act, case, step, said, for_the_record(case, said), batch, {})
    introduce(act, case, asked, batch)
    steps.finish(case, batch, opened=True)
    return case


def dispatch(act: Act, case_id: UUID, move: str, asked: Asked | None = None, *, version: int | None = None) -> Case:
    """Make a move through the module's own service if it has one: the one way for all doors (decision 1)."""
    kind = kind_of(case_id)
    own = registry.service(kind, move)
    if own is None:
        return move_case(act, case_id, move, asked, version=version)
    token = _through.set((kind, move))
    try:
        case: Case = own(act, case_id, asked, version=version)
        return case
    finally:
        _through.reset(token)


def move_case(act: Act, case_id: UUID, move: str, asked: Asked | None = None, *, version: int | None = None) -> Case:
    """Lock the case, ask the policy, let the engine judge, write: one move or one chain of moves."""
    said = asked.facts() if asked is not None else {}
    if said.get("master"):
        effects.lock_both(case_id, said["master"])
    case, fresh = lock(act, case_id, move, asked, version=version)
    if not fresh:
        return case
    if registry.service(case.kind, move) is not None and _through.get() != (case.kind, move):
        raise MoveHasService(f"{case.kind}:{move} has a service of its own; go through cases.dispatch")
    policies.check_move(act.actor, case, steps.loop_of(case), move, steps.standing(case), steps.doer(act, case))
    batch = Batch()
    steps.advance(act, case, move, steps.bound(act, case, said, batch), batch, held_clocks(case))
    steps.finish(case, batch)
    return case


def placed(act: Act, loop: Loop, asked: Report, area: str, level: str, case_id: UUID) -> Case:
    """Make the row of a new case: where it is, what it is, what its number is."""
    spot = people.locate(asked.place.lon, asked.place.lat) if asked.place else None
    code = (spot.grid or spot.village or spot.town) if spot else (asked.area or area)[:15]
    if not code or people.area(code) is None:
        raise NoSuchPlace(fields={"place": str(NoSuchPlace.message)})
    category = reference.category(asked.category) if asked.category else None
    number = numbers.next_number(code, act.at.astimezone(people.calendar().zone).date(), act.at)
    confidentiality = max(int(loop.confidentiality), category.confidentiality if category else 0)
    sealed = confidentiality >= policies.SEALED
    facts: dict[str, Any] = {
        "id": case_id, "number": number, "kind": loop.key, "loop_version": loop.version, "state": "",
        "title": "" if sealed else title_of(asked), "text": "" if sealed else asked.text, "area": code,
        "lon": asked.place.lon if asked.place else None, "lat": asked.place.lat if asked.place else None,
        "address": "" if sealed else asked.address,
        "category": category.code if category else "", "channel": str(act.channel), "level": str(level),
        "sla": category.sla if category else str(loop.sla), "confidentiality": confidentiality,
        "public_danger": bool(category and category.public_danger),
        "reporter": act.actor.person or numbers.receipt_grantee(number, numbers.receipt_code(number)),
        "held_since": act.at, "last_hash": b"", "created_at": act.at, "sort_at": limits.NEVER, "doers": {},
        "assisting": [], "pending": [],
    }  # fmt: skip
    # By position: Django then asks no field for its default, which is most of the cost of a row.
    row: list[Any] = [facts.get(name, default) for name, default in BLANK.items()]
    return Case(*row)  # type: ignore[misc]


def for_the_record(case: Case, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the event of a report keeps: who reported stands in a row of its own, where it can be erased, or under seal."""
    kept = {name: value for name, value in said.items() if name not in ("name", "phone")}
    if case.confidentiality >= policies.SEALED:
        kept["reporter"] = {"name": said["name"], "phone": said["phone"]}
    return kept


def title_of(asked: Report) -> str:
    """Return the title, or the first sentence of the text."""
    line = asked.title or asked.text.splitlines()[0]
    for mark in "。！？!?":
        line = line.split(mark)[0]
    return (line[:58] + "…") if len(line) > 60 else line


def introduce(act: Act, case: Case, asked: Report, batch: Batch) -> None:
    """Write who reported, who may see it by receipt or account, and what may be found by search."""
    person, sealed = act.actor.person, case.confidentiality >= policies.SEALED
    batch.reporters.append(
        {
            "case_id": case.id, "name": "" if sealed else asked.name, "phone": "" if sealed else asked.phone, "person": person,
            "anonymous": not (asked.name or asked.phone or person), "language": get_language() or "zh-hans", "consent": act.purpose[:60],
        }
    )  # fmt: skip
    receipt = numbers.receipt_grantee(case.number, numbers.receipt_code(case.number)) if person else case.reporter
    effects.grant(batch, case, receipt, "receipt")
    if person:
        effects.grant(batch, case, f"person:{person}", "reporter")
    batch.search.append(effects.searchable(case))


@lru_cache(maxsize=20_000)
def _kinds(case_id: UUID) -> str:
    found = prepared("SELECT kind FROM cases WHERE id = %s", [case_id])
    if not found:
        raise UnknownCase  # not remembered: an exception never is
    return str(found[0][0])


def kind_of(case_id: UUID) -> str:
    """Return the kind of a case; it never changes, so it is remembered. The lock that follows asks who may see it."""
    return _kinds(case_id)
