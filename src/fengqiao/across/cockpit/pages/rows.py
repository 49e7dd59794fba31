"""The cases behind a number, as a page."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from fengqiao.access.acting import acting
from fengqiao.access.doors import signed_act_from
from fengqiao.across.cockpit import queries, wording
from fengqiao.across.cockpit.pages.asked import LONGEST, view_of
from fengqiao.across.cockpit.queries import Row
from fengqiao.base.act import Act
from fengqiao.base.words import Words
from fengqiao.cases import policies as cases
from fengqiao.cases import registry
from fengqiao.cases.figures import SET_TITLES
from fengqiao.loop.alphabet import state_of
from fengqiao.people import queries as people


@never_cache
@require_GET
def day_rows(request: HttpRequest) -> HttpResponse:
    """Show the cases behind a number."""
    act = signed_act_from(request)
    view = view_of(request, act)
    name, extra = request.GET.get("what", "new"), _extra(request)
    first = view.day - timedelta(days=_days(request) - 1)
    since, until = queries.edges(first, view.day)
    with acting(act):
        found = queries.rows(view.scope, name, since, until, extra=extra, after=_after(request))
    shown, more = found[: queries.PAGE], ""
    if len(found) > queries.PAGE:
        asked = {key: value for key, value in request.GET.items() if key != "after"}
        more = f"{reverse('day_rows')}?{urlencode({**asked, 'after': f'{shown[-1].at.isoformat()}~{shown[-1].mark}'})}"
    title = SET_TITLES.get(name, Words(name)).say(gettext)
    context = {
        "view": view, "title": title, "narrowed": _narrowed(extra), "rows": [_row(act, row) for row in shown], "more": more,
        "first": first if first != view.day else None, "back": view.address("day"), "happened": name in queries.HAPPENED,
        "longer": first != view.day,
    }  # fmt: skip
    return render(request, "cockpit/rows.html", context)


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return max(1, min(LONGEST, int(asked))) if asked.isdecimal() and len(asked) < 5 else 1


def _extra(request: HttpRequest) -> dict[str, str]:
    found = {key: request.GET.get(key, "").replace("\x00", "")[:80] for key in ("channel", "category", "hour", "kinds", "state", "lead")}
    if found["hour"] and not (found["hour"].isdecimal() and len(found["hour"]) < 3 and int(found["hour"]) < 24):
        found["hour"] = ""
    if found["lead"] and found["lead"] != "none":
        try:
            found["lead"] = str(UUID(found["lead"]))
        except ValueError:
            found["lead"] = ""
    return found


def _narrowed(extra: dict[str, str]) -> list[str]:
    """Say in words how the list is narrowed."""
    said = {
        "channel": wording.channel, "category": wording.matter, "state": wording.state, "lead": wording.owner,
        "hour": lambda hour: f"{int(hour):02}:00–{int(hour):02}:59",
    }  # fmt: skip
    return [say(extra[key]) for key, say in said.items() if extra.get(key)]


def _after(request: HttpRequest) -> tuple[datetime, UUID] | None:
    moment, _mark, id = request.GET.get("after", "").partition("~")
    try:
        return (datetime.fromisoformat(moment), UUID(id)) if id else None
    except ValueError:
        return None


def _row(act: Act, row: Row) -> dict[str, Any]:
    """Show a line; what lies above C1 shows its number, kind and town only (decision 22)."""
    case = row.case
    shown, language = cases.shown(act.actor, case), get_language() or ""
    loop = registry.loop(case.kind, case.loop_version)
    return {
        "id": case.id, "number": case.number, "title": shown["title"] or loop.title.say(gettext),
        "state": loop.title_of(state_of(case.state)).say(gettext), "area": people.address(shown["area"], language),
        "category": wording.matter(shown["category"]) if shown["category"] else "", "at": row.at,
        "colour": {1: "amber", 2: "yellow", 3: "red", 4: "upgraded"}.get(case.rung, "") if case.due_at else "",
    }  # fmt: skip
