"""Where figures and layers come from, as a table: owner, origin, refresh, permission, and when each last brought something."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from fengqiao.access import catalogue
from fengqiao.access.acting import acting
from fengqiao.access.doors import signed_act_from
from fengqiao.across.cockpit import sources
from fengqiao.across.cockpit.models import DayFold
from fengqiao.across.cockpit.pages.asked import view_of
from fengqiao.across.cockpit.sources import Line


@never_cache
@require_GET
def day_registry(request: HttpRequest) -> HttpResponse:
    """Show every source."""
    act = signed_act_from(request)
    view = view_of(request, act)
    with acting(act):
        lines = [_row(line) for line in sources.registered(view.scope, view.today)]
        context = {"lines": lines, "fold": DayFold.objects.first(), "back": view.address("day")}
    return render(request, "cockpit/registry.html", context)


def _row(line: Line) -> dict[str, Any]:
    source = line.source
    kind = gettext("Layer") if source.layer else gettext("Way in") if line.channels else gettext("Module")
    return {
        "kind": kind, "title": source.title.say(gettext), "owner": catalogue.post(source.owner).title_in(get_language() or ""),
        "origin": source.origin.say(gettext), "refresh": source.refresh.say(gettext), "permission": source.permission, "seen": line.seen,
        "silent": line.silent,
    }  # fmt: skip
