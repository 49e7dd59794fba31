"""The pages of the village's desk. They need no JavaScript, and nothing on them is smaller than a thumb."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fengqiao.access.acting import acting
from fengqiao.access.doors import act_from, form_token
from fengqiao.across.village import policies, queries, services
from fengqiao.across.village.forms import AnswerForm, HandOverForm, PassOnForm, QuarrelForm, SettleForm, TellForm
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError, Invalid
from fengqiao.base.words import Words, _
from fengqiao.loop.alphabet import ACTIVE

# What a clerk does with which of a case's moves, the likeliest first.
DEEDS: tuple[tuple[str, tuple[str, ...], Words], ...] = (
    ("answer", ("answer", "answer_accepted"), _("Answer")),
    ("pass_on", ("pass_on", "upgrade"), _("Assess and pass on to the town")),
    ("quarrel", ("convert",), _("It is a quarrel")),
    ("settle", ("settle_orally",), _("Settled by word of mouth")),
    ("hand_over", ("hand_over",), _("Hand to a mediator")),
    ("tell", ("note",), _("Say why it takes longer")),
)
DONE: dict[str, Words] = {
    "answer": _("Answered. It stands on the resident's page."),
    "pass_on": _("Passed on to the town, and the resident sees where it went."),
    "quarrel": _("It goes on as a dispute, under the same number of the matter. Hand it to a mediator now."),
    "settle": _("Recorded. Somebody else reads it, then it is closed."),
    "hand_over": _("Handed over. The mediator has it; you see its number and state."),
    "tell": _("The resident was told."),
}
FORMS = {"answer": AnswerForm, "pass_on": PassOnForm, "quarrel": QuarrelForm, "settle": SettleForm, "tell": TellForm}


def _act_of(request: HttpRequest) -> Act:
    act = act_from(request)
    policies.check_village(act)
    return act


@never_cache
@login_required
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """Show the village's own day."""
    act = _act_of(request)
    with acting(act):
        context = {"day": queries.day(act), "q": request.GET.get("q", "")[:100], "at": act.at}
        context["found"] = queries.looked_up(act, str(context["q"]))
    return render(request, "village/day.html", context)


@never_cache
@login_required
def matter(request: HttpRequest, case_id: UUID, deed: str = "") -> HttpResponse:
    """Show one matter, and do one thing with it."""
    act = _act_of(request)
    with acting(act):
        told = queries.matter(act, case_id)
    offered = {key: next((name for name in names if name in told["may"]), "") for key, names, _title in DEEDS}
    if told["state"] not in ACTIVE:
        offered["tell"] = ""  # nobody waits any more
    if deed and not offered.get(deed):
        raise Http404
    form = _form(request, act, case_id, deed) if deed else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            goes_on = _done(act, case_id, deed, offered[deed], form.cleaned_data)
            messages.success(request, gettext(DONE[deed]))
            return redirect("village_matter", case_id=goes_on) if deed == "quarrel" else redirect("village")
        except Invalid as error:
            for name, sentence in error.fields.items() or [(None, error.say(gettext))]:
                form.add_error(name if name in form.fields else None, gettext(sentence) if isinstance(sentence, str) else str(sentence))
        except FengqiaoError as error:
            form.add_error(None, error.say(gettext))
    with acting(act):
        context = {
            "told": told, "form": form, "deed": deed, "title_of_deed": next((gettext(t) for key, _n, t in DEEDS if key == deed), ""),
            "deeds": [(key, gettext(title)) for key, _names, title in DEEDS if offered[key]], "form_token": form_token(),
            "texts": queries.texts(act, case_id) if deed == "answer" else [], "at": act.at,
        }  # fmt: skip
    return render(request, "village/matter.html", context, status=422 if form is not None and form.errors else 200)


def _form(request: HttpRequest, act: Act, case_id: UUID, deed: str) -> Any:
    data = request.POST if request.method == "POST" else None
    if deed == "hand_over":
        return HandOverForm(data, committees=queries.committees(act))
    initial = {}
    if deed == "answer" and "use" in request.GET:
        with acting(act):
            initial = {"text": next((one["text"] for one in queries.texts(act, case_id) if str(one["id"]) == request.GET["use"]), "")}
    return FORMS[deed](data, initial=initial)


def _done(act: Act, case_id: UUID, deed: str, move: str, said: dict[str, Any]) -> UUID:
    if deed == "quarrel":
        return services.turn_into_quarrel(act, case_id, said)
    if deed == "tell":
        return services.say_why(act, case_id, said["note"]).id
    if deed == "hand_over":
        said = {**said, "category": services.category_of(act, case_id)}
    return services.do(act, case_id, move, said).id


urlpatterns = [
    path("village/", day, name="village"),
    path("village/<uuid:case_id>/", matter, name="village_matter"),
    path("village/<uuid:case_id>/<slug:deed>/", matter, name="village_deed"),
]
