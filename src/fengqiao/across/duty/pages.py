"""The pages of duty: who is there, the rota with substitutes, the log book, and handing over. They need no JavaScript."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fengqiao.access.acting import acting
from fengqiao.access.doors import act_from, form_token
from fengqiao.across.duty import policies, queries, shifts
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError
from fengqiao.people import queries as people


def act_of(request: HttpRequest) -> Act:
    """Return the act of somebody who has a desk."""
    act = act_from(request)
    policies.check_page(act)
    return act


@never_cache
@login_required
@require_safe
def duty(request: HttpRequest) -> HttpResponse:
    """Show who is there now, the rota, the log book and the last handovers."""
    act = act_of(request)
    with acting(act):
        grounds = queries.grounds(act.actor)
        ground = next((row for row in grounds if row.code == request.GET.get("area")), grounds[0])
        rosters = queries.rosters(act.actor, act.at)
        chosen = next((one for one in rosters if one.key == request.GET.get("roster")), rosters[0] if rosters else None)
        context = {
            "grounds": [(row.code, row.called(queries.language())) for row in grounds],
            "ground": ground.code,
            "ground_name": ground.called(queries.language()),
            "bodies": queries.now_on_duty(ground.code, act.at),
            "rosters": rosters,
            "chosen": chosen,
            "days": queries.rota(act, chosen) if chosen else [],
            "log": queries.log_of(act.actor, act.at - queries.timedelta(days=1)),
            "handovers": queries.handovers(act.actor),
            "interviews": queries.interviews(act.actor, act.at),
            "mine": _mine(act),
            "at": act.at,
            "form_token": form_token(),
        }
    return render(request, "duty/duty.html", context)


def _mine(act: Act) -> dict[str, object]:
    """Say what the reader may sign: the own turn, and whether they have duty now."""
    try:
        shift = shifts.leaving(act)
    except FengqiaoError:
        shift = None
    on = bool(act.actor.org) and act.actor.person in {row.id for row in people.on_duty(act.actor.org, act.actor.post, act.at)}
    return {"shift": shift, "on_duty": on, "to_take": queries.to_take(act)}


@never_cache
@login_required
@require_POST
def substitute(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """Put a substitute, or give the turn back."""
    act = act_of(request)
    try:
        shifts.substitute(act, shift_id, request.POST.get("person", ""))
        messages.success(request, gettext("The roster was changed, and those concerned were told."))
    except FengqiaoError as error:
        messages.error(request, error.say(gettext))
    return redirect(f"/duty/?roster={request.POST.get('roster', '')}#rota")


@never_cache
@login_required
@require_POST
def log(request: HttpRequest) -> HttpResponse:
    """Write in the log book."""
    act = act_of(request)
    try:
        shifts.write_log(act, request.POST.get("text", ""))
        messages.success(request, gettext("Written down for the next shift."))
    except FengqiaoError as error:
        messages.error(request, error.say(gettext))
    return redirect("/duty/#log")


@never_cache
@login_required
def handover(request: HttpRequest) -> HttpResponse:
    """Show what the turn leaves behind, and let it be signed."""
    act = act_of(request)
    with acting(act):
        record = queries.draft(act) if request.method != "POST" else None
        if record is None:
            since = shifts.leaving_or_signed(act)
            signed = shifts.hand_over(act, queries.left_behind(act, since), request.POST.get("remarks", ""))
            return redirect("duty_handover", id=signed.id)
    return render(request, "duty/handover.html", {"record": record, "form_token": form_token(), "at": act.at})


@never_cache
@login_required
def record(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show a signed record; whoever comes next signs it here."""
    act = act_of(request)
    if request.method == "POST":
        try:
            shifts.take_over(act, id, request.POST.get("remark", ""))
            messages.success(request, gettext("You have taken over. A good shift."))
        except shifts.UnknownHandover:
            raise
        except FengqiaoError as error:
            messages.error(request, error.say(gettext))
        return redirect("duty_handover", id=id)
    with acting(act):
        found = queries.handover(act, id)
    return render(request, "duty/record.html", {"record": found, "form_token": form_token()})


urlpatterns = [
    path("duty/", duty, name="duty"),
    path("duty/log/", log, name="duty_log"),
    path("duty/turns/<uuid:shift_id>/substitute/", substitute, name="duty_substitute"),
    path("duty/handover/", handover, name="duty_leave"),
    path("duty/handovers/<uuid:id>/", record, name="duty_handover"),
]
