"""Guessing slowed down: who looks up receipts with wrong codes soon has to wait, and so does everybody who tries that number."""

from fengqiao.access import throttle
from fengqiao.access.models import Attempt
from fengqiao.access.throttle import WINDOW
from fengqiao.base.act import Act
from fengqiao.base.errors import TooMany
from fengqiao.base.words import _

MOST = 10


class TooManyLookups(TooMany):
    """Too many wrong codes from one place, or for one number."""

    message = _("Too many wrong tries. Please wait {minutes} minutes and try again with the receipt in hand.")


def check(act: Act, address: str | None, number: str) -> None:
    """Refuse after too many wrong tries, before anything is looked at."""
    if any(throttle.tries(act, source) >= MOST for source in _sources(address, number)):
        raise TooManyLookups(minutes=WINDOW.seconds // 60, seconds=WINDOW.seconds)


def note(act: Act, address: str | None, number: str, *, right: bool) -> None:
    """Count a wrong try; a right one costs as much and counts nothing."""
    Attempt.objects.bulk_create(Attempt(source="" if right else source, at=act.at) for source in _sources(address, number))


def _sources(address: str | None, number: str) -> tuple[str, str]:
    return throttle.source("address", throttle.household(address or "")), throttle.source("number", number)
