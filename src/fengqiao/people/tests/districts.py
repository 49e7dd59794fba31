"""A small district as files, good until a test spoils it."""

import csv
import json
from pathlib import Path

import pytest

from fengqiao.people import district, models, posts, reference
from fengqiao.people.terms import Kind

Tables = dict[str, list[list[str]]]


@pytest.fixture(autouse=True)
def any_post(monkeypatch):
    monkeypatch.setattr(posts, "_known", [])


@pytest.fixture
def tables() -> Tables:
    return {
        "district": [["code", "name", "name_en", "zone"], ["980101", "试验区", "Trial", "Asia/Shanghai"]],
        "areas": [
            ["code", "level", "name"],
            ["980101001", "town", "甲街道"],
            ["980101001001", "village", "乙社区"],
            ["980101001001001", "grid", "第1网格"],
            ["980101001001002", "grid", "第2网格"],
        ],
        "organisations": [
            ["code", "name", "kind", "area", "serves"],
            ["room", "指挥室", "command_room", "980101001", ""],
            ["sub", "分中心", "sub_centre", "980101", "980101001"],
        ],
        "staff": [
            ["username", "name", "phone", "post", "organisation", "area", "since", "until"],
            ["one", "甲", "10012345678", "town_dispatcher", "room", "", "2026-01-01", ""],
            ["one", "甲", "10012345678", "intake_clerk", "room", "", "2026/2/1", "2027年1月1日"],
        ],
        "calendar": [["date", "working", "note"], ["2026-12-24", "no", "Trial day"]],
        "hours": [["opens", "closes"], ["9:00", "17:00"]],
    }


def squares(*codes: str, system: str = "", shift: float = 0.01) -> dict:
    features = []
    for i, code in enumerate(codes):
        west = 119.0 + i * shift
        corners = [[west, 30.0], [west + 0.01, 30.0], [west + 0.01, 30.01], [west, 30.01], [west, 30.0]]
        geometry = {"type": "Polygon", "coordinates": [corners]}
        features.append({"type": "Feature", "properties": {"code": code}, "geometry": geometry})
    crs = {"crs": {"type": "name", "properties": {"name": system}}} if system else {}
    return {"type": "FeatureCollection", **crs, "features": features}


GRIDS = ("980101001001001", "980101001001002")


def files(folder: Path, tables: Tables, ground: dict | None = None) -> Path:
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened).writerows(rows)
    if ground is not None:
        (folder / "ground.geojson").write_text(json.dumps(ground), encoding="utf-8")
    return folder


def sentences(plan: district.Plan, grave: bool = True) -> list[str]:
    return [finding.say() for finding in plan.findings if finding.grave == grave]


@pytest.fixture
def empty(db):
    """The test database without its district: areas of the invented one stay, in another range of codes."""
    models.District.objects.all().delete()
    models.Organisation.objects.filter(kind=Kind.UNLOCATED).update(active=False)
    reference.forget()
