"""Who should take a matter: ordered rules, each saying in words why; the machine proposes, a person decides.

Rules come in sets. A set counts from its day until the next one's day, so that a past proposal can always be explained;
before a new set counts, ``dry_run`` shows on past cases what it would change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Max

from fengqiao.across.intake.models import RoutingRule
from fengqiao.base.errors import FengqiaoError
from fengqiao.cases import reference as categories
from fengqiao.cases.models import Case
from fengqiao.people import queries as people
from fengqiao.people import reference
from fengqiao.people.terms import Level

DEFAULT_LEVEL = Level.TOWN


@dataclass(frozen=True, slots=True)
class Why:
    """One reason, in both languages, with the rule it stands in."""

    text: str
    text_en: str
    rule: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is proposed: at which level, by whom, at which desk, perhaps under another category, and why."""

    level: str = DEFAULT_LEVEL
    organisation: str = ""
    desk: str = ""
    category: str = ""
    why: tuple[Why, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Return it as the case keeps it."""
        return {
            "level": self.level, "organisation": self.organisation, "desk": self.desk, "category": self.category,
            "why": [{"rule": each.rule, "text": each.text, "text_en": each.text_en} for each in self.why],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matter:
    """What a rule looks at."""

    category: str
    area: str
    at: datetime
    text: str = ""


@reference.cached("intake")
def rules(on: date) -> tuple[RoutingRule, ...]:
    """Return the set of rules that counts on a day, first one first: the newest set that has begun, and nothing of older ones."""
    since = RoutingRule.objects.filter(effective_from__lte=on).aggregate(newest=Max("effective_from"))["newest"]
    return tuple(RoutingRule.objects.filter(active=True, effective_from=since))


def route(category: str, area: str, at: datetime, text: str = "") -> Suggestion:
    """Propose who should take a matter, with the reasons."""
    return by_rules(rules(at.astimezone(people.zone()).date()), Matter(category, area, at, text))


def by_rules(ordered: Iterable[RoutingRule], matter: Matter) -> Suggestion:
    """Return what the first rule that fits proposes; without one it stays with the town's command room."""
    for rule in ordered:
        found = fits(rule, matter)
        if found:
            return _proposed(rule, matter, found)
    nobody = Why("没有适用的规则：由街道信息指挥室判断", "No rule fits: the town's command room decides")
    return Suggestion(why=(nobody,))


def fits(rule: RoutingRule, matter: Matter) -> tuple[Why, ...]:
    """Return why a rule fits a matter, or nothing if it does not."""
    if not matter.category.startswith(rule.category) or not matter.area.startswith(rule.area):
        return ()
    local = matter.at.astimezone(people.zone())
    if rule.weekdays and str(local.isoweekday()) not in rule.weekdays:
        return ()
    if rule.from_time and rule.until_time and not _within(local.time(), rule.from_time, rule.until_time):
        return ()
    said = next((word for word in rule.words.split() if word.casefold() in matter.text.casefold()), "")
    if rule.words and not said:
        return ()
    why = [Why(rule.note or "适用该类别的规则", rule.note_en or "The rule for this kind of matter", rule.pk or 0)]
    if said:
        why.append(Why(f"文中提到“{said}”", f"The text mentions “{said}”", rule.pk or 0))
    return tuple(why)


def _within(now: time, since: time, until: time) -> bool:
    # A window may pass midnight: 22:00 to 06:00.
    return since <= now < until if since < until else now >= since or now < until


def _proposed(rule: RoutingRule, matter: Matter, why: tuple[Why, ...]) -> Suggestion:
    organisation, reason = _organisation(rule, matter.area)
    return Suggestion(rule.level, organisation, rule.desk, rule.becomes, (*why, reason) if reason else why)


def _organisation(rule: RoutingRule, area: str) -> tuple[str, Why | None]:
    if rule.organisation:
        return str(rule.organisation), None
    if not rule.field and not rule.organisation_kind:
        return "", None
    found = people.serving(area, kind=rule.organisation_kind or None, field=rule.field or None)
    near = [row for row in found if row.kind not in ("sub_centre", "outside") or rule.level == Level.DISTRICT]
    if rule.level == Level.DISTRICT:
        near = list(reversed(near))
    if not near:
        return "", Why(
            "这里没有负责此事的单位，由指挥室指定", "No organisation of that trade covers this place: the command room names one"
        )
    return near[0].id, Why(f"{near[0].name}负责这一片", f"{near[0].called('en')} covers this place")


def kind_for(category: str) -> str:
    """Return the kind of case a category is dealt with as."""
    found = categories.categories().get(category)
    return found.loop if found else "incident"


@dataclass(frozen=True, slots=True)
class Change:
    """What other rules would have done with a past case."""

    case: Case
    before: Suggestion
    after: Suggestion


def dry_run(changed: Sequence[RoutingRule], past: Iterable[Case]) -> list[Change]:
    """Return the past cases for which these rules would have proposed something else; nothing is written."""
    found = []
    for case in past:
        matter = Matter(case.category, case.area, case.created_at, f"{case.title} {case.text}")
        before = by_rules(rules(case.created_at.astimezone(people.zone()).date()), matter)
        after = by_rules(sorted(changed, key=lambda rule: rule.position), matter)
        if (before.level, before.organisation, before.desk, before.category) != (
            after.level,
            after.organisation,
            after.desk,
            after.category,
        ):
            found.append(Change(case, before, after))
    return found


def named(organisation: str, language: str = "zh-hans") -> str:
    """Return the name of a proposed organisation, or an empty text."""
    try:
        return people.organisation(organisation).called(language) if organisation else ""
    except FengqiaoError:
        return ""
