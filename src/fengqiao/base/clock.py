"""The one place that asks the machine what time it is. Doors call it, and nobody below a door does."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)
