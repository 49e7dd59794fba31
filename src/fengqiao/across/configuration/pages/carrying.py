"""All settings as one file: save it here, bring it there, see what would change, then let it count."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fengqiao.access.acting import acting
from fengqiao.across.configuration import carrying, queries, services, subjects
from fengqiao.across.configuration.forms import FileForm
from fengqiao.across.configuration.pages.desk import act_of
from fengqiao.base.errors import FengqiaoError

SHOWN = 300


@never_cache
@login_required
@require_safe
def save(request: HttpRequest) -> HttpResponse:
    """Give all settings as a file."""
    act = act_of(request)
    with acting(act):
        body = carrying.write_out(act)
    name = f"settings-{services.today(act).isoformat()}.json"
    return HttpResponse(body, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@never_cache
@login_required
def carry(request: HttpRequest) -> HttpResponse:
    """Compare a file with what counts here, and take it over when somebody says so."""
    act = act_of(request)
    form = FileForm(request.POST or None, request.FILES or None, initial={"since": services.today(act)})
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if form.cleaned_data["file"] is not None:
            text = form.cleaned_data["file"].read(carrying.MOST + 1).decode("utf-8", "replace")
        try:
            with acting(act):
                if request.POST.get("go") == "count":
                    made = carrying.take_over(act, text, form.cleaned_data["since"])
                    told = ngettext("%(count)s setting was taken over.", "%(count)s settings were taken over.", len(made))
                    messages.success(request, told % {"count": len(made)})
                    return redirect("settings_changes")
                found = carrying.compare(act, text)
            context |= {
                "compared": found,
                "text": text,
                "rows": [_row(one) for one in found.changed[:SHOWN]],
                "more": max(0, len(found.changed) - SHOWN),
            }
        except FengqiaoError as error:
            form.add_error("file", error.say(gettext))
    return render(request, "configuration/file.html", context, status=422 if form.errors else 200)


def _row(one: carrying.Difference) -> dict[str, object]:
    subject = subjects.of(one.subject)
    return {
        "title": gettext(subject.title), "called": one.called, "fresh": one.before is None, "second": one.second,
        "facts": queries.differences(subject, one.before, one.after),
    }  # fmt: skip
