"""What the map costs at 20,000 points: processor time and bytes, whatever else the machine does.

.venv/bin/python bench/maps.py

Needs no database: it measures what the map adds to a statement (cells, encoding, packing), and says how much goes over the wire.
"""

import gzip
import os
import sys
import time
from collections.abc import Callable
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.site.settings")
os.environ.setdefault("FENGQIAO_MODE", "tool")
django.setup()

from fengqiao.across.mapping import queries  # noqa: E402
from fengqiao.base.ids import new_id  # noqa: E402
from fengqiao.kits.web.answers import _encoder  # noqa: E402

POINTS = 20_000
ROUNDS = 9


def cost(work: Callable[[], object]) -> float:
    """Return the median processor time of a piece of work, in milliseconds."""
    found = []
    for _round in range(ROUNDS):
        begun = time.process_time()
        work()
        found.append(1000 * (time.process_time() - begun))
    return sorted(found)[ROUNDS // 2]


def main() -> None:
    """Measure and print rows for a table."""
    chance = Random(7)
    places = [(119.6 + chance.random() * 0.6, 30.2 + chance.random() * 0.5) for _point in range(POINTS)]
    bins = [("", lon, lat, 1, chance.randrange(-1, 5), "") for lon, lat in places]
    points = [(str(new_id()), round(lon, 6), round(lat, 6), rung, "H") for _name, lon, lat, _n, rung, _mark in bins]
    body = _encoder.encode({"points": points})
    packed = gzip.compress(body, 5)
    sys.stdout.write("| what | processor time | bytes |\n|---|---|---|\n")
    for cell in (5, 7, 9):
        sys.stdout.write(f"| {POINTS:,} bins to H3 cells of resolution {cell} | {cost(lambda cell=cell: queries._gathered(bins, cell)):.1f} ms | |\n")
    sys.stdout.write(f"| {POINTS:,} points encoded | {cost(lambda: _encoder.encode({'points': points})):.1f} ms | {len(body):,} |\n")
    sys.stdout.write(f"| the same packed | {cost(lambda: gzip.compress(body, 5)):.1f} ms | {len(packed):,} |\n")


if __name__ == "__main__":
    main()
