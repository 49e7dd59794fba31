"""What intake begins with: routing rules, where else to go, and the first privacy notice; a centre edits the rows."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from fengqiao.across.intake.models import Notice, Redirect, RoutingRule
from fengqiao.people import services as people

HERE = Path(__file__).parent
SINCE = date(2020, 1, 1)


def seed_reference() -> None:
    """Write the rows of each table that is still empty; running it twice changes nothing."""
    made = 0
    if not RoutingRule.objects.exists():
        made += len(RoutingRule.objects.bulk_create(RoutingRule(effective_from=SINCE, **row) for row in _rows("routing.csv")))
    if not Redirect.objects.exists():
        made += len(Redirect.objects.bulk_create(Redirect(**{**row, "urgent": row["urgent"] == "yes"}) for row in _rows("redirects.csv")))
    if not Notice.objects.exists():
        made += len(Notice.objects.bulk_create(Notice(**row) for row in _rows("notices.csv")))
    if made:
        people.bump("intake")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
