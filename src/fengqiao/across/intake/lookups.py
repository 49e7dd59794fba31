"""Guessing slowed down: who looks up receipts with wrong codes soon has to wait, and so does everybody who tries that number."""

import hashlib
from datetime import timedelta

from django.conf import settings

from fengqiao.across.intake.models import Lookup
from fengqiao.base.act import Act
from fengqiao.base.errors import TooMany
from fengqiao.base.words import _

WINDOW = timedelta(minutes=15)
MOST = 10


class TooManyLookups(TooMany):
    """Too many wrong codes from one place, or for one number."""

    message = _("Too many wrong tries. Please wait {minutes} minutes and try again with the receipt in hand.")


def check(act: Act, address: str, number: str) -> None:
    """Refuse after too many wrong tries, before anything is looked at."""
    since = act.at - WINDOW
    Lookup.objects.filter(at__lt=since).delete()
    for source in _sources(address, number):
        if Lookup.objects.filter(source=source, at__gte=since).count() >= MOST:
            raise TooManyLookups(minutes=WINDOW.seconds // 60, seconds=WINDOW.seconds)


def note(act: Act, address: str, number: str, *, right: bool) -> None:
    """Count a wrong try; a right one costs as much and counts nothing."""
    rows = [Lookup(source="" if right else source, at=act.at) for source in _sources(address, number)]
    Lookup.objects.bulk_create(rows)


def _sources(address: str, number: str) -> tuple[str, str]:
    """Return hashes of where it comes from and of what is tried; neither can be read back."""
    return tuple(hashlib.blake2b(f"{kind}:{value}".encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=32).hexdigest()
                 for kind, value in (("address", address), ("number", number)))  # type: ignore[return-value]  # fmt: skip
