"""The tree of categories, read from its CSV; a centre may change the rows afterwards, and its changes stay."""

import csv
from pathlib import Path

from fengqiao.cases.models import Category
from fengqiao.people import services as people

SEED = Path(__file__).with_name("categories.csv")


def seed_categories() -> int:
    """Write the categories that are missing; returns how many were written."""
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = [_category(row) for row in csv.DictReader(file)]
    known = set(Category.objects.values_list("code", flat=True))
    fresh = [row for row in rows if row.code not in known]
    # Classes first: kinds refer to them.
    Category.objects.bulk_create(row for row in fresh if row.parent_id is None)
    Category.objects.bulk_create(row for row in fresh if row.parent_id is not None)
    if fresh:
        people.bump("cases")
    return len(fresh)


def _category(row: dict[str, str]) -> Category:
    return Category(
        code=row["code"], parent_id=row["parent"] or None, name=row["name"], name_en=row["name_en"], sla=row["sla"],
        confidentiality=int(row["confidentiality"]), spot_ok=row["spot_ok"] == "yes", physical=row["physical"] == "yes",
        public_danger=row["public_danger"] == "yes", loop=row["loop"],
    )  # fmt: skip
