"""What a district begins with before anybody has changed anything: the tree of categories (handbook C7) and the limits."""

from fengqiao.cases.seeds.categories import seed_categories
from fengqiao.cases.seeds.limits import seed_limits

__all__ = ["seed_categories", "seed_limits", "seed_reference"]


def seed_reference() -> None:
    """Write all reference rows of cases that are missing."""
    seed_categories()
    seed_limits()
