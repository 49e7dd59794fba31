"""Template files to fill in: one workbook with headings in Chinese and an example, and an outline to copy."""

import json
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from fengqiao.people.district.tables import CHINESE, COLUMNS

EXAMPLE: dict[str, list[list[str]]] = {
    "district": [["980101", "示例区", "Sample District", "Asia/Shanghai", "v2021", "WGS84"]],
    "areas": [
        ["980101001", "街道", "980101", "示例街道", "Sample Street", "", "000-00000001", "", "", ""],
        ["980101001001", "村社", "980101001", "示例社区", "Sample Community", "", "000-00000002", "", "", ""],
        ["980101001001001", "网格", "980101001001", "第1网格", "Grid 1", "320", "000-00000003", "否", "", ""],
        ["980101001001801", "网格", "980101001001", "农贸市场专属网格", "Market grid", "60", "000-00000003", "是", "", ""],
    ],
    "organisations": [
        ["980101-centre", "示例区社会治理中心", "Sample Governance Centre", "综治中心", "980101", "", "", "", "", "000-00000010", ""],
        ["980101-sub1", "东部分中心", "Eastern Sub-centre", "分中心", "980101", "980101-centre", "", "", "", "", "980101001"],
        ["980101001-room", "示例街道综合信息指挥室", "Sample Command Room", "指挥室", "980101001", "", "", "", "", "000-00000011", ""],
        ["980101001-power", "示例供电所", "Sample Power Station", "站所", "980101001", "", "service", "power", "", "000-00000012", ""],
        ["980101001001", "示例社区居民委员会", "Sample Committee", "村社委会", "980101001001", "", "", "", "", "000-00000013", ""],
        ["980101-unlocated", "无定位事项受理台", "Desk for matters without a place", "无定位受理台", "980101", "", "", "", "", "", ""],
    ],
    "staff": [
        ["room1", "示例一", "Sample One", "10000000001", "a@a.example", "", "town_dispatcher", "980101001-room", "", "2026-01-01", "", ""],
        ["handler1", "示例二", "Sample Two", "10000000002", "", "", "station_handler", "980101001-power", "", "2026-01-01", "", ""],
        ["grid1", "示例三", "Sample Three", "10000000003", "", "", "grid_worker", "980101001001", "980101001001001", "2026-01-01", "", ""],
        ["clerk1", "示例四", "Sample Four", "10000000004", "", "", "village_clerk", "980101001001", "", "2026-01-01", "2026-07-01", "是"],
    ],
    "roster": [["980101001-room", "town_dispatcher", "room1", "2026-11-25 08:00", "2026-11-25 20:00", ""]],
    "calendar": [["2026-10-01", "否", "国庆节"], ["2026-10-10", "是", "调休"]],
    "hours": [["08:30", "12:00"], ["13:30", "17:30"]],
}  # fmt: skip


def write_templates(folder: Path) -> list[Path]:
    """Write a workbook and an outline file into a folder; files that stand there already are not touched."""
    folder.mkdir(parents=True, exist_ok=True)
    book, outlines = folder / "district.xlsx", folder / "outlines.geojson"
    for file in (book, outlines):
        if file.exists():
            raise FileExistsError(file)
    _workbook().save(book)
    outlines.write_text(json.dumps(_outlines(), ensure_ascii=False, indent=1), encoding="utf-8")
    return [book, outlines]


def _workbook() -> Workbook:
    titles = {name: word for word, name in reversed(CHINESE.items())}
    book = Workbook()
    book.remove(book.worksheets[0])
    for table, columns in COLUMNS.items():
        sheet = book.create_sheet(titles[table])
        sheet.append([titles.get(column.rstrip("*"), column.rstrip("*")) + ("*" if column.endswith("*") else "") for column in columns])
        for row in EXAMPLE[table]:
            sheet.append(row)
        for number, column in enumerate(columns, start=1):
            heading = sheet.cell(1, number)
            heading.font = Font(bold=column.endswith("*"))
            heading.comment = Comment(column.rstrip("*"), "fengqiao")
            sheet.column_dimensions[get_column_letter(number)].width = 18
            # Codes are text: a spreadsheet must not make numbers of them and drop their zeros.
            for cell in sheet[get_column_letter(number)]:
                cell.number_format = "@"
        sheet.freeze_panes = "A2"
    return book


def _outlines() -> dict[str, object]:
    def square(code: str, west: float, east: float) -> dict[str, object]:
        corners = [[west, 30.0], [east, 30.0], [east, 30.01], [west, 30.01], [west, 30.0]]
        return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [corners]}}

    features = [square("980101001001001", 119.0, 119.01), square("980101001001801", 119.01, 119.02)]
    return {"type": "FeatureCollection", "features": features}
