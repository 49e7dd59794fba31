"""Identifiers made in Python: UUIDv7 for new things, so that they sort by birth, and uuid5 for derived ones."""

import os
import time
from uuid import UUID, uuid5

FENGQIAO = UUID("b8a7d4f2-6f0e-5c1b-9d53-0f3a3c9e7711")


def new_id() -> UUID:
    """Return a fresh UUIDv7: 48 bits of milliseconds, 12 of the fraction, 62 of chance (RFC 9562, method 3)."""
    # Not base.clock: this is no time anybody acts on, only an order that indexes like.
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = (rest << 12) // 1_000_000
    chance = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | chance)


def derived_id(*parts: object) -> UUID:
    """Return the id that these parts always give, so that doing a thing twice finds it the second time."""
    # The length before each part keeps ("ab", "c") apart from ("a", "bc").
    return uuid5(FENGQIAO, "".join(f"{len(text)}:{text}" for text in map(str, parts)))
