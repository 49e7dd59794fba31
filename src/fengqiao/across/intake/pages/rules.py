"""The page of routing rules: read them, edit them as a table, see on past cases what a new set would change, let it count."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from fengqiao.access.acting import acting
from fengqiao.access.doors import act_from
from fengqiao.across.intake import policies, queries, routing, rulebook
from fengqiao.across.intake.forms import RulesForm
from fengqiao.across.intake.models import RoutingRule
from fengqiao.across.intake.terms import TRADE_TITLES
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.words import _
from fengqiao.cases import views
from fengqiao.cases.models import Case
from fengqiao.people import queries as people
from fengqiao.people.terms import DESKS, LEVEL_TITLES, Level

PAST_DAYS = 60
PAST_CASES = 2000
SHOWN = 100
COUNTS = _("{count} rules count from {day}.")


@never_cache
@login_required
def rules(request: HttpRequest) -> HttpResponse:
    """Show the set in force; a new one is tried first and counts when somebody says so."""
    act = act_from(request)
    policies.check_rules(act.actor)
    today = act.at.astimezone(people.zone()).date()
    with acting(act):
        now = routing.rules(today)
        form = RulesForm(request.POST or None, initial={"table": rulebook.as_table(now), "since": today + timedelta(days=1)})
        if request.method == "POST" and form.is_valid():
            answer = _try(request, act, form)
            if answer is not None:
                return answer
    return _page(request, form, now, {})


def _try(request: HttpRequest, act: Act, form: RulesForm) -> HttpResponse | None:
    try:
        wanted = rulebook.from_table(form.cleaned_data["table"], form.cleaned_data["since"])
        if request.POST.get("go") == "count":
            made = rulebook.set_rules(act, wanted, since=form.cleaned_data["since"])
            messages.success(request, COUNTS.say(gettext, {"count": made, "day": form.cleaned_data["since"]}))
            return redirect("rules")
        return _page(request, form, wanted, _changes(act, wanted))
    except FengqiaoError as error:
        form.add_error(None, error.say(gettext))
        return None


def _changes(act: Act, wanted: list[RoutingRule]) -> dict[str, Any]:
    past = list(Case.objects.filter(created_at__gte=act.at - timedelta(days=PAST_DAYS)).order_by("-created_at")[:PAST_CASES])
    found = routing.dry_run(wanted, past)
    rows = [
        {"number": change.case.number, "title": views.row(act.actor, change.case, act.at)["title"],
         "category": queries.category_name(change.case.category), "before": _said(change.before), "after": _said(change.after)}
        for change in found[:SHOWN]
    ]  # fmt: skip
    return {"tried": True, "looked_at": len(past), "changed": len(found), "changes": rows}


def _desk(code: str) -> str:
    """Return what a desk is called under the district's scheme."""
    named = {desk: (name, name_en) for desk, name, name_en in DESKS[people.desk_scheme()]}
    return named.get(code, (code, code))[queries.english()]


def _who(rule: RoutingRule) -> str:
    """Return the body that a rule names, or the trade it names; a trade of the district's own stands as it is written."""
    trade = TRADE_TITLES.get(rule.field)
    return routing.named(str(rule.organisation or ""), views.language()) or (trade.say(gettext) if trade else rule.field)


def _said(found: routing.Suggestion) -> dict[str, str]:
    name = routing.named(found.organisation, views.language()) or found.desk or found.level
    return {"who": name, "why": "; ".join(queries.called(each, "text") for each in found.why)}


def _page(request: HttpRequest, form: RulesForm, shown: Any, more: dict[str, Any]) -> HttpResponse:
    rows = [
        {"rule": rule, "category": queries.category_name(rule.category) or rule.category, "note": queries.called(rule, "note"),
         "becomes": queries.category_name(rule.becomes), "who": _who(rule),
         "level": gettext(LEVEL_TITLES[Level(rule.level)]), "desk": _desk(rule.desk)}
        for rule in shown
    ]  # fmt: skip
    return render(request, "intake/rules.html", {"form": form, "rows": rows, **more}, status=422 if form.errors else 200)
