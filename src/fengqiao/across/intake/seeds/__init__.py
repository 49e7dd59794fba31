"""What intake begins with: routing rules, where else to go, and the first privacy notice; a centre edits the rows."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from fengqiao.across.intake.models import Notice, Redirect, ReportCode, RoutingRule
from fengqiao.across.intake.terms import Spot
from fengqiao.base.clock import now
from fengqiao.base.ids import derived_id
from fengqiao.people import queries as people_queries
from fengqiao.people import services as people

HERE = Path(__file__).parent
SINCE = date(2020, 1, 1)


DEMO_CODES = (
    ("yunxi22222", Spot.STAIRWELL, "990101001001", "1幢2单元", "Building 1, entrance 2"),
    ("yunxi33333", Spot.COMMUNITY, "990101001001", "社区服务中心", "Community centre"),
    ("yunxi44444", Spot.SITE, "990101001002", "云溪府工地", "Building site Yunxi Court"),
)


def seed_reference(demo: bool = False) -> None:
    """Write the rows of each table that is still empty; running it twice changes nothing."""
    if demo:
        _hang_demo_codes()
    made = 0
    if not RoutingRule.objects.exists():
        made += len(RoutingRule.objects.bulk_create(RoutingRule(effective_from=SINCE, **row) for row in _rows("routing.csv")))
    if not Redirect.objects.exists():
        made += len(Redirect.objects.bulk_create(Redirect(**{**row, "urgent": row["urgent"] == "yes"}) for row in _rows("redirects.csv")))
    if not Notice.objects.exists():
        made += len(Notice.objects.bulk_create(Notice(**row) for row in _rows("notices.csv")))
    if made:
        people.bump("intake")


def _hang_demo_codes() -> None:
    for token, spot, area, label, label_en in DEMO_CODES:
        place = people_queries.area(area)
        if place is None:
            continue
        made = {
            "spot": spot, "area": area, "label": label, "label_en": label_en, "address": f"{people_queries.address(area)}{label}",
            "lon": place.lon, "lat": place.lat, "batch": derived_id("intake", "demo", area), "made_by": "machine:seeds", "made_at": now(),
        }  # fmt: skip
        ReportCode.objects.get_or_create(token=token, defaults=made)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
