"""When somebody wishes to be spared: their own quiet hours."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache

from fengqiao.access.doors import signed_act_from
from fengqiao.kits.notices import holding, services
from fengqiao.kits.notices.models import Wish


class WishForm(forms.Form):
    """Own quiet hours."""

    quiet_from = forms.TimeField(label=gettext_lazy("Quiet from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(
        label=gettext_lazy("Quiet until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("The same time twice: never quiet."),
    )  # fmt: skip
    days_off = forms.BooleanField(label=gettext_lazy("Also whole days that are not worked"), required=False)


@never_cache
@login_required
def quiet_hours(request: HttpRequest) -> HttpResponse:
    """Show and change one's own quiet hours."""
    act = signed_act_from(request)
    me = UUID(act.actor.person)
    now = holding.quiet_of(me)
    own = Wish.objects.filter(person_id=me).exists()
    form = WishForm(request.POST or None, initial={"quiet_from": now.start, "quiet_until": now.end, "days_off": now.days_off})
    if request.method == "POST" and request.POST.get("go") == "house":
        services.drop_wish(act)
        messages.success(request, gettext("You are spared in the quiet hours of the house again."))
        return redirect("quiet_hours")
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        services.wish(act, said["quiet_from"], said["quiet_until"], days_off=said["days_off"])
        messages.success(request, gettext("Kept. It counts from the next message."))
        return redirect("quiet_hours")
    context = {"form": form, "own": own, "usual": holding.usual()}
    return render(request, "notices/quiet_hours.html", context, status=422 if form.is_bound and form.errors else 200)


urlpatterns = [path("account/quiet-hours/", quiet_hours, name="quiet_hours")]
