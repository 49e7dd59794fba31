"""Pages that no module owns: what is shown when something is missing, forbidden, stale or broken."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import TemplateDoesNotExist
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from fengqiao.kits.web.answers import problem_answer
from fengqiao.kits.web.context import TYPE_COOKIE
from fengqiao.kits.web.errors import title_of, wants_json

log = logging.getLogger(__name__)


def error_page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """Show what happened and what to do now."""
    context = {"status": status, "title": title_of(status), "sentence": sentence, "path": request.path}
    try:
        response = render(request, "web/error.html", context, status=status)
    except TemplateDoesNotExist:
        log.exception("The page for errors is missing")
        response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing stands at this address."""
    sentence = gettext("There is no page at this address. It may have moved, or a letter is missing.")
    return _answer(request, 404, sentence, "not_found")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Something stands here, but not for this reader."""
    return _answer(request, 403, gettext("Your post does not allow this."), "not_allowed")


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request makes no sense."""
    return _answer(request, 400, gettext("The request cannot be read. Go back and try again."), "unreadable")


def broken(request: HttpRequest) -> HttpResponse:
    """We made a mistake."""
    return _answer(request, 500, gettext("Something went wrong here. Nothing was changed; please try again."), "unexpected")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was not one of ours, or too old."""
    sentence = gettext("This form is too old or did not come from our page. Go back, reload the page and send again.")
    return _answer(request, 403, sentence, "wrong_form")


def _answer(request: HttpRequest, status: int, sentence: str, code: str) -> HttpResponse:
    if wants_json(request):
        return problem_answer(status, sentence, code)
    return error_page(request, status, sentence)


@require_POST
def set_type(request: HttpRequest) -> HttpResponse:
    """Remember whether somebody reads better in larger type."""
    following = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(following, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        following = "/"
    response = redirect(following)
    wanted = "yes" if request.POST.get("big_type") == "yes" else "no"
    response.set_cookie(TYPE_COOKIE, wanted, max_age=365 * 24 * 3600, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("type/", set_type, name="set_type"),
]
