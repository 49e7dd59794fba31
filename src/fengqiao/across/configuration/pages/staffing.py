"""Persons and their posts from a file: read, shown with everything that is wrong by row and column, then written whole."""

import base64
import binascii
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fengqiao.access import catalogue
from fengqiao.across.configuration import services
from fengqiao.across.configuration.pages.desk import act_of
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.words import Words, _
from fengqiao.people import queries as people
from fengqiao.people import staffing

MOST, SHOWN = 1_000_000, 200
TITLES: dict[str, Words] = {
    "name": _("Full name"), "name_en": _("Name in English"), "phone": _("Telephone"), "email": _("E-mail"),
    "account": _("Account in the office system"), "language": _("Language"),
}  # fmt: skip


class StaffForm(forms.Form):
    """A table of persons; what was chosen once need not be chosen again."""

    file = forms.FileField(
        label=gettext_lazy("Table of persons"), widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("Choose a file.")},
    )  # fmt: skip
    name = forms.CharField(required=False, widget=forms.HiddenInput)
    held = forms.CharField(required=False, widget=forms.HiddenInput)
    passwords = forms.BooleanField(label=gettext_lazy("Give every new account a first password, shown once"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not self.data.get("held")

    def clean(self) -> dict[str, Any]:
        """Take the file, or the one that was read before."""
        said: dict[str, Any] = super().clean() or {}
        given = said.get("file")
        if given is not None and given.size > MOST:
            self.add_error("file", gettext("This file is too large. Split it."))
        elif given is not None:
            said["name"], said["content"] = str(given.name), given.read()
        elif not self.fields["file"].required:
            try:
                said["content"] = base64.b64decode(said.get("held", ""), validate=True)
            except (binascii.Error, ValueError):
                self.add_error("file", gettext("Choose a file."))
        return said


@never_cache
@login_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """Give the empty table."""
    act_of(request, people=True)
    body = b"\xef\xbb\xbf" + staffing.empty_table().encode()
    return HttpResponse(body, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="staff.csv"'})


@never_cache
@login_required
def bring(request: HttpRequest) -> HttpResponse:
    """Read a file, show what it would do, and do it when somebody says so."""
    act = act_of(request, people=True)
    form = StaffForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            found = staffing.read(act, said["name"], said["content"])
            if request.POST.get("go") == "count":
                return _write(request, found, passwords=said["passwords"])
            context |= {
                # A fresh form: what was not asked yet was not refused.
                "found": found, "ask": StaffForm(), "mistakes": [one.say(gettext) for one in found.findings if one.grave][:SHOWN],
                "noted": [one.say(gettext) for one in found.findings if not one.grave][:SHOWN],
                "rows": [_row(one) for one in found.persons[:SHOWN]], "more": max(0, len(found.persons) - SHOWN),
                "held": base64.b64encode(said["content"]).decode("ascii"), "name": said["name"],
            }  # fmt: skip
        except FengqiaoError as error:
            form.add_error("file", error.say(gettext))
    wrong = form.is_bound and (form.errors or context.get("mistakes"))
    return render(request, "configuration/staffing.html", context, status=422 if wrong else 200)


def _write(request: HttpRequest, found: staffing.Staffing, *, passwords: bool) -> HttpResponse:
    written = services.take_in(act_of(request, people=True), found, passwords=passwords)
    fresh = [(one, password) for one, password in written if password]
    told = ngettext("%(count)s person was taken in.", "%(count)s persons were taken in.", len(written)) % {"count": len(written)}
    messages.success(request, told)
    if not fresh:
        return redirect("settings_persons")
    # Shown in the answer itself and kept nowhere: who reloads the page sends the file again, and finds that all of it stands.
    return render(request, "configuration/staffing_done.html", {"fresh": fresh})


def _row(one: staffing.Someone) -> dict[str, Any]:
    tongue = get_language() or ""
    posts = [
        f"{catalogue.post(post.post).title_in(tongue)} · {people.organisation(post.organisation).called(tongue)}"
        f" · {post.since}–{post.until or ''}"
        for post in one.posts
    ]
    return {
        "username": one.username, "name": one.told.name, "fresh": one.known is None, "posts": posts, "standing": one.standing,
        "changed": [gettext(TITLES[name]) for name in one.changed],
    }  # fmt: skip
