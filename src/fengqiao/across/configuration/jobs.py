"""What the clock sets off: changes come into force on their day."""

from datetime import datetime

from fengqiao.across.configuration import services


def take_effect(at: datetime) -> int:
    """Bring into force what is planned for today or earlier."""
    return services.take_effect(at)
