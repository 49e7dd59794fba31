"""Changing who may do what: keys for programs, permissions of posts, seats in sealed compartments, the broken glass."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from fengqiao.access.models import Post, PostPermission, Seat, Token
from fengqiao.audit.models import BreakGlass
from fengqiao.audit.queries import glasses
from fengqiao.audit.services import note_deed, note_glass
from fengqiao.base.act import Act
from fengqiao.base.errors import Invalid, NotAllowed, NotFound, TooMany
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.people.models import Person
from fengqiao.people.services import bump

TOKEN_PREFIX = "fq_"
TOKEN_DAYS = 366
GLASSES_AN_HOUR = 5
NEVER_LENT = {"case:read_c3", "case:read_c4", "glass:break", "audit:read", "people:edit", "settings:edit", "tokens:make", "retention:run"}


class TooManyGlasses(TooMany):
    """The glass is for the exception."""

    message = _("You have opened several sealed cases within an hour. Ask the officer responsible for them for a seat.")


class TooMuch(NotAllowed):
    """Nobody hands out what they do not have."""

    message = _("A token may not do more than you may: {missing}.")


class OnlyPeople(NotAllowed):
    """A program hands out no keys."""

    message = _("A key is made by a person who signed in, not by a program.")


class BadExpiry(Invalid):
    """A token lives at most a year."""

    message = _("A token expires within {days} days, and not in the past.")


class NoSuchToken(NotFound):
    """There is no such token."""

    message = _("There is no such access token, or it was revoked already.")


class NoSuchPost(NotFound):
    """There is no such post."""

    message = _("There is no post “{post}”.")


@transaction.atomic
def make_token(act: Act, name: str, *, scopes: Sequence[str], area: str, expires_at: datetime) -> tuple[Token, str]:
    """Make a key for a program; the secret is shown once and never kept."""
    _need(act, "tokens:make")
    if not act.actor.person:
        raise OnlyPeople
    # An administrator equips programs for work that is not an administrator's, but opens no sealed door with them.
    may_lend = act.actor.may("settings:edit")
    missing = [scope for scope in scopes if not act.actor.may(scope) and (scope in NEVER_LENT or not may_lend)]
    if missing:
        raise TooMuch(missing=", ".join(missing))
    if area and not act.actor.covers(area):
        raise TooMuch(missing=area)
    if not act.at < expires_at <= act.at + timedelta(days=TOKEN_DAYS):
        raise BadExpiry(days=TOKEN_DAYS)
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        id=new_id(),
        name=name.strip()[:80],
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        scopes=sorted(set(scopes)),
        area=area,
        organisation=act.actor.org or None,
        made_by_id=act.actor.person,
        made_at=act.at,
        expires_at=expires_at,
    )
    note_deed(act, "token_made", str(token.id), name=token.name, scopes=token.scopes, area=area)
    bump("access")
    return token, secret


def tokens(act: Act) -> list[Token]:
    """Return all keys, the latest first; their secrets nobody has."""
    _need(act, "tokens:make")
    return list(Token.objects.order_by("-made_at", "-id")[:500])


@transaction.atomic
def revoke_token(act: Act, id: UUID | str) -> None:
    """Revoke a key; every process forgets it within a second."""
    _need(act, "tokens:make")
    if not Token.objects.filter(pk=id, revoked_at=None).update(revoked_at=act.at):
        raise NoSuchToken
    note_deed(act, "token_revoked", str(id))
    bump("access")


@transaction.atomic
def set_permission(act: Act, post: str, permission: str, *, granted: bool) -> None:
    """Give a post a permission, or take it; the centre's word stands at every upgrade."""
    _need(act, "settings:edit")
    if not Post.objects.filter(pk=post).exists():
        raise NoSuchPost(post=post)
    PostPermission.objects.update_or_create(
        post_id=post, permission=permission, defaults={"granted": granted, "origin": PostPermission.Origin.CENTRE}
    )
    note_deed(act, "permission_given" if granted else "permission_taken", post, permission=permission)
    bump("access")


@transaction.atomic
def give_seat(act: Act, compartment: str, person: Person) -> Seat:
    """Give a named person a seat in a sealed compartment; administrators have no way to give themselves one."""
    _need(act, "people:edit")
    if act.actor.person == str(person.pk):
        raise NotAllowed
    seat, _new = Seat.objects.get_or_create(compartment=compartment, person=person, until=None, defaults={"since": act.at})
    note_deed(act, "seat_given", compartment, person=str(person.pk))
    bump("access")
    return seat


@transaction.atomic
def take_seat(act: Act, compartment: str, person: Person) -> None:
    """End a person's seat in a sealed compartment."""
    _need(act, "people:edit")
    Seat.objects.filter(compartment=compartment, person=person, until=None).update(until=act.at)
    note_deed(act, "seat_taken", compartment, person=str(person.pk))
    bump("access")


@transaction.atomic
def sign_out_everywhere(act: Act, person: Person) -> int:
    """End every session of a person; returns how many."""
    _need(act, "people:edit")
    ended = 0
    for session in UserSession.objects.filter(user=person):
        session.end()
        ended += 1
    note_deed(act, "signed_out_everywhere", str(person.pk), sessions=ended)
    return ended


@transaction.atomic
def reset_second_factor(act: Act, person: Person) -> None:
    """Take a lost second factor from a person, and end their sessions; they set up a new one when they sign in."""
    _need(act, "people:edit")
    if act.actor.person == str(person.pk):
        raise NotAllowed
    Authenticator.objects.filter(user=person).delete()
    note_deed(act, "second_factor_reset", str(person.pk))
    sign_out_everywhere(act, person)


@transaction.atomic
def break_glass(act: Act, case_id: UUID | str, *, reason: str, compartment: str = "") -> BreakGlass:
    """Open one sealed case for half an hour, with a reason that the responsible officer reads at once."""
    _need(act, "glass:break")
    if glasses(person=act.actor.person, since=act.at - timedelta(hours=1)).count() >= GLASSES_AN_HOUR:
        raise TooManyGlasses
    broken = note_glass(act, case_id, reason=reason, compartment=compartment)
    for watcher in _watchers:
        transaction.on_commit(partial(watcher, broken))
    return broken


def watch_glass(watcher: Callable[[BreakGlass], None]) -> None:
    """Have somebody told, after the commit, of every sealed case that is opened without a seat."""
    if watcher not in _watchers:
        _watchers.append(watcher)


_watchers: list[Callable[[BreakGlass], None]] = []


def _need(act: Act, permission: str) -> None:
    if not act.actor.may(permission):
        raise NotAllowed
