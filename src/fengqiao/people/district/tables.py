"""Reading tables: CSV files and sheets of workbooks, their headings in either language, every row with its number."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from fengqiao.base.words import _
from fengqiao.people.district.findings import Finding

MOST_ROWS = 500_000

# Table -> its columns; a star marks those that every row needs.
COLUMNS: dict[str, tuple[str, ...]] = {
    "district": ("code*", "name*", "name_en", "zone*", "desk_scheme", "system"),
    "areas": ("code*", "level*", "parent", "name*", "name_en", "households", "phone", "special", "lon", "lat"),
    "organisations": ("code*", "name*", "name_en", "kind*", "area*", "parent", "desk", "field", "presence", "phone", "serves", "opening"),
    "staff": (
        "username*", "name*", "name_en", "phone", "email", "language", "post*", "organisation*", "area", "since*", "until", "temporary",
        "account",
    ),
    "roster": ("organisation*", "post*", "username*", "starts*", "ends*", "substitute"),
    "calendar": ("date*", "working*", "note"),
    "hours": ("opens*", "closes*"),
}  # fmt: skip

CHINESE = {
    "区县": "district", "区域": "areas", "机构": "organisations", "人员": "staff", "日历": "calendar", "工作时间": "hours",
    "代码": "code", "编码": "code", "名称": "name", "姓名": "name", "英文名": "name_en", "英文名称": "name_en", "时区": "zone",
    "平台名称版本": "desk_scheme", "坐标系": "system", "层级": "level", "上级": "parent", "户数": "households", "电话": "phone",
    "手机": "phone", "专属网格": "special", "经度": "lon", "纬度": "lat", "类型": "kind", "所属区域": "area", "辖区": "area",
    "平台": "desk", "业务": "field", "入驻方式": "presence", "服务区域": "serves", "账号": "username", "邮箱": "email",
    "语言": "language", "岗位": "post", "所属机构": "organisation", "任职起": "since", "任职止": "until", "临时": "temporary",
    "值班": "roster", "值班起": "starts", "值班止": "ends", "替班": "substitute",
    "开放时间": "opening", "政务账号": "account",
    "日期": "date", "是否上班": "working", "说明": "note", "上班": "opens", "下班": "closes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row: which file, which number as a spreadsheet shows it, and its cells as text."""

    file: str
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(slots=True)
class Tables:
    """Every table found, and what was wrong with the files."""

    rows: dict[str, list[Row]]
    files: dict[str, str]
    outlines: list[Path]
    findings: list[Finding]


def read_tables(path: Path) -> Tables:
    """Read a folder of CSV, XLSX and GeoJSON files, or one workbook, or one GeoJSON file."""
    tables = Tables({}, {}, [], [])
    if not path.exists():
        tables.findings.append(Finding(str(path), 0, "", _("there is no such file or folder.")))
        return tables
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        suffix = file.suffix.lower()
        if file.name.startswith((".", "~")):
            continue
        if suffix == ".csv":
            _csv(tables, file)
        elif suffix == ".xlsx":
            _workbook(tables, file)
        elif suffix in (".geojson", ".json"):
            tables.outlines.append(file)
    if not tables.rows and not tables.outlines and not tables.findings:
        tables.findings.append(Finding(path.name, 0, "", _("holds no table (.csv, .xlsx) and no outlines (.geojson).")))
    return tables


def _csv(tables: Tables, file: Path) -> None:
    name = _table(file.stem)
    if name is None:
        tables.findings.append(_unknown(file.name, file.stem))
        return
    content = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        tables.findings.append(Finding(file.name, 0, "", _("is not text in UTF-8 or GB 18030; save it again as UTF-8.")))
        return
    lines = csv.reader(io.StringIO(text, newline=""))
    _take(tables, name, file.name, ((lines.line_num, cells) for cells in lines))


def _workbook(tables: Tables, file: Path) -> None:
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError):
        tables.findings.append(Finding(file.name, 0, "", _("is not a workbook that can be opened; save it again as .xlsx.")))
        return
    named = [(sheet, _table(sheet.title)) for sheet in book.worksheets]
    if len(named) == 1 and named[0][1] is None:
        named = [(named[0][0], _table(file.stem))]
    for sheet, name in named:
        shown = file.name if len(named) == 1 else f"{file.name} [{sheet.title}]"
        if name is None:
            tables.findings.append(_unknown(shown, sheet.title))
            continue
        rows = sheet.iter_rows(values_only=True)
        _take(tables, name, shown, ((number, [_text(cell) for cell in cells]) for number, cells in enumerate(rows, start=1)))
    book.close()


def _take(tables: Tables, name: str, file: str, lines: Iterator[tuple[int, list[str]]]) -> None:
    first = next(lines, None)
    columns = [_column(heading) for heading in first[1]] if first else []
    known = [column.rstrip("*") for column in COLUMNS[name]]
    for column in COLUMNS[name]:
        if column.endswith("*") and column[:-1] not in columns:
            tables.findings.append(Finding(file, 1, column[:-1], _("this column is missing.")))
    for heading, column in zip(first[1] if first else (), columns, strict=True):
        if heading.strip() and column not in known:
            tables.findings.append(Finding(file, 1, heading.strip(), _("this column is not known and is left out."), grave=False))
    if name in tables.rows:
        tables.findings.append(Finding(file, 0, "", _("this table was already given in {other}."), {"other": tables.files[name]}))
        return
    tables.files[name] = file
    rows = tables.rows[name] = []
    for number, cells in lines:
        told = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column in known}
        if any(told.values()):
            rows.append(Row(file, number, told))
        if len(rows) > MOST_ROWS:
            tables.findings.append(Finding(file, number, "", _("more rows than a district can have.")))
            return


def _table(text: str) -> str | None:
    plain = text.strip().lower()
    plain = CHINESE.get(plain, plain)
    return plain if plain in COLUMNS else None


def _unknown(file: str, name: str) -> Finding:
    sentence = _("“{name}” is no table of a district and is left out; the tables are {tables}.")
    return Finding(file, 0, "", sentence, {"name": name, "tables": ", ".join(COLUMNS)}, grave=False)


def _column(heading: str) -> str:
    plain = heading.strip().rstrip("*").lower().replace(" ", "_")
    return CHINESE.get(plain, plain)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, float) and cell.is_integer():
        # Spreadsheets keep codes as numbers; 990101.0 is not what anybody typed.
        return str(int(cell))
    return str(cell)
