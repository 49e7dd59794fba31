"""Imported baselines: which there are, from where, and bringing new ones in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fengqiao.access.acting import acting
from fengqiao.access.doors import signed_act_from
from fengqiao.across.cockpit import policies, services, wording
from fengqiao.across.cockpit.models import Baseline
from fengqiao.across.cockpit.pages.asked import view_of
from fengqiao.across.cockpit.services import COLUMNS, NoTable

MOST_BYTES = 1_000_000


@never_cache
@require_http_methods(["GET", "POST"])
def day_baselines(request: HttpRequest) -> HttpResponse:
    """Show the imported baselines; take a file in, or a baseline away."""
    act = signed_act_from(request)
    policies.check_seen(act.actor)
    wrong: list[str] = []
    if request.method == "POST":
        with acting(act):
            if request.POST.get("drop"):
                services.drop_baseline(act, request.POST["drop"])
                return redirect("day_baselines")
            taken = services.import_baselines(act, _text(request))
        if not taken.wrong and taken.figures:
            told = ngettext("{count} figure was taken in.", "{count} figures were taken in.", taken.figures).format(count=taken.figures)
            messages.success(request, told)
            return redirect("day_baselines")
        wrong = [one.say(gettext) for one in taken.wrong[:50]] or [gettext("There is no row in the file.")]
    view = view_of(request, act)
    with acting(act):
        context = {
            "back": view.address("day"), "baselines": _listed(), "may_import": services.may_import(act), "wrong": wrong,
            "columns": COLUMNS, "figures": services.known_figures(),
        }  # fmt: skip
    return render(request, "cockpit/baselines.html", context, status=422 if wrong else 200)


def _text(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > MOST_BYTES:
        raise NoTable(columns=", ".join(COLUMNS))
    try:
        return str(file.read(), "utf-8-sig")
    except UnicodeDecodeError:
        raise NoTable(columns=", ".join(COLUMNS)) from None


def _listed() -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in Baseline.objects.order_by("name", "area", "figure"):
        one = found.setdefault(
            row.name,
            {"name": row.name, "first": row.first_day, "last": row.last_day, "source": row.source, "at": row.imported_at, "figures": []},
        )
        if row.source not in one["source"]:
            one["source"] += f"; {row.source}"
        value = str(row.count) if row.whole is None else f"{row.count} / {row.whole}"
        one["figures"].append({"figure": row.figure, "area": wording.area(row.area) if row.area else "", "value": value})
    return list(found.values())
