"""The account page: who I am, my posts, my second factor, my language; and the page that says a door is closed."""

from typing import Any
from uuid import UUID

from allauth.account import views as sign_in
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions.views import list_usersessions
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import RedirectView

from fengqiao.access import catalogue, doors
from fengqiao.access.sessions import switch_post
from fengqiao.audit.queries import sign_ins
from fengqiao.base.clock import now
from fengqiao.base.words import _
from fengqiao.people.models import Person
from fengqiao.people.yunxi.staff import DEMO, DEMO_PASSWORD, GRID_DEMO

TOO_MANY_TRIES = _(
    "Too many wrong passwords. This account is closed to you for {minutes} minutes; then try again, or ask your administrator."
)


class SignIn(sign_in.LoginView):
    """Signing in; in the demo, with the accounts to do it with."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"demo_accounts": demo_accounts(), "demo_password": DEMO_PASSWORD} if settings.DEMO else {}
        return {**super().get_context_data(**kwargs), **shown}


def demo_accounts() -> list[dict[str, str]]:
    """Return the accounts of the invented district that have short names, each with the title of its first post."""
    names = [*GRID_DEMO.values(), *(name for accounts in DEMO.values() for name in accounts)]
    found = {person.username: person for person in Person.objects.filter(demo=True, username__in=names)}
    shown, at = [], now()
    for name in names:
        held = doors.posts_of(found[name], at) if name in found else []
        title = catalogue.post(held[0].post).title_in(get_language() or "") if held else ""
        if name in found:
            english = (get_language() or "").startswith("en") and found[name].name_en
            shown.append({"username": name, "name": english or found[name].name, "title": title})
    return shown


@never_cache
@login_required
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Show who is signed in."""
    at, language = now(), get_language() or ""
    doors.refresh()
    active = doors.active_post(request, at)
    english = language.startswith("en")
    posts = [
        {
            "id": held.id,
            "title": catalogue.post(held.post).title_in(language),
            "place": (english and held.organisation_name_en) or held.organisation_name,
            "active": active is not None and held.id == active.id,
            "privileged": catalogue.post(held.post).privileged,
        }
        for held in doors.posts_of(request.user, at)  # type: ignore[arg-type]
    ]
    entry = catalogue.post(active.post) if active else catalogue.NOBODY
    context = {
        "posts": posts,
        "second_factor": doors.second_factor_shown(request),
        "second_factor_needed": settings.FENGQIAO_MFA_REQUIRED and entry.privileged,
        "may_set": "settings:edit" in entry.permissions,
        "sign_ins": list(sign_ins(person=str(request.user.pk))[:10]),
    }
    return render(request, "access/account.html", context)


@login_required
@require_POST
def choose_post(request: HttpRequest) -> HttpResponse:
    """Act in another post from now on."""
    try:
        chosen = UUID(request.POST.get("id", ""))
    except ValueError:
        raise Http404 from None
    switch_post(request, chosen, now())
    return redirect("account")


def locked(request: HttpRequest, credentials: dict[str, str] | None = None, *_more: object) -> HttpResponse:
    """Say that the door is closed for a while (django-axes)."""
    sentence = TOO_MANY_TRIES.say(gettext, {"minutes": settings.FENGQIAO_LOCK_MINUTES})
    context = {"status": 429, "title": gettext("Too many requests"), "sentence": sentence, "path": request.path}
    page = render(request, "web/error.html", context, status=429)
    page["Retry-After"] = str(settings.FENGQIAO_LOCK_MINUTES * 60)
    return page


# The names are those that allauth looks for.
urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("sign-in/code/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-out/", sign_in.logout, name="account_logout"),
    path("account/", account, name="account"),
    path("account/post/", choose_post, name="choose_post"),
    path("account/closed/", sign_in.account_inactive, name="account_inactive"),
    path("account/password/", sign_in.password_change, name="account_change_password"),
    path("account/confirm/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/sessions/", list_usersessions, name="usersessions_list"),
    path("account/second-factor/", mfa.index, name="mfa_index"),
    path("account/second-factor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-factor/passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("account/second-factor/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/name/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/confirm/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/second-factor/codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
