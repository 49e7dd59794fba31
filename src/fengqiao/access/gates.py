"""The gates of the API: who is let through to a route. A session must also show that the call comes from our own pages."""

from django.conf import settings
from django.http import HttpRequest
from ninja.utils import check_csrf

from fengqiao.access.doors import NotSignedIn, act_from, signed_act_from
from fengqiao.base.act import Act
from fengqiao.base.errors import NotAllowed
from fengqiao.base.words import _
from fengqiao.people.models import Person


class WrongForm(NotAllowed):
    """The call came with a session but not from one of our pages."""

    message = _("This request did not come from a page of ours, or the page is too old. Reload the page and send again.")


def door(request: HttpRequest) -> Act:
    """Let anybody in, known or not."""
    check_origin(request)
    return act_from(request)


def signed_door(request: HttpRequest) -> Act:
    """Let in who is signed in or brought a token."""
    check_origin(request)
    return signed_act_from(request)


def person_door(request: HttpRequest) -> Person:
    """Let in a person who signed in, whatever their post: to see who they are and to change posts."""
    check_origin(request)
    if not request.user.is_authenticated:
        raise NotSignedIn
    return request.user


def check_origin(request: HttpRequest) -> None:
    """Refuse a call that a foreign page made with our visitor's session."""
    # Only a browser brings a session by itself; whoever has none has nothing that a foreign page could use.
    bearer = request.headers.get("Authorization", "").lower().startswith("bearer ")
    if not bearer and settings.SESSION_COOKIE_NAME in request.COOKIES and check_csrf(request) is not None:
        raise WrongForm
