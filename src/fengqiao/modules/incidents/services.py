"""What people do with incidents, questions and suggestions beyond the moves of every case."""

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from fengqiao.base.act import Act
from fengqiao.base.errors import Conflict, NotAllowed
from fengqiao.base.ids import derived_id
from fengqiao.base.words import _
from fengqiao.cases import reference, registry, views
from fengqiao.cases import services as cases
from fengqiao.cases.claims import UnknownCase
from fengqiao.cases.models import Case, CaseEvent, Link
from fengqiao.cases.schemas import Place, Report
from fengqiao.modules.incidents import policies
from fengqiao.modules.incidents.schemas import Answer, Answered, Convert, Converted


class NothingLeft(Conflict):
    """What was reported has been erased, so there is nothing to go on with."""

    message = _("What was reported in this case was erased. Open a new case instead.")


class NoOrganisation(NotAllowed):
    """Whoever answers must answer for somebody."""

    message = _("You answer for an organisation. Choose a post at one, then answer.")


def answer(act: Act, case_id: UUID, asked: Answer, *, version: int | None = None) -> Case:
    """Answer a question or suggestion: taken in, answered and delivered to the reporter's page in one act."""
    return cases.move_case(act, case_id, "answer", _for_whom(act, asked), version=version)


def answer_accepted(act: Act, case_id: UUID, asked: Answer, *, version: int | None = None) -> Case:
    """Answer a question or suggestion that was accepted before."""
    return cases.move_case(act, case_id, "answer_accepted", _for_whom(act, asked), version=version)


def _for_whom(act: Act, asked: Answer) -> Answered:
    if not act.actor.org:
        raise NoOrganisation
    return Answered(**asked.facts(), lead=UUID(act.actor.org))


def convert(act: Act, case_id: UUID, asked: Convert, *, version: int | None = None) -> Case:
    """Let a case go on as another kind, under the same matter; whoever reported it follows."""
    with transaction.atomic():
        old = Case.objects.filter(id=case_id).select_related("told").first()
        if old is None:
            raise UnknownCase
        done = Link.objects.filter(case=old, relation=Link.Relation.MERGED_INTO).first()
        if done is None:
            policies.check_convert(old, registry.loop(asked.kind), reference.category(asked.category))
        master = done.other_id if done else _reopened_as(act, old, asked).id
        return cases.move_case(act, case_id, "convert", Converted(**asked.facts(), master=master), version=version)


def _reopened_as(act: Act, old: Case, asked: Convert) -> Case:
    # An act of its own, because the key that came with the form belongs to the old case's move; and not the clerk's own
    # report: whoever holds the old receipt stays the reporter.
    opening = replace(act, id=derived_id(str(act.id), "convert"), key="", channel=old.channel, actor=replace(act.actor, person=""))
    # Of a sealed case the row holds no words: they stand in the event of the report, under the key of the case.
    event = CaseEvent.objects.filter(case_id=old.id, move="report").select_related("said").first()
    said = views.what_was_said(old, event) if event else {}
    text = old.text or old.title or said.get("text", "")
    if not text:
        raise NothingLeft
    told = views.told_of(old, [said])
    name, phone = asked.name or (told.name if told else ""), asked.phone or (told.phone if told else "")
    policies.check_contact(reference.category(asked.category), name, phone)
    report = Report(
        category=asked.category,
        text=text,
        place=Place(lon=old.lon, lat=old.lat) if old.lon is not None and old.lat is not None else None,
        address=old.address or said.get("address", ""),
        area=old.area,
        name=name,
        phone=phone,
    )
    return cases.open_case(
        opening, asked.kind, report, level=old.level, matter=old.matter, links=((old.id, Link.Relation.CONVERTED_FROM, False),)
    )
