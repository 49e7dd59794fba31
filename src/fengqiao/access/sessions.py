"""Sessions: which post is active, how long somebody may be away, and who came in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from fengqiao.access import catalogue, doors
from fengqiao.access.holdings import Holding, holding_of
from fengqiao.audit.models import SignInLog
from fengqiao.audit.services import note_sign_in
from fengqiao.base.clock import now
from fengqiao.base.errors import NotAllowed
from fengqiao.base.words import _

SEEN = "seen"
SEEN_EVERY = 60
BACKGROUND = "X-Background"
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class NotYourPost(NotAllowed):
    """One acts in one's own posts only."""

    message = _("You do not hold this post, or no longer.")


def switch_post(request: HttpRequest, appointment: UUID | str, at: datetime) -> Holding:
    """Make another of one's posts the active one; what was opened for the old post closes."""
    held = holding_of(str(request.user.pk), appointment)
    if held is None or held not in doors.posts_of(request.user, at):  # type: ignore[arg-type]
        raise NotYourPost
    request.session[doors.SESSION_POST] = held.id
    request.session.pop(doors.SESSION_GLASS, None)
    note_sign_in(
        SignInLog.Outcome.POST_CHANGED, at, person=str(request.user.pk), address=address(request), detail=f"{held.post} {held.area}"
    )
    return held


def open_glass(request: HttpRequest, case_id: UUID | str, until: datetime) -> None:
    """Remember in the session which sealed case was opened, and until when."""
    glass = request.session.get(doors.SESSION_GLASS, {})
    request.session[doors.SESSION_GLASS] = {**glass, str(case_id): until.timestamp()}


def remember_grantee(request: HttpRequest, grantee: str) -> None:
    """Remember that a visitor has shown a receipt or a link, so that the next page lets them in too."""
    known = request.session.get(doors.SESSION_GRANTEES, [])
    if grantee not in known:
        request.session[doors.SESSION_GRANTEES] = [*known[-9:], grantee]


def address(request: HttpRequest | None) -> str | None:
    """Return the address a request came from; the door has looked through the proxies already (`site.proxies`)."""
    return request.META.get("REMOTE_ADDR") or None if request is not None else None


def idle_seconds(request: HttpRequest, at: datetime) -> int:
    """Return how long somebody in the active post may be away."""
    held = doors.active_post(request, at)
    privileged = held is not None and catalogue.post(held.post).privileged
    return settings.FENGQIAO_IDLE_PRIVILEGED if privileged else settings.FENGQIAO_IDLE


class SessionLimits:
    """End a session that nobody used for too long; a privileged post's is shorter."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and request.user.is_authenticated:
            self._check(request)
        return self.get_response(request)

    def _check(self, request: HttpRequest) -> None:
        at = now()
        seconds = at.timestamp()
        seen = request.session.get(SEEN, seconds)
        if seconds - seen > idle_seconds(request, at):
            note_sign_in(SignInLog.Outcome.SESSION_OVER, at, person=str(request.user.pk), address=address(request))
            logout(request)
        elif SEEN not in request.session or (seconds - seen >= SEEN_EVERY and BACKGROUND not in request.headers):
            # Once a minute, so that reading does not write at every request; what a page asks while nobody is there does not count.
            request.session[SEEN] = seconds


@receiver(authenticator_added, dispatch_uid="second_factor_added")
def _set_up(request: HttpRequest, authenticator: Any = None, **_more: Any) -> None:
    # Whoever has just entered the first code of a new app, or made a passkey, has shown it: no second sign-in for the same thing.
    if authenticator.type in (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN):
        request.session[doors.SESSION_FACTOR] = True
        detail = "set up" if authenticator.type == Authenticator.Type.TOTP else "passkey added"
        note_sign_in(SignInLog.Outcome.SECOND_FACTOR, now(), person=str(request.user.pk), address=address(request), detail=detail)


@receiver(authenticator_removed, dispatch_uid="second_factor_removed")
def _removed(request: HttpRequest, **_more: Any) -> None:
    if not is_mfa_enabled(request.user, FACTORS):
        # Nothing is left that could have been shown: the session falls back to one factor at once.
        request.session.pop(doors.SESSION_FACTOR, None)
        shown = request.session.get(doors.SESSION_METHODS, [])
        request.session[doors.SESSION_METHODS] = [record for record in shown if record.get("method") != "mfa"]
    note_sign_in(SignInLog.Outcome.SECOND_FACTOR, now(), person=str(request.user.pk), address=address(request), detail="removed")


@receiver(user_logged_in, dispatch_uid="audit_signed_in")
def _came_in(request: HttpRequest | None = None, user: Any = None, **_more: Any) -> None:
    note_sign_in(SignInLog.Outcome.SIGNED_IN, now(), person=str(user.pk), username=user.username, address=address(request))


@receiver(user_logged_out, dispatch_uid="audit_signed_out")
def _went_out(request: HttpRequest | None = None, user: Any = None, **_more: Any) -> None:
    if user is not None:
        note_sign_in(SignInLog.Outcome.SIGNED_OUT, now(), person=str(user.pk), username=user.username, address=address(request))


@receiver(user_login_failed, dispatch_uid="audit_refused")
def _was_refused(credentials: dict[str, Any] | None = None, request: HttpRequest | None = None, **_more: Any) -> None:
    note_sign_in(SignInLog.Outcome.REFUSED, now(), username=str((credentials or {}).get("username", "")), address=address(request))
