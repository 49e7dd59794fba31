"""Keyset cursors: where a list goes on, signed so that nobody invents a place."""

from typing import Any

from django.core import signing

from fengqiao.base.errors import Invalid
from fengqiao.base.words import _

_SIGNER = signing.Signer(salt="cursor")
LENGTH = 2000


class BadCursor(Invalid):
    """The cursor was not given out by us, or belongs to another list."""

    message = _("This list cannot go on from there. Open the list again from its beginning.")


def encode(of: str, *keys: str | float | None) -> str:
    """Write down where a list stands; `of` names the list and its order, so that cursors cannot be mixed up."""
    return _SIGNER.sign_object([of, *keys])


def decode(of: str, cursor: str | None, length: int) -> tuple[Any, ...] | None:
    """Read where a list goes on; nothing given is its beginning."""
    if not cursor:
        return None
    if len(cursor) > LENGTH:
        raise BadCursor
    try:
        found = _SIGNER.unsign_object(cursor)
    except (signing.BadSignature, ValueError, UnicodeError):
        raise BadCursor from None
    if not isinstance(found, list) or len(found) != length + 1 or found[0] != of:
        raise BadCursor
    return tuple(found[1:])
