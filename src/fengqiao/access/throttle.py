"""Floods slowed down: from one address somebody without a name does only so much in a quarter of an hour."""

import hashlib
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings

from fengqiao.access.models import Attempt
from fengqiao.base.act import Act, ActorKind
from fengqiao.base.errors import TooMany
from fengqiao.base.words import _

WINDOW = timedelta(minutes=15)


class TooManyFromHere(TooMany):
    """Too many anonymous reports or files from one address."""

    message = _("Too much was sent from this connection. Wait {minutes} minutes and send again; what you typed is kept.")


def count(act: Act, what: str, address: str | None, most: int) -> None:
    """Count one more of what somebody without a name sends, or refuse; an address is kept only as a hash, and not for long."""
    if act.actor.kind != ActorKind.ANONYMOUS:
        return
    one = source(what, household(address or ""))
    if tries(act, one) >= most:
        raise TooManyFromHere(minutes=WINDOW.seconds // 60, seconds=WINDOW.seconds)
    Attempt.objects.create(source=one, at=act.at)


def tries(act: Act, source: str) -> int:
    """Return how often something was tried in the last quarter of an hour; what is older is forgotten."""
    since = act.at - WINDOW
    Attempt.objects.filter(at__lt=since).delete()
    return Attempt.objects.filter(source=source, at__gte=since).count()


def household(address: str) -> str:
    """Return what one connection has: an IPv4 address, or the network of an IPv6 address, of which a household has 2^64."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else address


def source(kind: str, value: str) -> str:
    """Return a hash of where something comes from, or of what is tried; it cannot be read back."""
    return hashlib.blake2b(f"{kind}:{value}".encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=32).hexdigest()
