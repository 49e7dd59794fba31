"""What each event says, and to whom: one function for a move, all of them data for the pass that follows the cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fengqiao.across.duty import roster
from fengqiao.audit.models import BreakGlass
from fengqiao.base.act import Act
from fengqiao.base.words import Words, _
from fengqiao.cases import registry
from fengqiao.cases.limits import NIL
from fengqiao.cases.models import Case, CaseEvent, Link, Rung, SideRequest
from fengqiao.cases.requests import DISTRICT
from fengqiao.cases.terms import REQUEST_TITLES, RequestKind
from fengqiao.kits.notices import services as notices
from fengqiao.kits.notices import wording
from fengqiao.loop.alphabet import CLOCK_TITLES
from fengqiao.loop.deadlines import REMINDER, UPGRADE
from fengqiao.loop.terms import Sla

NO_MORE: Mapping[str, Any] = {}
ALL_AWAY = _("Nobody has duty at {missed}, so this comes to you.")
NOBODY_LEFT = _("Nobody at all has duty for the case {number}. Look at the roster.")
REMIND = _("Case {number}, {kind} in {town}: three quarters of the limit “{clock}” are used.")
YELLOW_CARD = _("Yellow card: the limit “{clock}” of case {number}, {kind} in {town}, is over. Late: {organisation}.")
RED_CARD = _("Red card: the limit “{clock}” of case {number}, {kind} in {town}, is long over. Late: {organisation}.")
TWICE = _("Case {number}, {kind} in {town}, has used twice its limit “{clock}” and is now yours to decide. Late: {organisation}.")
PRESSED = _("Case {number}, {kind} in {town}: you are reminded to go on.")
ASSIGNED = _("New order: case {number}, {kind} in {town}. Sign for it in time.")
ASSISTS = _("You are asked to assist with case {number}, {kind} in {town}. {organisation} leads.")
AT_ONCE = _("Emergency: case {number}, {kind} in {town}. Go at once.")
WHISTLED = _("Whistle: come to case {number}, {kind} in {town}. Answer it on the desk.")
HELP = _("Your help is asked for: case {number}, {kind} in {town}.")
ANSWER_DUE = _("Case {number}, {kind} in {town}: answer for the delay by {due}.")
ASKED = _("“{what}” is asked for: case {number}, {kind} in {town}.")
APPEALED = _("Appeal: case {number}, {kind} in {town}. Decide it by {due}.")
GRANTED = _("“{what}” was granted: case {number}, {kind} in {town}.")
REFUSED = _("“{what}” was refused: case {number}, {kind} in {town}.")
COMES = _("{organisation} comes to the whistle: case {number}, {kind} in {town}.")
STAYS = _("{organisation} does not come to the whistle: case {number}, {kind} in {town}. Its reason stands there.")
REPLIED = _("{organisation} has answered for the delay of case {number}, {kind} in {town}.")
NO_REPLY = _("{organisation} has not answered in time for the delay of case {number}, {kind} in {town}.")
SENT_BACK = _("Not done yet: case {number}, {kind} in {town}, was sent back to you. The limit goes on.")
HANDED_BACK = _("{organisation} has handed back case {number}, {kind} in {town}. Name somebody else.")
AGAIN = _("Case {number}, {kind} in {town}, is to be handled again.")
PASSED_UP = _("Case {number}, {kind} in {town}, was passed up to you.")
BROKEN = _("{who}, {organisation}, has opened the sealed case {number} without a seat in it. Ask why.")
SEALED = _("A sealed case was opened: {number}. Look at it at once.")

TO_REPORTER: dict[str, Words] = {
    "accept": _("Your report {number} was taken in."),
    "reject": _("Your report {number} was not taken in. The reason and where to turn stand on its page."),
    "transfer": _("Your report {number} was handed to a body outside. It stands on its page whom to ask."),
    "extend": _("Your report {number} takes longer. The reason stands on its page."),
    "reopen": _("Your report {number} is being handled again."),
    "answer_appeal": _("Your appeal about report {number} was decided. The answer stands on its page."),
    "merge": _("Your report {number} goes on together with another one about the same. What becomes of it stands on its page."),
    "close": _("Your report {number} was closed. Look at the result and say how it was; if it is not right, it can be handled again."),
}

SHARED: dict[str, Words] = {
    "transfer": TO_REPORTER["transfer"], "extend": TO_REPORTER["extend"], "reopen": TO_REPORTER["reopen"],
    "close": _("What you reported under {number}, together with others, was closed. The result stands on its page."),
}  # fmt: skip
"""What also concerns those whose reports were merged into a case, and how it is said to them."""


def facts_of(case: Case) -> dict[str, Any]:
    """Return what every sentence about a case may say; never its title, its text or a person."""
    loop = registry.loop(case.kind, case.loop_version)
    return {"number": case.number, "kind": wording.words(loop.title), "town": wording.area(case.area[:9])}


@dataclass(slots=True)
class Happening:
    """One event of a case, and the act in which people are told of it."""

    act: Act
    case: Case
    event: CaseEvent
    said: Mapping[str, Any]
    fresh: bool

    @property
    def at(self) -> datetime:
        """The moment of telling: the roster is asked for now, however long ago the event was."""
        return self.act.at

    def tell(self, whom: roster.Reached, sentence: str, more: Mapping[str, Any] = NO_MORE, *, about: str = "", urgent: bool = False) -> int:
        """Tell people, with more facts than every sentence has; where somebody else should have been told, say so."""
        if not self.fresh:
            return 0
        facts, because = {**facts_of(self.case), **more}, ""
        if whom.missed:
            because = ALL_AWAY
            facts["missed"] = wording.many([_place(seat) for seat in whom.missed])
        link = f"/desk/cases/{self.case.id}"
        once = f"{self.event.id}:{about or self.event.move}"
        if not whom.persons:
            return self._alarm(once)
        return notices.tell(
            self.act, whom.persons, sentence, facts, link, once=once, urgent=urgent, because=because,
            quiet=self.case.confidentiality >= 4, wakes=self.wakes,
        )  # fmt: skip

    @property
    def wakes(self) -> bool:
        """Emergencies, danger to the public and what only a compartment may see are told at any hour."""
        return self.case.sla == Sla.S0 or self.case.public_danger or self.case.confidentiality >= 4

    def _alarm(self, once: str) -> int:
        """Tell the supervisors that the roster has a hole, if there are any."""
        whom = roster.everybody(self.at, roster.SUPERVISOR)
        return notices.tell(self.act, whom, NOBODY_LEFT, facts_of(self.case), "/duty/", once=f"{once}:hole", urgent=True,
                            wakes=self.wakes)  # fmt: skip


def _place(seat: roster.Seat) -> Any:
    return wording.organisation(seat.organisation)


# --- the ladder -------------------------------------------------------------------------------------------------------


def _supervise(what: Happening) -> None:
    card, clock = str(what.said.get("kind", "")), str(what.said.get("clock", ""))
    if not clock:
        _by_hand(what, card)
        return
    org = _org_of_clock(what, clock)
    late = roster.late_organisation(what.case, what.at, clock, org)
    more = {"clock": wording.words(CLOCK_TITLES.get(clock, Words(clock))), "organisation": wording.organisation(late)}
    if card == REMINDER.name:
        what.tell(_whose_clock(what, clock, org), REMIND, more)
    elif card == UPGRADE.name:
        what.tell(roster.next_level(what.case, what.at), TWICE, more, urgent=True)
    elif card == "red":
        what.tell(roster.district(what.at), RED_CARD, more, urgent=True)
    else:
        what.tell(roster.leader(what.case, what.at), YELLOW_CARD, more, urgent=True)


def _by_hand(what: Happening, card: str) -> None:
    """Somebody pressed: the handler hears it, and of a card also the one whom the clock would have told."""
    late = roster.late_organisation(what.case, what.at, what.case.clock)
    more = {
        "clock": wording.words(CLOCK_TITLES.get(what.case.clock, Words(what.case.clock))), "organisation": wording.organisation(late),
    }  # fmt: skip
    what.tell(_whose_clock(what, what.case.clock, NIL), PRESSED, about="pressed", urgent=card != "reminder")
    if card == "red":
        what.tell(roster.district(what.at), RED_CARD, more, urgent=True)
    elif card == "yellow":
        what.tell(roster.leader(what.case, what.at), YELLOW_CARD, more, urgent=True)


def _org_of_clock(what: Happening, clock: str) -> str:
    """Return the organisation whose own clock rang, from the rung that was noted in the same act."""
    rung = Rung.objects.filter(case_id=what.case.id, clock=clock, at=what.event.at).first()
    return str(rung.org) if rung else NIL


def _whose_clock(what: Happening, clock: str, org: str) -> roster.Reached:
    if org != NIL:
        return roster.handlers(what.case, org, what.at)
    return roster.handler(what.case, what.at) if clock in roster.HANDLER_CLOCKS else roster.dispatcher(what.case, what.at)


# --- orders -----------------------------------------------------------------------------------------------------------


def _assign(what: Happening) -> None:
    lead = what.said.get("lead")
    if lead:
        what.tell(roster.handlers(what.case, lead, what.at), ASSIGNED)
    for org in what.said.get("assisting") or []:
        more = {"organisation": wording.organisation(lead or what.case.lead or "")}
        what.tell(roster.handlers(what.case, org, what.at), ASSISTS, more, about=f"assist:{org}")


def _emergency(what: Happening) -> None:
    lead = what.said.get("lead") or what.case.lead
    if lead:
        what.tell(roster.handlers(what.case, lead, what.at), AT_ONCE, urgent=True)
    what.tell(roster.leader(what.case, what.at), AT_ONCE, about="leader", urgent=True)


def _verify_fail(what: Happening) -> None:
    what.tell(roster.handler(what.case, what.at), SENT_BACK, urgent=True)


def _object(what: Happening) -> None:
    what.tell(roster.dispatcher(what.case, what.at), HANDED_BACK, {"organisation": wording.organisation(what.event.org or "")})


def _reopen(what: Happening) -> None:
    what.tell(roster.handler(what.case, what.at), AGAIN)


def _upgrade(what: Happening) -> None:
    what.tell(roster.next_level(what.case, what.at), PASSED_UP, urgent=True)


def _sealed(what: Happening) -> None:
    """C4: whoever protects hears of it at once; the sentence says that there is a case, not what it is about."""
    if what.case.confidentiality >= 4:
        what.tell(roster.officers(what.case, what.at), SEALED, about="sealed", urgent=True)


# --- side requests ----------------------------------------------------------------------------------------------------


def _ask(what: Happening) -> None:
    kind = RequestKind(what.event.move.removeprefix("ask_"))
    ids = [UUID(str(id)) for id in what.said.get("requests") or []]
    for one in SideRequest.objects.filter(id__in=ids).order_by("id"):
        if one.to_org:
            whom = roster.handlers(what.case, one.to_org, what.at)
            sentence = {RequestKind.WHISTLE: WHISTLED, RequestKind.SUPERVISION: ANSWER_DUE}.get(kind, HELP)
        else:
            whom = roster.district(what.at) if kind in DISTRICT else roster.dispatcher(what.case, what.at)
            sentence = ANSWER_DUE if kind is RequestKind.SUPERVISION else ASKED
        more = {"what": wording.words(REQUEST_TITLES[kind]), "due": wording.moment(one.due_at or what.event.at)}
        urgent = kind in (RequestKind.WHISTLE, RequestKind.SUPERVISION)
        what.tell(whom, sentence, more, about=f"ask:{one.id}", urgent=urgent)


def _appeal(what: Happening) -> None:
    """Another house than the one that dealt with it decides: the district's."""
    for one in SideRequest.objects.filter(case_id=what.case.id, kind=RequestKind.APPEAL, asked_at=what.event.at):
        more = {"what": wording.words(REQUEST_TITLES[RequestKind.APPEAL]), "due": wording.moment(one.due_at or what.event.at)}
        what.tell(roster.district(what.at), APPEALED, more)


def _answer(what: Happening) -> None:
    kind = RequestKind(what.event.move.removeprefix("answer_"))
    asked = SideRequest.objects.filter(id=what.said.get("request") or NIL).first()
    if asked is None:
        return
    yes, no = {RequestKind.SUPERVISION: (REPLIED, REPLIED), RequestKind.WHISTLE: (COMES, STAYS)}.get(kind, (GRANTED, REFUSED))
    sentence = yes if what.said.get("granted") else no
    more = {"what": wording.words(REQUEST_TITLES[kind]), "organisation": wording.organisation(what.event.org or asked.to_org or NIL)}
    what.tell(_asker(what, asked), sentence, more)


def _asker(what: Happening, asked: SideRequest) -> roster.Reached:
    """Return whoever asked; what the clock asked, the town's leader hears. Who reported reads of an appeal on the status page."""
    if asked.kind == RequestKind.APPEAL:
        return roster.dispatcher(what.case, what.at)
    if asked.asked_by.startswith("machine:"):
        return roster.leader(what.case, what.at)
    try:
        return roster.Reached((str(UUID(asked.asked_by)),))
    except ValueError:
        return roster.dispatcher(what.case, what.at)


def no_reply(act: Act, case: Case, asked: SideRequest, organisation: str) -> int:
    """Tell the district that a reply did not come."""
    facts = {**facts_of(case), "organisation": wording.organisation(organisation)}
    whom, quiet = roster.district(act.at).persons, case.confidentiality >= 4
    return notices.tell(act, whom, NO_REPLY, facts, f"/desk/cases/{case.id}", once=f"late:{asked.id}", urgent=True, quiet=quiet)


def glass_broken(act: Act, case: Case, glass: BreakGlass) -> int:
    """Tell the officers that somebody opened a sealed case; the one who did need not be told."""
    facts = {"number": case.number, "who": wording.person(glass.person), "organisation": wording.organisation(glass.org or NIL)}
    whom = [id for id in roster.officers(case, act.at).persons if id != str(glass.person)]
    return notices.tell(act, whom, BROKEN, facts, f"/desk/cases/{case.id}", once=f"glass:{glass.id}", urgent=True, quiet=True)


# --- reporters --------------------------------------------------------------------------------------------------------


def tell_reporter(what: Happening) -> None:
    """Keep what whoever reported this case is told, and whoever reported what was merged into it; nobody gets two messages."""
    sentence = TO_REPORTER.get(what.event.move)
    if sentence is None:
        return
    merged = merged_into(what.case) if what.event.move in SHARED else []
    reached: set[str] = set()
    for case in (what.case, *merged):
        phone = _phone(case) if merged else ""
        outward, quiet = what.fresh and phone not in reached, case.confidentiality >= 3
        reached |= {phone} - {""}
        said = SHARED[what.event.move] if case is not what.case else sentence
        notices.tell_reporter(what.act, case.id, said, {"number": case.number}, once=str(what.event.id), at=what.event.at, quiet=quiet,
                              outward=outward, wakes=what.wakes)  # fmt: skip


def merged_into(case: Case) -> list[Case]:
    """Return what was merged into a case, and into that, the earliest first."""
    found: dict[UUID, Case] = {}
    masters = [case.id]
    while masters:
        links = Link.objects.filter(other_id__in=masters, relation=Link.Relation.MERGED_INTO).select_related("case").order_by("at")
        fresh = {one.case_id: one.case for one in links if one.case_id not in found and one.case_id != case.id}
        found |= fresh
        masters = list(fresh)
    return list(found.values())


def _phone(case: Case) -> str:
    address = roster.reporter_of(case.id)
    return address.phone if address else ""


def _nobody(what: Happening) -> None:
    """Only the reporter hears of it."""


TELLING: dict[str, Callable[[Happening], None]] = {
    "supervise": _supervise, "assign": _assign, "fill_in": _assign, "emergency": _emergency, "verify_fail": _verify_fail,
    "object": _object, "reopen": _reopen, "upgrade": _upgrade, "triage": _sealed, "appeal": _appeal,
    **{f"ask_{kind}": _ask for kind in RequestKind}, **{f"answer_{kind}": _answer for kind in RequestKind},
    **dict.fromkeys(("accept", "merge", "reject", "transfer", "extend", "close"), _nobody),
}  # fmt: skip
AT_ONCE_MOVES = ("supervise", "emergency", "verify_fail", "upgrade", "ask_whistle", "ask_supervision")
"""What cannot wait the second or two until the next pass over everything that was published."""

ONLY_SEALED: dict[str, Callable[[Happening], None]] = {"report": _sealed}
"""Of reports only the sealed ones matter here; they are too many to look at one by one, so the catching-up finds them."""
