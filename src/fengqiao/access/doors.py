"""The doors: where a request, a job or an import becomes an `Act`. Nobody deeper asks the clock or the session."""

import hashlib
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote

from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from fengqiao.access import catalogue, holdings
from fengqiao.access.acting import GLASS
from fengqiao.access.models import Token
from fengqiao.access.moments import in_utc
from fengqiao.base.act import Act, Actor, ActorKind, Channel
from fengqiao.base.clock import now
from fengqiao.base.errors import Invalid, NotAllowed
from fengqiao.base.ids import derived_id, new_id
from fengqiao.base.words import _
from fengqiao.people import reference

if TYPE_CHECKING:
    from fengqiao.people.models import Appointment, Person

SESSION_POST = "post"
SESSION_GLASS = "glass"
SESSION_GRANTEES = "grantees"
SESSION_FACTOR = "second_factor"
SESSION_METHODS = "account_authentication_methods"  # allauth's own record
KEY_LENGTH = 80
FRESH_SECONDS = 1.0
FORM_TOKEN_DAYS = 2


class NotSignedIn(NotAllowed):
    """Nobody is signed in, or the session is over."""

    message = _("You are not signed in, or your session is over. Sign in and send again; what you typed is kept.")


class NeedsSecondFactor(NotAllowed):
    """The active post is privileged and this session has shown one factor only."""

    message = _("This post needs a second factor. Set up or enter your code, then try again.")


class BadToken(NotAllowed):
    """The bearer token is unknown, revoked or has expired."""

    message = _("This access token is unknown, revoked or has expired. Ask your administrator for a new one.")


class BadKey(Invalid):
    """The Idempotency-Key cannot be used."""

    message = _("The Idempotency-Key must be 1 to {length} visible ASCII characters.")


class BadMoment(Invalid):
    """The claimed moment cannot be used."""

    message = _("Occurred-At must be a date and time with a zone, and not in the future.")


def act_from(request: HttpRequest) -> Act:
    """Turn a request into an act; the same request gives the same act however often it is asked."""
    held: Act | None = getattr(request, "act", None)
    if held is None:
        held = _act_of(request)
        request.act = held  # type: ignore[attr-defined]
    return held


def signed_act_from(request: HttpRequest) -> Act:
    """Turn a request into an act, if somebody is signed in or brought a token."""
    act = act_from(request)
    if act.actor.kind == ActorKind.ANONYMOUS:
        raise NotSignedIn
    return act


def actor_for(appointment: "Appointment") -> Actor:
    """Return the actor of an appointment, for jobs, imports, tests and the simulation."""
    return holdings.actor_of(appointment.person, holdings.holding(appointment), now())


def person_actor(person: "Person") -> Actor:
    """Return the actor of a person who acts for themselves, without any post."""
    return Actor(
        kind=ActorKind.PERSON,
        id=str(person.pk),
        person=str(person.pk),
        post="resident",
        grantees=(f"person:{person.pk}",),
        permissions=catalogue.post("resident").permissions,
        name=person.name,
    )


def machine(name: str) -> Actor:
    """Return the actor of a part of the system; it sees everything, and may do what its post in the seed table says."""
    post = name if name in catalogue.posts() else "machine"
    return Actor(
        kind=ActorKind.MACHINE,
        id=f"machine:{name}",
        post=post,
        level="district",
        ranges=holdings.EVERYWHERE,
        compartments=("*",),
        permissions=catalogue.post(post).permissions,
        name=name,
    )


def anonymous(key: str, grantees: tuple[str, ...] = ()) -> Actor:
    """Return the actor of somebody who gave no name; `key` is the form token that the server handed out."""
    return Actor(
        kind=ActorKind.ANONYMOUS,
        id=f"anonymous:{key}",
        post="anonymous_reporter",
        grantees=grantees,
        permissions=catalogue.post("anonymous_reporter").permissions,
    )


def machine_act(name: str, at: datetime, *, key: str = "", channel: str = Channel.BATCH, purpose: str = "") -> Act:
    """Return an act of a part of the system; with a key, doing it twice is doing it once."""
    actor = machine(name)
    return Act(id=derived_id(actor.id, key) if key else new_id(), actor=actor, at=at, channel=channel, purpose=purpose, key=key)


def form_token() -> str:
    """Hand out a token for a form that somebody without an account will send: it is their name and their key at once."""
    return signing.TimestampSigner(salt="form").sign(new_id().hex)


def posts_of(person: "Person", at: datetime) -> list[holdings.Holding]:
    """Return the posts a person holds now."""
    day = timezone.localdate(at)
    return [held for held in holdings.holdings(str(person.pk)) if held.holds_on(day)]


def active_post(request: HttpRequest, at: datetime) -> holdings.Holding | None:
    """Return the post in which somebody acts in this session."""
    held = posts_of(request.user, at)  # type: ignore[arg-type]
    chosen = request.session.get(SESSION_POST)
    return next((one for one in held if one.id == chosen), held[0] if held else None)


def second_factor_shown(request: HttpRequest) -> bool:
    """Tell whether this session has shown a second factor (allauth keeps the record)."""
    shown = request.session.get(SESSION_METHODS, [])
    return bool(request.session.get(SESSION_FACTOR)) or any(record.get("method") == "mfa" for record in shown)


def refresh() -> None:
    """Let a change of posts or people take effect: asked at the door, at most once a second in each process."""
    global _refreshed
    if time.monotonic() - _refreshed < FRESH_SECONDS:
        return
    _refreshed = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, number FROM people_edition")
        editions = dict(cursor.fetchall())
    reference.check(editions)


_refreshed = 0.0


def _act_of(request: HttpRequest) -> Act:
    at = now()
    refresh()
    bearer = request.headers.get("Authorization", "")
    if bearer.lower().startswith("bearer "):
        actor, channel = _token_actor(bearer[7:].strip(), at), str(Channel.API)
    else:
        actor, channel = _session_actor(request, at), str(Channel.DESK)
    key = _key(request)
    return Act(
        id=derived_id(actor.id, key) if key else new_id(),
        actor=actor,
        at=at,
        channel=channel,
        purpose=unquote(request.headers.get("Purpose", "") or request.GET.get("purpose", "")).replace("\0", "")[:200],
        key=key,
        occurred_at=_occurred(request, at),
    )


def _session_actor(request: HttpRequest, at: datetime) -> Actor:
    if not request.user.is_authenticated:
        signer = signing.TimestampSigner(salt="form")
        try:
            key = signer.unsign(_form_token(request), max_age=timedelta(days=FORM_TOKEN_DAYS))
        except signing.BadSignature:
            key = new_id().hex
        return anonymous(key, tuple(request.session.get(SESSION_GRANTEES, ())))
    post = active_post(request, at)
    if post is None:
        return person_actor(request.user)
    if settings.FENGQIAO_MFA_REQUIRED and catalogue.post(post.post).privileged and not second_factor_shown(request):
        raise NeedsSecondFactor
    glass = request.session.get(SESSION_GLASS, {})
    opened = tuple(f"{GLASS}{case}" for case, until in glass.items() if until > at.timestamp())
    return holdings.actor_of(request.user, post, at, opened)


def _token_actor(secret: str, at: datetime) -> Actor:
    found = holdings.token(hashlib.sha256(secret.encode()).hexdigest())
    if found is None or found.revoked_at is not None or found.expires_at <= at:
        raise BadToken
    _note_use(found, at)
    return holdings.actor_of_token(found)


def _note_use(found: Token, at: datetime) -> None:
    # Once a minute is enough to see that a key is alive, and spares a write on every call.
    if found.last_used_at is None or at - found.last_used_at > timedelta(minutes=1):
        found.last_used_at = at
        type(found).objects.filter(pk=found.pk).update(last_used_at=at)


def brings_form(request: HttpRequest) -> bool:
    """Tell whether a request comes with the token of a form of ours."""
    try:
        signing.TimestampSigner(salt="form").unsign(_form_token(request), max_age=timedelta(days=FORM_TOKEN_DAYS))
    except signing.BadSignature:
        return False
    return True


def _form_token(request: HttpRequest) -> str:
    if request.headers.get("X-Form-Token"):
        return request.headers["X-Form-Token"]
    form = request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}
    return request.POST.get("form_token", "") if request.method == "POST" and form else ""


def _key(request: HttpRequest) -> str:
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return ""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return _form_token(request)[:KEY_LENGTH]
    if not 1 <= len(given) <= KEY_LENGTH or not given.isascii() or not given.isprintable() or " " in given:
        raise BadKey(length=KEY_LENGTH)
    return given


def _occurred(request: HttpRequest, at: datetime) -> datetime | None:
    given = request.headers.get("Occurred-At")
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise BadMoment from None
    if moment.tzinfo is None or moment > at + timedelta(minutes=5):
        raise BadMoment
    try:
        return in_utc(moment)
    except ValueError:
        raise BadMoment from None
