"""What the clock sets off."""

from datetime import datetime

from fengqiao.kits.files.services import drop_leftovers, drop_unbound


def reap(at: datetime) -> int:
    """Drop files that nobody bound within a day, and the plain bytes of files that were sealed."""
    return drop_unbound(at) + drop_leftovers()
