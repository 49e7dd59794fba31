"""A matter that goes on as another case: under the same number of the matter, with the same words, for the same reporter."""

from dataclasses import replace
from uuid import UUID

from django.db.models import Q

from fengqiao.base.act import Act
from fengqiao.base.errors import Conflict
from fengqiao.base.ids import derived_id
from fengqiao.base.words import _
from fengqiao.cases import effects, services, views
from fengqiao.cases.ledger import Batch, write
from fengqiao.cases.models import Case, CaseEvent, Link
from fengqiao.cases.schemas import Place, Report


class NothingLeft(Conflict):
    """What was reported has been erased, so there is nothing to go on with."""

    message = _("What was reported in this case was erased. Open a new case instead.")


def report_of(old: Case, *, category: str = "", name: str = "", phone: str = "") -> Report:
    """Return what was reported, as a report of its own; of a sealed case from under its seal."""
    # Of a sealed case the row holds no words: they stand in the event of the report, under the key of the case.
    event = CaseEvent.objects.filter(case_id=old.id, move="report").select_related("said").first()
    said = views.what_was_said(old, event) if event else {}
    text = old.text or old.title or said.get("text", "")
    if not text:
        raise NothingLeft
    told = views.told_of(old, [said])
    return Report(
        category=category or old.category,
        text=text,
        place=Place(lon=old.lon, lat=old.lat) if old.lon is not None and old.lat is not None else None,
        address=old.address or said.get("address", ""),
        area=old.area,
        name=name or (told.name if told else ""),
        phone=phone or (told.phone if told else ""),
    )


def go_on(act: Act, old: Case, kind: str, report: Report) -> Case:
    """Open the case that goes on; whoever holds the old receipt stays the reporter."""
    # An act of its own, because the key that came with a form belongs to the old case's move; and not the officer's own report.
    opening = replace(act, id=derived_id(str(act.id), "convert"), key="", channel=old.channel, actor=replace(act.actor, person=""))
    link = (old.id, str(Link.Relation.CONVERTED_FROM), False)
    return services.open_case(opening, kind, report, level=old.level, matter=old.matter, links=(link,))


def gone_on_as(old: Case) -> Case | None:
    """Return the case that an old one goes on as: merged into it, or opened from it."""
    merged = Link.objects.filter(case_id=old.id, relation=Link.Relation.MERGED_INTO).values_list("other_id", flat=True).first()
    opened = Link.objects.filter(other_id=old.id, relation=Link.Relation.CONVERTED_FROM).values_list("case_id", flat=True).first()
    found = merged or opened
    return Case.objects.filter(id=found).first() if found else None


def same_matter(case: Case) -> list[Case]:
    """Return a case with those it came from and goes on as for the same reporter; not those that it was merged with."""
    found, waiting = {case.id: case}, [case.id]
    while waiting:
        one = waiting.pop()
        rows = Link.objects.filter(Q(case_id=one) | Q(other_id=one), relation=Link.Relation.CONVERTED_FROM).values_list(
            "case_id", "other_id"
        )
        near = {id for pair in rows for id in pair} - set(found)
        fresh = {other.id: other for other in Case.objects.filter(id__in=near)}
        found |= fresh
        waiting += fresh
    return sorted(found.values(), key=lambda each: each.created_at)


def take_up(act: Act, case_id: UUID) -> None:
    """Let a case that was turned away go on when its reporter's appeal was granted: it is taken in at once, as a case anew."""
    old = Case.objects.filter(id=case_id, state="X").first()
    granted = old is not None and old.requests.filter(kind="appeal", status="granted").exists()
    if old is None or not granted or gone_on_as(old) is not None:
        return
    fresh = go_on(act, old, old.kind, report_of(old))
    batch = Batch()
    effects.follow_on(batch, old.id, fresh.id)
    write(batch)
    services.dispatch(replace(act, id=derived_id(str(act.id), "accept"), key=""), fresh.id, "accept")
