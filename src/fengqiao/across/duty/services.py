"""What duty does: follow the cases and tell people, ask for replies and interviews, keep the log, hand over."""

import logging
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext, override

from fengqiao.access.acting import acting, acts_as
from fengqiao.across.duty import roster
from fengqiao.across.duty.models import Heard, Interview, RedCard
from fengqiao.across.duty.telling import ONLY_SEALED, TELLING, Happening, tell_reporter
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.ids import derived_id
from fengqiao.base.words import _
from fengqiao.cases import requests, views
from fengqiao.cases.limits import NIL
from fengqiao.cases.models import Case, CaseEvent, Rung
from fengqiao.cases.schemas import AskSupervision
from fengqiao.cases.terms import RequestKind
from fengqiao.kits.notices import services as notices
from fengqiao.kits.notices import wording

log = logging.getLogger("fengqiao.duty")

STALE = timedelta(days=3)
"""Nobody is told of what happened longer ago; the reporter's page and the red cards keep it all the same."""

IMPORTED = "machine:import"
REDS = 3
REPLY = _("The limit is over. Say why, and by when it will be done.")
INTERVIEW = _("{organisation} had {count} red cards in one quarter and is to be asked in for an interview.")
INVITED = _("Your organisation, {organisation}, had {count} red cards in one quarter and is asked in for an interview.")
# Noted and locked in one: whoever follows the same case at the same time waits, and finds it told.
HEARD = """
INSERT INTO duty_heard (case_id, seq) VALUES (%s, 0) ON CONFLICT (case_id) DO UPDATE SET seq = duty_heard.seq RETURNING seq
"""


def follow(act: Act, case_id: UUID) -> None:
    """Tell people of everything that happened to a case since they were last told; twice is once."""
    with nullcontext() if acts_as() == act.actor else acting(act):
        with connection.cursor() as cursor:
            cursor.execute(HEARD, [case_id])
            (heard,) = cursor.fetchone()
        case = Case.objects.filter(id=case_id).first()
        if case is None or case.last_seq <= heard:
            return
        events = list(CaseEvent.objects.filter(case_id=case_id, seq__gt=heard).select_related("said").order_by("seq"))
        for event in events:
            if event.move in TELLING or (event.move in ONLY_SEALED and case.confidentiality >= 4):
                _hear(act, case, event)
        if events:
            Heard.objects.filter(case_id=case_id).update(seq=events[-1].seq)


def _hear(act: Act, case: Case, event: CaseEvent) -> None:
    """Tell of one event; what a rule refuses is noted and keeps nobody from hearing of the next."""
    if event.actor.startswith(IMPORTED):
        return
    telling = TELLING.get(event.move) or ONLY_SEALED[event.move]
    said = {} if event.move in ONLY_SEALED else views.what_was_said(case, event)
    what = Happening(act, case, event, said, fresh=act.at - event.at <= STALE)
    try:
        with transaction.atomic():
            telling(what)
            tell_reporter(what)
            if event.move == "supervise":
                _answer_for(what)
    except FengqiaoError as error:
        log.warning("case %s, event %d: %s", case.number, event.seq, error)


# --- cards ------------------------------------------------------------------------------------------------------------


def _answer_for(what: Happening) -> None:
    """A card asks for a reply; a red one also counts towards an interview."""
    card = str(what.said.get("kind", ""))
    if card == "red":
        note_red(what)
    if card in ("yellow", "red") and what.fresh:
        _ask_for_reply(what)


def _ask_for_reply(what: Happening) -> None:
    """Ask the lead organisation, if no such question is waiting already and the case is still open."""
    kind = RequestKind.SUPERVISION
    if kind in what.case.pending or what.case.state not in requests.STATES[kind]:
        return
    id = derived_id("duty", str(what.event.id), kind)
    act = replace(what.act, id=id, key=str(id))
    with override(settings.LANGUAGE_CODE):
        asked = AskSupervision(text=gettext(REPLY))
    requests.ask(act, what.case.id, kind, asked)
    what.case.refresh_from_db()


def note_red(what: Happening) -> None:
    """Count a red card for whoever was late; the third of a quarter calls for an interview."""
    clock = str(what.said.get("clock") or what.case.clock)
    rung = Rung.objects.filter(case_id=what.case.id, clock=clock, at=what.event.at).first()
    late = roster.late_organisation(what.case, what.event.at, clock, rung.org if rung else NIL)
    if not late:
        return
    quarter = quarter_of(what.event.at)
    card = {"organisation": late, "case_id": what.case.id, "quarter": quarter, "at": what.event.at}
    _row, new = RedCard.objects.get_or_create(id=what.event.id, defaults=card)
    cards = RedCard.objects.filter(organisation=late, quarter=quarter).order_by("at")
    if new and len(cards) >= REDS:
        _call_in(what.act, late, quarter, [one.case_id for one in cards])


def _call_in(act: Act, organisation: str, quarter: str, cases: list[UUID]) -> None:
    record = {"id": derived_id("interview", organisation, quarter), "at": act.at, "cases": cases}
    interview, new = Interview.objects.get_or_create(organisation=organisation, quarter=quarter, defaults=record)
    if not new:
        return
    facts = {"organisation": wording.organisation(organisation), "count": len(cases)}
    once = f"interview:{interview.id}"
    notices.tell(act, roster.supervisors(act.at).persons, INTERVIEW, facts, "/duty/", once=once, urgent=True)
    notices.tell(act, roster.everybody(act.at, "", organisation), INVITED, facts, "/duty/", once=f"{once}:own", urgent=True)


def quarter_of(at: datetime) -> str:
    """Return the quarter in which a moment lies here."""
    day = roster.day_of(at)
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"
