"""What people do with incidents, questions and suggestions beyond the moves of every case."""

from uuid import UUID

from django.db import transaction

from fengqiao.base.act import Act
from fengqiao.base.errors import NotAllowed
from fengqiao.base.words import _
from fengqiao.cases import claims, continuing, reference, registry
from fengqiao.cases import services as cases
from fengqiao.cases.claims import UnknownCase
from fengqiao.cases.models import Case, Link
from fengqiao.modules.incidents import policies
from fengqiao.modules.incidents.schemas import Answer, Answered, Convert, Converted


class NoOrganisation(NotAllowed):
    """Whoever answers must answer for somebody."""

    message = _("You answer for an organisation. Choose a post at one, then answer.")


def answer(act: Act, case_id: UUID, asked: Answer, *, version: int | None = None) -> Case:
    """Answer a question or suggestion: taken in, answered and delivered to the reporter's page in one act."""
    return cases.move_case(act, case_id, "answer", _for_whom(act, case_id, asked), version=version)


def answer_accepted(act: Act, case_id: UUID, asked: Answer, *, version: int | None = None) -> Case:
    """Answer a question or suggestion that was accepted before."""
    return cases.move_case(act, case_id, "answer_accepted", _for_whom(act, case_id, asked), version=version)


def _for_whom(act: Act, case_id: UUID, asked: Answer) -> Answered:
    # Whoever has changed posts since, and sends the same answer again, is told the same as the first time.
    if not act.actor.org and claims.done_before(act, case_id) is None:
        raise NoOrganisation
    return asked.together(Answered, lead=act.actor.org or None)


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
        return cases.move_case(act, case_id, "convert", asked.together(Converted, master=master), version=version)


def _reopened_as(act: Act, old: Case, asked: Convert) -> Case:
    report = continuing.report_of(old, category=asked.category, name=asked.name, phone=asked.phone)
    policies.check_contact(reference.category(asked.category), report.name, report.phone)
    return continuing.go_on(act, old, asked.kind, report)
