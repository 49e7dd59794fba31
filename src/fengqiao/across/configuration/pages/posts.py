"""Posts and what they may do: the matrix, and one post with each of its permissions."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fengqiao.access import catalogue
from fengqiao.access.models import Scope
from fengqiao.across.configuration import queries
from fengqiao.across.configuration.models import Change
from fengqiao.across.configuration.pages.desk import act_of
from fengqiao.across.configuration.subjects.permissions import OPENS_SEALED, WORDS, in_words, known
from fengqiao.base.words import _

SCOPES = {
    Scope.AREA: _("everything in its area"), Scope.ORGANISATION: _("the cases of its organisation"), Scope.OWN: _("its holder's own"),
}  # fmt: skip


@never_cache
@login_required
@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """Show which post may do what."""
    act_of(request)
    tongue, q = get_language() or "", request.GET.get("q", "").strip().casefold()
    rows = [
        {
            "key": post.key, "title": post.title_in(tongue), "reach": gettext(SCOPES[Scope(post.scope)]), "privileged": post.privileged,
            "cells": [permission in post.permissions for permission in WORDS], "moves": sum(name not in WORDS for name in post.permissions),
        }
        for post in catalogue.posts().values()
        if q in post.title.casefold() or q in post.title_zh or q in post.key
    ]  # fmt: skip
    heads = [(permission, in_words(permission)) for permission in WORDS]
    return render(request, "configuration/posts.html", {"rows": rows, "heads": heads, "q": request.GET.get("q", "")})


@never_cache
@login_required
@require_safe
def post(request: HttpRequest, key: str) -> HttpResponse:
    """Show one post, what it may do, and what it could be given."""
    act_of(request)
    if key not in catalogue.posts():
        raise Http404
    found = catalogue.post(key)
    rows = [
        {
            "about": f"{key}/{name}", "name": name, "words": in_words(name), "held": name in found.permissions,
            "sealed": OPENS_SEALED.match(name) is not None,
        }
        for name in sorted(known())
        if name in found.permissions or name in WORDS or request.GET.get("all")
    ]  # fmt: skip
    rows.sort(key=lambda row: (not row["held"], row["name"] not in WORDS, row["name"]))
    history = [queries.shown(change) for change in Change.objects.filter(subject="permission", about__startswith=f"{key}/")[:10]]
    context = {
        "title": found.title_in(get_language() or ""), "key": key, "reach": gettext(SCOPES[Scope(found.scope)]),
        "privileged": found.privileged, "rows": rows, "history": history, "every": bool(request.GET.get("all")),
    }  # fmt: skip
    return render(request, "configuration/post.html", context)
