"""How often and how long a delivery is tried, and what can become of it."""

import random
from datetime import timedelta

from django.db import models

from fengqiao.base.words import _

# Pauses between tries, about three days in all, as the Standard Webhooks rules suggest.
PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)  # fmt: skip
JITTER = 0.2
TRIES = len(PAUSES) + 1
# A try that was begun and never ended (the process was killed) is taken up again after this.
LEASE = timedelta(minutes=2)
PATIENCE = 10.0
# How long the old secret signs beside the new one.
ROTATION = timedelta(hours=24)
LONGEST_WAIT = timedelta(days=1)


class Status(models.TextChoices):
    """What became of a delivery."""

    WAITING = "waiting", _("Waiting to be sent")
    DELIVERED = "delivered", _("Delivered")
    DEAD = "dead", _("Given up")


def pause_after(tries: int, wished: timedelta | None = None) -> timedelta | None:
    """Return how long to wait after so many tries, never less than the receiver wished; nothing when it is over."""
    if tries > len(PAUSES):
        return None
    pause = PAUSES[tries - 1] * random.uniform(1 - JITTER, 1 + JITTER)
    return max(pause, min(wished or pause, LONGEST_WAIT))
