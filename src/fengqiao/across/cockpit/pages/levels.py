"""On which level matters end (the 136 pattern), town by town; and what cannot be judged from what there is."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from fengqiao.access.acting import acting
from fengqiao.access.doors import signed_act_from
from fengqiao.across.cockpit import counting, queries, wording
from fengqiao.across.cockpit.counting import Counts
from fengqiao.across.cockpit.measures import rounded
from fengqiao.across.cockpit.pages.asked import View, view_of
from fengqiao.base.words import _
from fengqiao.cases import registry

DAYS = 90
# Handbook B12: of concluded disputes, so many in a hundred by the level that concluded them.
PATTERN = (60, 30, 10)
DISPUTES = "mediation"
LEVELS = (("closed_in_village", _("Village")), ("closed_by_town", _("Town")), ("closed_by_district", _("District")))
NAMES = tuple(name for name, _title in LEVELS)


@never_cache
@require_GET
def day_levels(request: HttpRequest) -> HttpResponse:
    """Show the shares of the three levels: of disputes, and of everything; and of everything by town."""
    act = signed_act_from(request)
    view = view_of(request, act)
    first = view.day - timedelta(days=DAYS - 1)
    with acting(act):
        counts = counting.counted(view.scope, first, view.day, NAMES)
        towns, behind = counting.by_area(view.scope, first, view.day, NAMES), queries.is_behind()
    context = {
        "view": view, "first": first, "days": DAYS, "back": view.address("day"), "titles": [title.say(gettext) for _name, title in LEVELS],
        "disputes": _shares(view, counts, (DISPUTES,)) if DISPUTES in registry.kinds() else None, "all": _shares(view, counts, ()),
        "pattern": PATTERN, "behind": behind, "towns": [_town(view, code, found) for code, found in sorted(towns.items())],
    }  # fmt: skip
    return render(request, "cockpit/levels.html", context)


def _shares(view: View, counts: Counts, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    first = view.day - timedelta(days=DAYS - 1)
    found = [counts.of(name, first, view.day, kinds) for name in NAMES]
    links = [view.rows(name, first, view.day, kinds=",".join(kinds)) for name in NAMES]
    return [
        {"title": title.say(gettext), "count": n, "share": share, "link": link, "asked": asked, "any": sum(found) > 0}
        for (_name, title), n, share, link, asked in zip(LEVELS, found, rounded(found), links, PATTERN, strict=True)
    ]


def _town(view: View, code: str, found: dict[str, int]) -> dict[str, Any]:
    first = view.day - timedelta(days=DAYS - 1)
    counts = [found.get(name, 0) for name in NAMES]
    cells = [
        {"count": n, "share": share, "link": view.rows(name, first, view.day, area=code)}
        for name, n, share in zip(NAMES, counts, rounded(counts), strict=True)
    ]
    return {"name": wording.area(code), "sum": sum(counts), "cells": cells}
