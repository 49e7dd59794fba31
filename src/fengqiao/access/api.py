"""Who am I, and in which post do I act?"""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import get_language
from ninja import Router, Schema

from fengqiao.access import catalogue, doors
from fengqiao.access.gates import person_door
from fengqiao.access.sessions import switch_post
from fengqiao.base.clock import now
from fengqiao.people.models import Person

MOUNT = "/me"
router = Router(tags=["me"])


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
