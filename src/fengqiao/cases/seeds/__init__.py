"""What a district begins with before anybody has changed anything: categories (handbook C7) and limits (C3), both rows."""

from fengqiao.cases.seeds.categories import seed_categories
from fengqiao.cases.seeds.limits import seed_limits

__all__ = ["seed_categories", "seed_limits", "seed_reference"]


def seed_reference() -> None:
    """Write what is missing of the reference data of cases."""
    seed_categories()
    seed_limits()
