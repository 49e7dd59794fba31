"""The layers a map begins with; every one is a row a centre may change."""

import csv
from pathlib import Path

from fengqiao.across.mapping.models import Layer

LAYERS = Path(__file__).with_name("layers.csv")


def seed_reference() -> None:
    """Write the layers of the table that are not there yet; those a centre has changed stay as they are."""
    with LAYERS.open(encoding="utf-8", newline="") as file:
        rows = [Layer(**{**row, "shown": row["shown"] == "1"}) for row in csv.DictReader(file)]
    Layer.objects.bulk_create(rows, ignore_conflicts=True)
