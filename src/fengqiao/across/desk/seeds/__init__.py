"""The standard texts a centre begins with; every one is a row it may change."""

import csv
from pathlib import Path

from fengqiao.across.desk.models import StandardText
from fengqiao.base.clock import now
from fengqiao.base.ids import derived_id

TEXTS = Path(__file__).with_name("texts.csv")


def seed_reference() -> None:
    """Write the texts of the table that are not there yet; those a centre has changed stay as they are."""
    at = now()
    with TEXTS.open(encoding="utf-8", newline="") as file:
        rows = [
            StandardText(id=derived_id("standard text", row["move"], row["category"], row["title"]), written_at=at, **row)
            for row in csv.DictReader(file)
        ]
    StandardText.objects.bulk_create(rows, ignore_conflicts=True)
