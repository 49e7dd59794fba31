"""Cases as people see them: names instead of ids, sentences instead of codes, in the reader's language."""

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from django.utils.translation import get_language, gettext

from fengqiao.base.act import Act, Actor, ActorKind
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.words import Words, _
from fengqiao.cases import effects, forms, limits, policies, queries, reference, registry, requests, sealing, steps, terms
from fengqiao.cases.models import Case, CaseEvent, Link, Reporter, SideRequest
from fengqiao.cases.story import Event, around
from fengqiao.kits.files import queries as files
from fengqiao.loop import engine
from fengqiao.loop.alphabet import CLOCK_TITLES, EVERY_MOVE, state_of
from fengqiao.loop.deadlines import LADDER, Span, Unit
from fengqiao.people import queries as people

LIKELY = ("accept", "triage", "assign", "sign", "start", "feed_back", "verify_pass", "close", "resume", "outcome")
HIDDEN_MOVES = ("report", "extend", "pause", "archive", "auto_recheck", "rate", "appeal")
ASKED = _("asked for: {what}")
ANSWERED = _("answered: {what}")
MACHINE = _("The system")
PROGRAM = _("Another system")
RESIDENT = _("Reporter")
RELATIONS: dict[str, Words] = {
    Link.Relation.MERGED_INTO: _("Merged into"),
    "merged_into_by": _("Merged from"),
    Link.Relation.CHILD_OF: _("Part of"),
    "child_of_by": _("Has as a part"),
    Link.Relation.CONVERTED_FROM: _("Converted from"),
    "converted_from_by": _("Converted to"),
    Link.Relation.SPLIT_FROM: _("Split from"),
    "split_from_by": _("Split into"),
    Link.Relation.RECURRENCE_OF: _("Happened again after"),
    "recurrence_of_by": _("Came back as"),
    Link.Relation.CONCERNS: _("Asks about the data of"),
    "concerns_by": _("Its data were asked about in"),
}
UNITS: dict[str, Words] = {
    Unit.MINUTE: _("{amount} minutes"),
    Unit.WORKING_HOUR: _("{amount} working hours"),
    Unit.WORKING_DAY: _("{amount} working days"),
    Unit.NATURAL_DAY: _("{amount} days"),
}


def language() -> str:
    """Return the reader's language."""
    return get_language() or "zh-hans"


@lru_cache(maxsize=4096)
def said_in(tongue: str, words: str) -> str:
    """Return words in the reader's language, which is the one that is active; a page of fifty lines says the same few words."""
    return gettext(words)


def row(actor: Actor, case: Case, at: datetime, *, opened: bool = False, tongue: str = "") -> dict[str, Any]:
    """Return one line of a list; of a case that was opened, without what a list leaves out."""
    tongue = tongue or language()
    loop = registry.loop(case.kind, case.loop_version)
    shown = policies.opened(case) if opened else policies.shown(actor, case)
    category = reference.categories().get(shown["category"])
    colour = colour_of(case, at)
    english = tongue.startswith("en")
    return {
        "id": case.id, "number": case.number, "kind": case.kind, "kind_title": said_in(tongue, loop.title), "title": shown["title"],
        "state": case.state, "state_title": said_in(tongue, loop.title_of(state_of(case.state))), "colour": colour,
        "colour_title": said_in(tongue, terms.COLOUR_TITLES[colour]), "due_at": case.due_at, "clock": case.clock,
        "clock_title": said_in(tongue, CLOCK_TITLES.get(case.clock, Words(""))) if case.clock else "", "category": shown["category"],
        "category_title": (category.name_en if english else category.name) if category else "",
        "area": shown["area"], "area_title": people.address(shown["area"], tongue), "address": shown["address"],
        "channel": case.channel, "channel_title": said_in(tongue, terms.CHANNEL_TITLES.get(case.channel, Words(case.channel))),
        "level": case.level, "confidentiality": case.confidentiality, "lead": organisation(case.lead, tongue),
        "handler": {"id": str(case.handler), "name": named(case.handler)} if case.handler else None,
        "held_since": case.held_since, "created_at": case.created_at, "closed_at": case.closed_at, "version": case.version,
        "danger": case.public_danger, "pending": list(case.pending), "rating": case.rating,
        "lon": shown["lon"], "lat": shown["lat"],
    }  # fmt: skip


def colour_of(case: Case, at: datetime) -> str:
    """Return the colour of a case's clock: what the ladder noted, or already is if the sweeper is a moment behind."""
    if case.state == "P":
        return "paused"
    if case.due_at is None:
        return "none"
    rung = max(case.rung, 2 if at > case.due_at else 0)
    return terms.COLOURS[rung]


def organisation(id: UUID | None, tongue: str = "") -> dict[str, str] | None:
    """Return an organisation's id and name."""
    return {"id": str(id), "name": people.organisation(id).called(tongue or language())} if id else None


def rows(actor: Actor, cases: list[Case], at: datetime) -> list[dict[str, Any]]:
    """Return the lines of a page; all names come from memory."""
    tongue = language()
    return [row(actor, case, at, tongue=tongue) for case in cases]


def named(id: Any) -> str:
    """Return an officer's name in the reader's language."""
    return people.person_named(str(id), language())


def detail(act: Act, case: Case) -> dict[str, Any]:
    """Return one case with its story and what may be done with it."""
    story = around(case.id)
    events = story.events or []
    said = {event.id: what_was_said(case, event) for event in events}
    for words in list(said.values()):
        said |= {UUID(event): before for event, before in words.get("before", {}).items()}
    reported = next((said[event.id] for event in events if event.move == "report"), {})
    gone = {file for words in said.values() for file in words.get("files_erased", ())}
    why = f"purpose={quote(act.purpose or 'move')}" if case.confidentiality >= policies.SEALED else ""
    return {
        **row(act.actor, case, act.at, opened=True), "address": case.address or reported.get("address", ""),
        "text": case.text or reported.get("text", ""),
        "reporter": _reporter(act.actor, case, _unsealed(case, story.reporter, said.values())),
        "assisting": [organisation(org) for org in case.assisting], "receipt_url": f"/receipt/{case.number}/",
        "loop_version": case.loop_version,
        "counts": {"objections": case.objections, "reworks": case.reworks, "reopens": case.reopens, "extensions": case.extensions},
        "suggestion": case.suggestion, "moves": moves(act, case), "requests_allowed": requests_allowed(act, case),
        "requests": [_request(act, case, one) for one in story.requests], "clocks": clocks(case, story.clocks, act.at),
        "timeline": [_event(case, event, said[event.id], why, gone) for event in events],
        "linked": [_linked(act, case, relation, other) for relation, other in (queries.linked(case) if story.linked else ())],
        "files": [_file(file, why) for file in files.of_case(case.id)],
    }  # fmt: skip


def told_of(case: Case, words: Iterable[Mapping[str, Any]] | None = None) -> Reporter | None:
    """Return who reported a case; of a sealed one the name and telephone stand under seal with its words."""
    told = Reporter.objects.filter(case_id=case.id).first()
    if words is None and case.confidentiality >= policies.SEALED:
        events = CaseEvent.objects.filter(case_id=case.id, move__in=("report", *effects.TERMS)).select_related("said").order_by("seq")
        words = [what_was_said(case, event) for event in events]
    return _unsealed(case, told, words or ())


def _unsealed(case: Case, told: Reporter | None, words: Iterable[Mapping[str, Any]]) -> Reporter | None:
    if told is None or told.name or told.phone or case.confidentiality < policies.SEALED:
        return told
    kept: Mapping[str, str] = next((said["reporter"] for said in words if "reporter" in said), {})
    told.name, told.phone = kept.get("name", ""), kept.get("phone", "")
    return told


def what_was_said(case: Case, event: CaseEvent | Event) -> dict[str, Any]:
    """Return the payload of an event as data; erased ones are empty."""
    payload = getattr(event, "said", None)
    if payload is None or payload.body is None:
        return {"erased": True}
    body = bytes(payload.body)
    if payload.sealed:
        try:
            body = sealing.unseal(steps.held_key(case), case.id, body)
        except sealing.Erased:
            return {"erased": True}
    said: dict[str, Any] = msgspec.json.decode(body)
    return said


def _event(case: Case, event: Event, said: Mapping[str, Any], why: str, gone: Container[str]) -> dict[str, Any]:
    org = people.organisation(event.org).called(language()) if event.org else ""
    actor = _actor_name(case, event)
    return {
        "seq": event.seq, "at": event.at, "occurred_at": event.occurred_at, "move": event.move,
        "sentence": gettext("{who}: {what}").format(who=f"{org} {actor}".strip(), what=_done(event, said)), "actor": actor, "org": org,
        "text": _text(said),
        "files": [bound for name in ("photos", "files") for file in said.get(name) or [] if (bound := _bound(file, why))["id"] not in gone],
        "hash": event.hash,
    }  # fmt: skip


def _actor_name(case: Case, event: Event) -> str:
    if event.actor_kind == ActorKind.MACHINE:
        return gettext(PROGRAM if event.actor.startswith("token:") else MACHINE)
    if event.actor_kind != ActorKind.PERSON or (event.actor == case.reporter and not event.post):
        return gettext(RESIDENT)
    return named(event.actor)


def _done(event: Event, said: Mapping[str, Any]) -> str:
    for prefix, sentence in (("ask_", ASKED), ("answer_", ANSWERED)):
        if event.move.startswith(prefix):
            what = gettext(terms.REQUEST_TITLES[terms.RequestKind(event.move.removeprefix(prefix))])
            status = SideRequest.Status.GRANTED if said.get("granted") else SideRequest.Status.REFUSED
            outcome = "" if prefix == "ask_" else gettext(status.label)
            return gettext(sentence).format(what=f"{what} {outcome}".strip())
    done = gettext(EVERY_MOVE[event.move].done) if event.move in EVERY_MOVE else event.move
    return "：".join([done, *_facts(event, said)]) if language().startswith("zh") else ": ".join([done, *_facts(event, said)])


def _facts(event: Event, said: Mapping[str, Any]) -> list[str]:
    """Say the one fact of a move that a reader of the story wants beside the verb."""
    if event.move == "assign" and said.get("lead"):
        orgs = [said["lead"], *(said.get("assisting") or [])]
        return [gettext("{lead} leads").format(lead=people.organisation(orgs[0]).called(language()))]
    if event.move == "supervise":
        title = gettext(forms.CHOICES.get(str(said.get("kind")), Words(str(said.get("kind", "")))))
        return [title if said.get("kind") != LADDER[-1].name else gettext("twice the limit is used")]
    if event.move == "triage" and said.get("category"):
        found = reference.categories().get(said["category"])
        return [(found.name_en if language().startswith("en") else found.name)] if found else []
    if event.move in ("outcome", "archive") and said.get("kind", said.get("outcome")):
        return [in_words(said.get("kind") or said["outcome"])]
    code = said.get("outcome") or said.get("contact") or said.get("how")
    return [gettext(forms.CHOICES[str(code)])] if code and str(code) in forms.CHOICES else []


def in_words(value: Any) -> str:
    """Say a value as a reader does: codes of our lists by their titles, the rest as it stands."""
    return gettext(forms.CHOICES[str(value)]) if str(value) in forms.CHOICES else str(value)


def _what_was_asked(asked: Mapping[str, Any]) -> str:
    """Say in one line what a request asks: its words, numbers and choices; organisations have rows of their own."""
    said = [asked[name] for name in ("whistle", "ground", "amount", "unit", "reason", "text", "note") if asked.get(name)]
    return " · ".join(in_words(value) for value in said)


def _text(said: Mapping[str, Any]) -> str:
    parts = [in_words(said[name]) for name in ("text", "reason", "note", "message", "remedy", "statement", "reply") if said.get(name)]
    if said.get("erased"):
        parts.append(gettext("What was said here was erased: its time was over, or whoever said it asked for it."))
    return "\n".join(parts)


def _bound(file: Any, why: str = "") -> dict[str, Any]:
    # A picture is fetched without our headers, so in a sealed case its address says what it is read for.
    id = file["id"] if isinstance(file, dict) else str(file)
    facts = file if isinstance(file, dict) else {}
    picture = str(facts.get("type", "image/")).startswith("image/")
    return {
        "id": id, "name": facts.get("name", ""), "url": f"/files/{id}/" + (f"?{why}" if why else ""),
        "thumb": f"/files/{id}/?thumb" + (f"&{why}" if why else "") if picture else None,
        "type": facts.get("type", ""), "sha256": facts.get("sha256", ""),
    }  # fmt: skip


def _file(file: Any, why: str) -> dict[str, Any]:
    return _bound({"id": str(file.id), "name": file.name, "type": file.type, "sha256": file.sha256}, why)


def _reporter(actor: Actor, case: Case, told: Reporter | None) -> dict[str, Any]:
    if told is None or case.confidentiality >= 4:
        return {"name": "", "masked_phone": "", "anonymous": True}
    name = told.name or (named(told.person) if told.person else "")
    may = case.confidentiality < 3 or policies.handles(actor, case)
    phone = told.phone
    masked = f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "*" * len(phone)
    return {"name": name if may else "", "masked_phone": masked if may else "", "anonymous": told.anonymous}


def moves(act: Act, case: Case) -> list[dict[str, Any]]:
    """Return the moves that lead on from here for this actor, the likeliest first; each with why it is not possible."""
    loop, where, by = steps.loop_of(case), steps.standing(case), steps.doer(act, case)
    found = []
    for possible in engine.possible(loop, where, by, act.at):
        name = possible.move.name
        if name in HIDDEN_MOVES or (name == "fill_in" and case.sla != "S0"):
            continue
        refused = policies.may_move(act.actor, case, loop, name, where, by)
        if isinstance(refused, policies.NotYourMove):
            continue
        found.append(_move(loop, name, possible.move.title, bool(possible.move.danger), refused or possible.why_not))
    for chain in loop.chains_from(state_of(case.state)):
        refused = policies.may_move(act.actor, case, loop, chain.name, where, by)
        if not isinstance(refused, policies.NotYourMove):
            found.append(_move(loop, chain.name, chain.title, chain.danger, refused))
    return sorted(found, key=lambda move: (move["why_not"] is not None, not move["likely"]))


def _move(loop: Any, name: str, title: Words | None, danger: bool, why_not: FengqiaoError | None) -> dict[str, Any]:
    return {
        "name": name, "title": gettext(title or name), "asks": forms.form_of(loop, name), "danger": danger,
        "likely": name in LIKELY, "why_not": why_not.say(gettext) if why_not else None,
    }  # fmt: skip


def requests_allowed(act: Act, case: Case) -> list[dict[str, Any]]:
    """Return what this actor may ask for beside the main state."""
    return [
        {"kind": str(kind), "title": gettext(terms.REQUEST_TITLES[kind]), "asks": forms.request_form(kind)}
        for kind in terms.RequestKind
        if requests.may_ask(act, case, kind) is None
    ]


def _request(act: Act, case: Case, one: SideRequest) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "title": gettext(terms.REQUEST_TITLES[terms.RequestKind(one.kind)]), "state": one.status,
        "state_title": gettext(SideRequest.Status(one.status).label), "asked_by": named(one.asked_by) or gettext(MACHINE),
        "asked_org": (organisation(one.asked_org) or {}).get("name", ""), "asked_at": one.asked_at,
        "asked": steps.unveiled(case, one.asked), "asked_text": _what_was_asked(steps.unveiled(case, one.asked)),
        "to": (organisation(one.to_org) or {}).get("name", ""), "due_at": one.due_at,
        "answer": steps.unveiled(case, one.answer).get("reply") if one.answer else None,
        "answered_by": named(one.answered_by) if one.answered_by else "", "answered_at": one.answered_at,
        "may_answer": one.status == SideRequest.Status.PENDING and requests.may_answer(act, case, one),
    }  # fmt: skip


def clocks(case: Case, held: Mapping[tuple[str, str], limits.Running], at: datetime) -> list[dict[str, Any]]:
    """Return the limits of a case, those that run first."""
    calendar = people.calendar()
    found = []
    for (name, org), running in held.items():
        state, alive = running.state, running.ended_at is None
        found.append(
            {
                "name": name, "title": gettext(CLOCK_TITLES.get(name, Words(name))),
                "org": people.organisation(org).called(language()) if org != limits.NIL else "",
                "budget_text": _budget(case, name, state.budget, state.calendar), "due_at": running.due_at(calendar),
                "used_percent": min(999, round(100 * state.used(running.ended_at or at, calendar))),
                "running": alive and state.running_since is not None, "ended": not alive,
                "colour": state.colour(at, calendar) if alive else "none",
            }
        )  # fmt: skip
    order = list(CLOCK_TITLES)
    return sorted(found, key=lambda clock: (clock["ended"], not clock["running"], order.index(clock["name"])))


def _budget(case: Case, name: str, seconds: float, calendar: str) -> str:
    if calendar == "working":
        day = people.calendar().day_seconds
        # Half an hour is no "0 working hours".
        hours = Span(round(seconds / 3600), Unit.WORKING_HOUR) if seconds % 3600 == 0 else Span(round(seconds / 60), Unit.MINUTE)
        span = Span(round(seconds / day), Unit.WORKING_DAY) if seconds % day == 0 else hours
    elif calendar == "legal":
        span = Span(round(seconds / 86_400), Unit.NATURAL_DAY)
    else:
        span = Span(round(seconds / 60), Unit.MINUTE)
    return gettext(UNITS[span.unit]).format(amount=span.amount)


def move_out(loop: Any, name: str) -> dict[str, Any]:
    """Return a move or chain of a loop as metadata, whatever the case."""
    move = loop.chain(name) or loop.move(name)
    return _move(loop, name, move.title, bool(move.danger), None)


def _linked(act: Act, case: Case, relation: str, other: Case) -> dict[str, Any]:
    actor = act.actor
    loop = registry.loop(other.kind, other.loop_version)
    # Whoever reported what was merged into this one waits for it too, so it is told here who that is (E3.7); but to open
    # a case is no way to read of another that is kept closer.
    waits = relation == "merged_into_by" and other.confidentiality <= case.confidentiality
    return {
        "id": other.id, "number": other.number, "relation": gettext(RELATIONS.get(relation, Words(relation))),
        "title": policies.shown(actor, other)["title"], "state_title": gettext(loop.title_of(state_of(other.state))),
        "reporter": _reporter(actor, other, told_of(other)) if waits else None,
        "files": _carried(act, other) if relation == Link.Relation.CONVERTED_FROM else [],
    }  # fmt: skip


def _carried(act: Act, other: Case) -> list[dict[str, Any]]:
    """Return the files of the case that a matter came from, for whoever may read that one too; they stay there, under its key."""
    if policies.may_read(act.actor, other):
        return []
    why = f"purpose={quote(act.purpose or 'move')}" if other.confidentiality >= policies.SEALED else ""
    return [_file(file, why) for file in files.of_case(other.id)]
