"""The page of the machine's health: read only, for whoever looks after it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fengqiao.across.configuration import health as machine
from fengqiao.across.configuration.models import JobState
from fengqiao.across.configuration.pages.desk import act_of


@never_cache
@login_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Show every sign with its age, the worst first."""
    act = act_of(request)
    order = (machine.BAD, machine.WATCH, machine.UNKNOWN, machine.GOOD)
    signs = sorted(machine.signs(act.at), key=lambda sign: order.index(sign.state))
    rows = [(sign, machine.in_time((act.at - sign.at).total_seconds()) if sign.at else "") for sign in signs]
    jobs = [(job, machine.in_time((act.at - job.at).total_seconds())) for job in JobState.objects.order_by("-failures", "job")]
    return render(request, "configuration/health.html", {"rows": rows, "jobs": jobs, "at": act.at})
