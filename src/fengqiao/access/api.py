"""Who am I, and in which post do I act?"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import get_language
from ninja import Field, Router, Schema, Status

from fengqiao.access import catalogue, doors, services
from fengqiao.access.doors import act_from
from fengqiao.access.gates import person_door, signed_door
from fengqiao.access.models import Token
from fengqiao.access.moments import Moment
from fengqiao.access.sessions import open_glass, switch_post
from fengqiao.base.clock import now
from fengqiao.people.models import Person

router = Router(tags=["me"])
tokens = Router(tags=["tokens"])
MOUNTS = {"/me": router, "/tokens": tokens}


class Named(Schema):
    """Something with an id and a name."""

    id: str
    name: str


class AreaOut(Schema):
    """An area as a reader knows it."""

    code: str
    name: str


class PostOut(Schema):
    """A post that one holds."""

    id: str
    post: str
    post_title: str
    organisation: Named
    area: AreaOut
    active: bool


class MeOut(Schema):
    """Who is signed in and what the active post carries."""

    person: Named
    posts: list[PostOut]
    permissions: list[str]
    language: str
    mfa: bool
    needs_mfa: bool
    csrf: str


class ChoosePost(Schema):
    """The post to act in from now on."""

    id: UUID


@router.get("", response=MeOut, auth=person_door, summary="Who is signed in, with all posts and the active one's permissions")
def me(request: HttpRequest) -> MeOut:
    """Say who somebody is."""
    return _me(request)


@router.post("/post", response=MeOut, auth=person_door, summary="Act in another of one's posts from now on")
def choose_post(request: HttpRequest, asked: ChoosePost) -> MeOut:
    """Change the active post."""
    switch_post(request, asked.id, now())
    return _me(request)


def _me(request: HttpRequest) -> MeOut:
    doors.refresh()
    person: Person = request.user  # type: ignore[assignment]
    at, language = now(), get_language() or settings.LANGUAGE_CODE
    english = language.startswith("en")
    active = doors.active_post(request, at)
    posts = [
        PostOut(
            id=held.id,
            post=held.post,
            post_title=catalogue.post(held.post).title_in(language),
            organisation=Named(id=held.organisation, name=(english and held.organisation_name_en) or held.organisation_name),
            area=AreaOut(code=held.area, name=(english and held.area_name_en) or held.area_name),
            active=active is not None and held.id == active.id,
        )
        for held in doors.posts_of(person, at)
    ]
    entry = catalogue.post(active.post if active else "resident")
    return MeOut(
        person=Named(id=str(person.pk), name=(english and person.name_en) or person.name),
        posts=posts,
        permissions=sorted(entry.permissions),
        language=language,
        mfa=doors.second_factor_shown(request),
        needs_mfa=settings.FENGQIAO_MFA_REQUIRED and entry.privileged and not doors.second_factor_shown(request),
        csrf=get_token(request),
    )


class BreakGlassIn(Schema):
    """Which sealed case, and why now."""

    case: UUID
    reason: str = Field(min_length=10, max_length=500)


class BreakGlassOut(Schema):
    """Until when the case is open."""

    case: UUID
    until: datetime


@router.post("/glass", response={201: BreakGlassOut}, auth=signed_door, summary="Open a sealed case for half an hour; the officer is told")
def break_glass(request: HttpRequest, asked: BreakGlassIn) -> Status[BreakGlassOut]:
    """Open a sealed case in this session."""
    broken = services.break_glass(act_from(request), asked.case, reason=asked.reason)
    open_glass(request, asked.case, broken.until)
    return Status(201, BreakGlassOut(case=asked.case, until=broken.until))


class TokenIn(Schema):
    """A key to be made."""

    name: str = Field(min_length=1, max_length=80)
    scopes: list[str] = Field(min_length=1, max_length=100)
    area: str = Field(max_length=15, pattern="^[0-9A-Za-z]*$")
    expires_at: Moment


class TokenOut(Schema):
    """A key, without its secret."""

    id: UUID
    name: str
    scopes: list[str]
    area: str
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokenMade(TokenOut):
    """A new key, with the secret that is shown this once."""

    secret: str


@tokens.get("", response=list[TokenOut], auth=signed_door, summary="The keys of programs, without their secrets")
def list_tokens(request: HttpRequest) -> list[Token]:
    """List keys."""
    return services.tokens(act_from(request))


@tokens.post("", response={201: TokenMade}, auth=signed_door, summary="Make a key for a program; its secret is shown once")
def make_token(request: HttpRequest, asked: TokenIn) -> Status[TokenMade]:
    """Make a key."""
    made, secret = services.make_token(act_from(request), asked.name, scopes=asked.scopes, area=asked.area, expires_at=asked.expires_at)
    return Status(201, TokenMade(secret=secret, **TokenOut.from_orm(made).dict()))


@tokens.delete("/{token_id}", response={204: None}, auth=signed_door, summary="Revoke a key at once")
def revoke_token(request: HttpRequest, token_id: UUID) -> Status[None]:
    """Revoke a key."""
    services.revoke_token(act_from(request), token_id)
    return Status(204, None)
