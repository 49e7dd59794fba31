"""What people look up at the way in: kinds to choose from, what lies near, and how a matter stands, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.utils.translation import get_language, gettext

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.intake import duplicates
from fengqiao.across.intake.models import Notice, Redirect, ReportCode
from fengqiao.across.intake.terms import AIM_CLASSES, VIOLENCE, Aim
from fengqiao.base.act import Act
from fengqiao.base.words import Words, _
from fengqiao.cases import continuing, forms, policies, reference, registry, steps, views
from fengqiao.cases import queries as cases
from fengqiao.cases.models import Case, CaseEvent, Category, Link
from fengqiao.loop import engine
from fengqiao.loop.alphabet import CLOCK_TITLES, ENDINGS, WINDOW_CLOCKS, C, X, Z, state_of
from fengqiao.loop.terms import C4
from fengqiao.people import queries as people
from fengqiao.people import reference as held


def english() -> bool:
    """Tell whether the reader reads English."""
    return (get_language() or "").startswith("en")


def called(row: Any, name: str = "name") -> str:
    """Return a name of a row in the reader's language."""
    other = getattr(row, f"{name}_en", "")
    return str(other if english() and other else getattr(row, name))


# --- reference --------------------------------------------------------------------------------------------------------


@held.cached("intake")
def notices() -> tuple[Notice, ...]:
    """Return the versions of the privacy notice, newest first."""
    return tuple(Notice.objects.all())


def notice(at: datetime) -> Notice:
    """Return the privacy notice in force."""
    day = at.astimezone(people.zone()).date()
    found = next((row for row in notices() if row.effective_from <= day), None)
    return found or Notice(version="", text="", text_en="", effective_from=day)


@held.cached("intake")
def redirects() -> tuple[Redirect, ...]:
    """Return what is not for us, and where it goes."""
    return tuple(Redirect.objects.all())


def urgent_for(text: str) -> Redirect | None:
    """Return the emergency number that a text asks for."""
    low = text.casefold()
    return next((row for row in redirects() if row.urgent and any(word.casefold() in low for word in row.words.split())), None)


@dataclass(frozen=True, slots=True)
class Group:
    """A class of the tree with its kinds."""

    title: str
    kinds: tuple[tuple[str, str], ...]
    open: bool = True


def kinds_for(aim: Aim) -> tuple[Group, ...]:
    """Return what can be reported for an aim: the usual classes first, the others behind them."""
    usual = AIM_CLASSES.get(aim, ())
    classes = [row for row in reference.choosable() if row.parent_id is None]
    order = {code: place for place, code in enumerate(usual)}
    ranked = sorted(classes, key=lambda row: (order.get(row.code, len(order)), row.code))
    return tuple(Group(called(row), _kinds_of(row), row.code in order) for row in ranked)


def _kinds_of(parent: Category) -> tuple[tuple[str, str], ...]:
    return tuple((row.code, called(row)) for row in reference.choosable() if row.parent_id == parent.code)


def is_violence(category: str) -> bool:
    """Tell whether somebody may be watching whoever reports this."""
    return category in VIOLENCE


def is_sealed(category: str) -> bool:
    """Tell whether a kind is taken in person only (C4)."""
    row = reference.categories().get(category)
    return row is not None and row.confidentiality >= C4


def category_name(code: str) -> str:
    """Return the name of a kind of matter in the reader's language."""
    row = reference.categories().get(code)
    return called(row) if row else ""


# --- what lies near ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Near:
    """An open report near by, as much of it as anybody may know: no words and no photo of whoever sent it."""

    id: str
    category: str
    title: str
    where: str
    metres: int | None
    age: timedelta
    state: str
    why: tuple[str, ...]


def nearby(at: datetime, *, category: str, area: str, point: tuple[float, float] | None, text: str) -> list[Near]:
    """Return open reports of the same kind near by; the house looks, because whoever reports may see nothing."""
    row = reference.categories().get(category)
    if row is None or row.confidentiality > 1 or not row.physical:
        return []
    with acting(machine_act("intake", at)):
        rows = list(duplicates.candidates(category, area[:12], at)[: duplicates.LOOKED_AT])
    found = duplicates.ranked(rows, point=point, text=text, at=at, confidentiality=row.confidentiality)
    return [_near(each) for each in found]


def _near(each: duplicates.Likeness) -> Near:
    case = each.case
    state = gettext(registry.loop(case.kind, case.loop_version).title_of(state_of(case.state)))
    return Near(
        str(case.id), case.category, category_name(case.category), people.address(case.area, views.language()), each.metres, each.age,
        state, tuple(gettext(reason) for reason in each.why),
    )  # fmt: skip


# --- how a matter stands ------------------------------------------------------------------------------------------------

PLAIN: Mapping[str, Words] = {
    "report": _("You reported it"),
    "pre_check": _("Somebody looked on the spot"),
    "accept": _("Taken in"),
    "reject": _("Not taken in"),
    "triage": _("Its kind and limit were set"),
    "settle_on_spot": _("Done on the spot"),
    "assign": _("Given to whoever deals with it"),
    "sign": _("Received by whoever deals with it"),
    "object": _("Handed back; somebody else will be named"),
    "start": _("Work began"),
    "extend": _("It takes longer"),
    "pause": _("Waiting for something from outside"),
    "resume": _("Work goes on"),
    "feed_back": _("The result"),
    "verify_pass": _("Somebody else checked it: the result is right"),
    "verify_fail": _("Somebody else checked it: not right yet, sent back"),
    "auto_recheck": _("Measured again: the result is right"),
    "close": _("Closed"),
    "rate": _("You rated it"),
    "reopen": _("To be handled again"),
    "upgrade": _("Passed on to the next level"),
    "transfer": _("Handed to a body outside"),
    "emergency": _("Emergency response began"),
    "merge": _("Goes on together with another report"),
    "withdraw": _("You withdrew it"),
    "appeal": _("You appealed"),
    "answer_appeal": _("Your appeal was decided"),
    "outcome": _("What became of it outside"),
}
TOLD = ("text", "reason", "message", "remedy", "reply")
SAID_BY_US = ("reject", "extend", "feed_back", "settle_on_spot", "close", "transfer", "upgrade", "outcome", "answer_appeal")


@dataclass(frozen=True, slots=True)
class Stage:
    """One thing that happened, as its reporter reads it: organisations, never officers."""

    move: str
    at: datetime
    title: str
    who: str = ""
    text: str = ""
    outcome: str = ""
    files: tuple[Mapping[str, Any], ...] = ()


@dataclass(slots=True)
class Status:
    """How a matter stands, for whoever holds its receipt."""

    case: Case
    mine: bool
    state: str
    kind: str
    lead: str = ""
    limit: datetime | None = None
    limit_title: str = ""
    text: str = ""
    stages: list[Stage] = field(default_factory=list)
    result: Stage | None = None
    may: Mapping[str, bool] = field(default_factory=dict)
    goes_on: "Status | None" = None

    @property
    def ended(self) -> bool:
        """Tell whether nothing more will happen by itself."""
        return self.case.state in (*ENDINGS, Z)

    @property
    def rejected(self) -> bool:
        """Tell whether it was not taken in."""
        return self.case.state == X

    @property
    def closed(self) -> bool:
        """Tell whether it came to a result."""
        return self.case.state == C


def status(act: Act, number: str) -> Status | None:
    """Return how a matter stands, or nothing if this actor may not know that it exists."""
    case = cases.by_number(number)
    if case is None:
        return None
    mine = policies.is_reporter(act.actor, case)
    if mine:
        case = cases.read(act, case.id, own=True)
    elif case.confidentiality > 1:
        return None
    loop = registry.loop(case.kind, case.loop_version)
    found = Status(case, mine, gettext(loop.title_of(state_of(case.state))), gettext(loop.title))
    found.lead = (views.organisation(case.lead) or {}).get("name", "")
    found.limit = case.due_at if case.clock not in WINDOW_CLOCKS else None
    found.limit_title = gettext(CLOCK_TITLES[case.clock]) if case.clock in CLOCK_TITLES else ""
    _story(found)
    if mine:
        found.may = {name: _may(act, case, name) for name in ("rate", "reopen", "appeal", "withdraw")}
    master = continuing.gone_on_as(case)
    found.goes_on = status(act, master.number) if master else None
    return found


def _story(found: Status) -> None:
    case = found.case
    for event in CaseEvent.objects.filter(case_id=case.id).select_related("said").order_by("seq"):
        if event.move not in PLAIN:
            continue
        said = views.what_was_said(case, event)
        if event.move == "report":
            found.text = str(said.get("text", "")) if found.mine else ""
        stage = _stage(found, event, said)
        found.stages.append(stage)
        if event.move in ("feed_back", "settle_on_spot"):
            found.result = stage
        elif event.move in ("reopen", "verify_fail"):
            found.result = None
    found.stages.reverse()


def _stage(found: Status, event: CaseEvent, said: Mapping[str, Any]) -> Stage:
    # Work on the case is told as it goes on; what was found, said and photographed is told with the result only.
    own = found.mine and event.move in ("report", "rate", "reopen", "appeal", "withdraw")
    told = own or event.move in SAID_BY_US
    # A refusal is coded; whoever reported reads the code's sentence and what they can do instead.
    code = str(said.get("outcome") or (said.get("reason") if event.move == "reject" else "") or "")
    if event.move == "answer_appeal":
        code = "granted" if said.get("granted") else "refused"
    elif event.move == "outcome":
        code = str(said.get("kind") or "")
    org = str(said.get("lead") or "") if event.move in ("assign", "fill_in") else str(event.org or "")
    shown = event.move not in ("report", "rate", "withdraw", "appeal", "merge")
    files = [views._bound(file) for name in ("photos", "files") for file in said.get(name) or []] if told and found.mine else []
    return Stage(
        event.move,
        event.at,
        gettext(PLAIN[event.move]),
        people.organisation(org).called(views.language()) if org and shown else str(said.get("body", "")),
        "\n".join(str(said[name]) for name in TOLD if said.get(name) and said[name] != code) if told else "",
        gettext(forms.CHOICES[code]) if code in forms.CHOICES and told else "",
        tuple(files),
    )


def _may(act: Act, case: Case, move: str) -> bool:
    """Tell whether the reporter may do this now; a low rating comes before handling again."""
    loop, where, by = steps.loop_of(case), steps.standing(case), steps.doer(act, case)
    if policies.may_move(act.actor, case, loop, move, where, by):
        return False
    found = next((one for one in engine.possible(loop, where, by, act.at) if one.move.name == move), None)
    if found is None or found.why_not is not None:
        return False
    if move == "reopen":
        return case.rating is not None and case.rating <= LOW
    if move == "appeal":
        return case.state == X or case.reopens > 0 or bool(case.rating and case.rating <= LOW and not _may(act, case, "reopen"))
    return True


LOW = 2


def was_converted(old: Case, new: Case) -> bool:
    """Tell whether a case is the same matter under another kind, so that its reporter stays its reporter."""
    return Link.objects.filter(case_id=new.id, other_id=old.id, relation=Link.Relation.CONVERTED_FROM).exists()


# --- codes ------------------------------------------------------------------------------------------------------------


def codes_in(ranges: tuple[tuple[str, str], ...]) -> list[ReportCode]:
    """Return the codes of somebody's ground, with how often each was used."""
    found = ReportCode.objects.none()
    for low, high in ranges:
        found = found | ReportCode.objects.filter(area__gte=low, area__lt=high)
    return list(found.annotate(scans=Sum("uses__scans"), reports=Sum("uses__reports")).order_by("-made_at", "label")[:500])
