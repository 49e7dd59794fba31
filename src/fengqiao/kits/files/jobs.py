"""What the clock sets off."""

from datetime import datetime

from fengqiao.kits.files.services import drop_unbound


def reap(at: datetime) -> int:
    """Drop files that nobody bound within a day."""
    return drop_unbound(at)
