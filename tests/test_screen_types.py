"""What the screens believe of the API is true: every field they read stands in its description."""

import re
from pathlib import Path
from typing import Any

import pytest

TYPES = Path(__file__).parents[1] / "web" / "src" / "shared" / "types.ts"
INTERFACE = re.compile(r"^export interface (\w+)(?: extends (\w+))? \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r"^  (\w+)\??:", re.MULTILINE)

# The interface of the screens -> the schema of the API.
SAME = {
    "Me": "MeOut", "Post": "PostOut", "LoopInfo": "LoopOut", "Box": "BoxOut", "CaseRow": "RowOut", "CasePage": "PageOut",
    "CaseDetail": "DetailOut", "PossibleMove": "MoveOut", "ClockInfo": "ClockOut", "TimelineEntry": "EventOut",
    "SideRequest": "RequestOut", "RequestKind": "RequestFormOut", "Linked": "LinkedOut", "FileInfo": "FileOut",
    "ReporterInfo": "ReporterOut", "TownDesk": "DeskOut", "StandardText": "FilledOut", "RowDone": "RowDone",
}  # fmt: skip
# Only the answer to an upload tells it.
ELSEWHERE = {("FileInfo", "size")}
# Said when the server can, done without when it cannot.
OPTIONAL = {("SideRequest", "answer_asks")}


def interfaces() -> dict[str, set[str]]:
    """Return the fields of every interface, inherited ones included."""
    found: dict[str, set[str]] = {}
    for name, parent, body in INTERFACE.findall(TYPES.read_text(encoding="utf-8")):
        found[name] = set(FIELD.findall(body)) | found.get(parent, set())
    return found


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    from fengqiao.site.api import api

    schemas: dict[str, Any] = api.get_openapi_schema()["components"]["schemas"]
    return schemas


@pytest.mark.parametrize(("interface", "schema"), SAME.items())
def test_every_field_a_screen_reads_is_one_the_api_describes(described: dict[str, Any], interface: str, schema: str) -> None:
    read = {name for name in interfaces()[interface] if (interface, name) not in ELSEWHERE | OPTIONAL}
    assert read - set(described[schema]["properties"]) == set()
