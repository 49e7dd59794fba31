"""Flooding slowed down: one address sends only so many anonymous reports and photos in a quarter of an hour."""

import hashlib

from django.conf import settings

from fengqiao.across.intake.lookups import WINDOW
from fengqiao.across.intake.models import Lookup
from fengqiao.base.act import Act, ActorKind
from fengqiao.base.errors import TooMany
from fengqiao.base.words import _


class TooManyReports(TooMany):
    """Too many anonymous reports or photos from one address."""

    message = _("Too much was sent from this connection. Wait {minutes} minutes and send again; what you typed is kept.")


def count(act: Act, what: str, address: str, most: int) -> None:
    """Count one more of what somebody without a name sends, or refuse; an address is kept only as a hash, and not for long."""
    if act.actor.kind != ActorKind.ANONYMOUS:
        return
    since = act.at - WINDOW
    Lookup.objects.filter(at__lt=since).delete()
    source = hashlib.blake2b(f"{what}:{address}".encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=32).hexdigest()
    if Lookup.objects.filter(source=source, at__gte=since).count() >= most:
        raise TooManyReports(minutes=WINDOW.seconds // 60, seconds=WINDOW.seconds)
    Lookup.objects.create(source=source, at=act.at)
