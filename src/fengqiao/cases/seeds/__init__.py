"""What a district begins with before anybody has changed anything: the tree of categories (handbook C7)."""

from fengqiao.cases.seeds.categories import seed_categories

__all__ = ["seed_categories", "seed_reference"]


def seed_reference() -> None:
    """Write what is missing of the reference data of cases."""
    seed_categories()
