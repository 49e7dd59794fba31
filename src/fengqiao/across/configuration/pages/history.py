"""Who changed what and when; confirming, withdrawing and taking back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fengqiao.access.acting import acting
from fengqiao.across.configuration import queries, services, subjects
from fengqiao.across.configuration.models import Change
from fengqiao.across.configuration.pages.desk import act_of, say
from fengqiao.base.errors import FengqiaoError

State = Change.State


@never_cache
@login_required
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """List changes, the latest first."""
    act_of(request)
    subject, state, about = (request.GET.get(name, "") for name in ("subject", "state", "about"))
    found = queries.changes(subject=subject, state=state, about=about)
    page = queries.paged(found, found.count(), queries.whole(request.GET.get("page", "")))
    context = {
        "found": page, "rows": [queries.shown(change) for change in page.rows], "subject": subject, "state": state, "about": about,
        "subjects": [(key, gettext(one.title)) for key, one in subjects.SUBJECTS.items()],
        "states": [(value, gettext(label)) for value, label in State.choices],
    }  # fmt: skip
    return render(request, "configuration/changes.html", context)


@never_cache
@login_required
def change(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one change, and what may still be done with it."""
    act = act_of(request)
    if request.method == "POST":
        deed = {"confirm": services.confirm, "withdraw": services.withdraw, "back": services.take_back}.get(request.POST.get("go", ""))
        if deed is None:
            return redirect("settings_change", id=id)
        try:
            with acting(act):
                done = deed(act, id)
        except services.NoSuchChange:
            raise
        except FengqiaoError as error:
            messages.error(request, error.say(gettext))
            return redirect("settings_change", id=id)
        if done.state == State.WITHDRAWN:
            messages.success(request, gettext("Withdrawn. Nothing changes."))
        else:
            say(request, done)
        return redirect("settings_change", id=done.id)
    found = queries.changes().filter(pk=id).select_related("reverts").first()
    if found is None:
        raise services.NoSuchChange
    subject = subjects.of(found.subject)
    context = {
        "shown": queries.shown(found), "change": found, "mine": found.made_by == act.actor.id, "waiting": found.state == State.WAITING,
        "planned": found.state == State.PLANNED,
        "back": found.state == State.IN_FORCE and found.before is not None and subject.now(found.about, services.today(act)) == found.after,
    }  # fmt: skip
    return render(request, "configuration/one_change.html", context)
