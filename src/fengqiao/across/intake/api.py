"""What a desk asks of intake: who should take it and why, is it the same, and what other rules would have done."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import Field, StrictInt

from fengqiao.access.acting import acting
from fengqiao.access.doors import signed_act_from
from fengqiao.across.intake import duplicates, policies, queries, routing
from fengqiao.across.intake.models import RoutingRule
from fengqiao.cases import queries as cases
from fengqiao.cases import registry, views
from fengqiao.cases.models import Case
from fengqiao.loop.alphabet import state_of

router = Router(tags=["intake"])
PAST_DAYS = 60
PAST_CASES = 2000


class Named(Schema):
    """Something with a name."""

    id: str
    name: str


class SuggestionOut(Schema):
    """Who should take a matter, and why; a person decides."""

    level: str
    organisation: Named | None
    desk: str
    category: str
    why: list[str]


class DuplicateOut(Schema):
    """A case that may be the same."""

    id: UUID
    number: str
    title: str
    state_title: str
    metres: int | None
    hours: int
    alike: float
    why: list[str]


class RuleIn(Schema):
    """A rule as somebody would like it."""

    position: StrictInt = Field(ge=0, le=100_000)
    category: str = Field("", max_length=8, pattern="^[0-9]*$")
    area: str = Field("", max_length=20, pattern="^[0-9A-Za-z]*$")
    weekdays: str = Field("", max_length=7, pattern="^[1-7]*$")
    words: str = Field("", max_length=200)
    level: str = Field("town", pattern="^(village|town|district|city)$")
    field: str = Field("", max_length=20)
    organisation: UUID | None = None
    desk: str = Field("", max_length=20)
    becomes: str = Field("", max_length=8, pattern="^[0-9]*$")
    note: str = Field("", max_length=200)
    note_en: str = Field("", max_length=200)


class RuleOut(RuleIn):
    """A rule that counts."""

    id: int
    effective_from: str
    active: bool


class Rules(Schema):
    """A whole set of rules, first one first."""

    rules: list[RuleIn] = Field(max_length=500)


class ChangeOut(Schema):
    """What other rules would have done with a past case."""

    id: UUID
    number: str
    title: str
    before: SuggestionOut
    after: SuggestionOut


class Matter(Schema):
    """What somebody is about to report."""

    category: str = Field("", max_length=8, pattern="^[0-9]*$")
    area: str = Field("", max_length=20, pattern="^[0-9A-Za-z]*$")
    text: str = Field("", max_length=4000)


@router.get("/suggestion", response=SuggestionOut, summary="Who should take a matter, and why")
def suggestion(request: HttpRequest, matter: Query[Matter]) -> SuggestionOut:
    """Propose; nothing is written."""
    act = signed_act_from(request)
    with acting(act):
        return _suggestion(routing.route(matter.category, matter.area, act.at, matter.text))


@router.get("/duplicates/{uuid:case_id}", response=list[DuplicateOut], summary="Open cases that may be the same, with the reasons")
def same(request: HttpRequest, case_id: UUID) -> list[DuplicateOut]:
    """Look among what this actor may see; only a person merges."""
    act = signed_act_from(request)
    with acting(act):
        case = cases.read(act, case_id)
        return [_duplicate(each, views.row(act.actor, each.case, act.at)["title"]) for each in duplicates.duplicates(case)]


@router.get("/rules", response=list[RuleOut], summary="The rules by which is proposed who takes what")
def rules(request: HttpRequest) -> list[RuleOut]:
    """Return the rules, first one first."""
    act = signed_act_from(request)
    policies.check_rules(act.actor)
    with acting(act):
        return [_rule(row) for row in RoutingRule.objects.all()]


@router.post("/rules/dry-run", response=list[ChangeOut], summary="What a set of rules would have proposed otherwise for past cases")
def try_rules(request: HttpRequest, body: Rules) -> list[ChangeOut]:
    """Hold a set of rules against the cases of the last 60 days; nothing is written."""
    act = signed_act_from(request)
    policies.check_rules(act.actor)
    wanted = [RoutingRule(effective_from=act.at.date(), **rule.dict()) for rule in body.rules]
    with acting(act):
        past = Case.objects.filter(created_at__gte=act.at - timedelta(days=PAST_DAYS)).order_by("-created_at")[:PAST_CASES]
        found = routing.dry_run(wanted, past)
        return [
            ChangeOut(
                id=change.case.id, number=change.case.number, title=views.row(act.actor, change.case, act.at)["title"],
                before=_suggestion(change.before), after=_suggestion(change.after),
            )
            for change in found
        ]  # fmt: skip


def _suggestion(found: routing.Suggestion) -> SuggestionOut:
    name = routing.named(found.organisation, views.language())
    return SuggestionOut(
        level=found.level, organisation=Named(id=found.organisation, name=name) if name else None, desk=found.desk,
        category=found.category, why=[queries.called(each, "text") for each in found.why],
    )  # fmt: skip


def _duplicate(each: duplicates.Likeness, title: str) -> DuplicateOut:
    loop = registry.loop(each.case.kind, each.case.loop_version)
    return DuplicateOut(
        id=each.case.id, number=each.case.number, title=title, state_title=gettext(loop.title_of(state_of(each.case.state))),
        metres=each.metres, hours=round(each.age.total_seconds() / 3600), alike=round(each.alike, 2),
        why=[gettext(why) for why in each.why],
    )  # fmt: skip


def _rule(row: RoutingRule) -> RuleOut:
    names = (*RuleIn.model_fields, "id", "active")
    return RuleOut(**{name: getattr(row, name) for name in names}, effective_from=row.effective_from.isoformat())
