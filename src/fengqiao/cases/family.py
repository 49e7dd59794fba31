"""Cases that belong together (decision 9): a part of a matter is a case of its own, with its own owner and clocks.

A parent closes only when the parts it requires have ended; all of them carry the parent's matter.
"""

from dataclasses import replace
from uuid import UUID

from django.db import connection

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.base.act import Act
from fengqiao.base.errors import Conflict
from fengqiao.base.ids import derived_id
from fengqiao.base.words import _
from fengqiao.cases import policies, services, steps
from fengqiao.cases.claims import lock
from fengqiao.cases.ledger import Batch
from fengqiao.cases.models import Case, Link
from fengqiao.cases.schemas import Report
from fengqiao.loop.alphabet import ACTIVE, ENDINGS, Z

OPEN_PARTS = """
SELECT count(*) FROM case_link l JOIN cases c ON c.id = l.case_id
WHERE l.other_id = %s AND l.relation = 'child_of' AND l.required AND NOT c.state = ANY(%s)
"""
PARENTS = "SELECT other_id FROM case_link WHERE case_id = %s AND relation = 'child_of' AND required"
ENDED = [str(state) for state in (*ENDINGS, Z)]


class ParentEnded(Conflict):
    """A case that has ended takes no more parts."""

    message = _("This case has ended. Open a new one, or handle it again first.")


def open_part(act: Act, parent_id: UUID, kind: str, asked: Report, *, required: bool = True) -> Case:
    """Open a part of a case; with ``required`` the parent cannot close before it has ended."""
    parent, fresh = lock(act, parent_id, "part", asked)
    opening = replace(act, id=derived_id(act.id, "part"), key="", channel=act.channel)
    if not fresh:
        return services.open_case(opening, kind, asked, area=parent.area)
    refused = policies.may_move(act.actor, parent, steps.loop_of(parent), "assign", steps.standing(parent), steps.doer(act, parent))
    if refused:
        raise refused
    if parent.state not in ACTIVE:
        raise ParentEnded
    link = (parent.id, str(Link.Relation.CHILD_OF), required)
    part = services.open_case(opening, kind, asked, area=parent.area, level=parent.level, links=(link,), matter=parent.matter)
    batch = Batch()
    parent.children_open += int(required)
    steps.record(act, parent, "note", {"text": part.number, "part": part.id, "required": required}, batch)
    steps.finish(parent, batch)
    return part


def part_ended(act: Act, case_id: UUID) -> None:
    """Let the parents of a case that has ended know: a reaction to every ending, counted anew so that twice is once."""
    with connection.cursor() as cursor:
        cursor.execute(PARENTS, [case_id])
        parents = [found[0] for found in cursor.fetchall()]
    for parent_id in parents:
        again = machine_act("family", act.at, key=f"{act.id}:{parent_id}")
        with acting(again):
            _recount(again, parent_id)


def _recount(act: Act, parent_id: UUID) -> None:
    parent, fresh = lock(act, parent_id, "recount", None)
    with connection.cursor() as cursor:
        cursor.execute(OPEN_PARTS, [parent_id, ENDED])
        (left,) = cursor.fetchone()
    if not fresh or left == parent.children_open:
        return
    batch = Batch()
    parent.children_open = left
    steps.record(act, parent, "note", {"text": "", "parts_open": left}, batch)
    steps.finish(parent, batch)
