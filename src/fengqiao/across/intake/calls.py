"""Lists of calls from the hotline (12345) and the police (110), taken over row by row.

A row that cannot be used is named by its number and column, and the others go on; a row that was taken over before is
known by its fingerprint, so that a broken-off import is simply run again.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zipfile import BadZipFile

import msgspec
import openpyxl
from django.utils.translation import gettext
from pydantic import ValidationError

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.intake import services
from fengqiao.across.intake.models import TakenRow
from fengqiao.across.intake.tables import NO_KIND, NO_NUMBER, BadCell
from fengqiao.across.intake.terms import Filed
from fengqiao.base.act import Channel
from fengqiao.base.errors import FengqiaoError, Invalid
from fengqiao.base.words import Words, _
from fengqiao.cases import reference as categories
from fengqiao.cases.schemas import Place, Report
from fengqiao.people import queries as people
from fengqiao.people.coordinates import System, to_wgs84
from fengqiao.people.terms import Level

# What a column may be called in the lists that are usual; a list of its own is read with a map.
NAMES: Mapping[str, tuple[str, ...]] = {
    "external": ("工单编号", "工单号", "警情编号", "编号", "number", "id"),
    "at": ("来电时间", "报警时间", "受理时间", "时间", "time", "at"),
    "text": ("诉求内容", "报警内容", "简要警情", "内容", "text", "content"),
    "title": ("标题", "诉求标题", "title"),
    "category": ("类别", "事项类别", "分类", "category"),
    "area": ("社区", "村社", "所属社区", "村社代码", "area"),
    "address": ("地址", "事发地址", "详细地址", "address"),
    "name": ("姓名", "来电人", "报警人", "name"),
    "phone": ("电话", "来电号码", "报警电话", "联系电话", "phone"),
    "lon": ("经度", "lon", "lng"),
    "lat": ("纬度", "lat"),
}
SOURCES = (Channel.HOTLINE, Channel.POLICE_CALL)


class UnreadableList(Invalid):
    """The file is no list we can read."""

    message = _("“{name}” cannot be read as CSV (UTF-8 or GB 18030) or XLSX.")


class NoColumn(Invalid):
    """A column that is needed is missing."""

    message = _("No column holds “{field}”. Name it with --map {field}=COLUMN. The list has: {columns}.")


NO_PLACE = _("no community of this district is called “{value}”")
NO_MOMENT = _("“{value}” is no date and time")
OUTSIDE = _("the point lies outside this district, and no community is named")
NOTHING_SAID = _("nothing is said in it")
NOT_USABLE = _("“{value}” cannot be used here")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row."""

    row: int
    what: Filed
    number: str = ""
    sentence: str = ""


@dataclass(slots=True)
class Taken:
    """What became of a list."""

    outcomes: list[Outcome] = field(default_factory=list)

    def count(self, what: Filed) -> int:
        """Return how many rows ended this way."""
        return sum(outcome.what is what for outcome in self.outcomes)

    @property
    def wrong(self) -> list[Outcome]:
        """Return the rows that cannot be used."""
        return [outcome for outcome in self.outcomes if outcome.what is Filed.WRONG]


# --- reading ------------------------------------------------------------------------------------------------------------


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a list; every cell becomes text without blanks at its ends."""
    try:
        found = list(_sheet(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path.read_bytes()))
    except (OSError, ValueError, KeyError, BadZipFile, csv.Error) as error:
        raise UnreadableList(name=path.name) from error
    return found


def _csv(content: bytes) -> Iterator[dict[str, str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    for row in csv.DictReader(io.StringIO(text)):
        yield {str(name).strip(): (value or "").strip() for name, value in row.items() if name is not None}


def _sheet(path: Path) -> Iterator[dict[str, str]]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = book.worksheets[0].iter_rows(values_only=True)
    names = [str(name or "").strip() for name in next(rows, ())]
    for row in rows:
        if any(cell is not None for cell in row):
            yield {name: "" if cell is None else str(cell).strip() for name, cell in zip(names, row, strict=False)}


def columns_of(rows: Iterable[Mapping[str, str]], given: Mapping[str, str]) -> dict[str, str]:
    """Return which column holds what: as told, else by its usual names; only the text is needed."""
    there = list(next(iter(rows), {}))
    found = {name: column for name, column in given.items() if column}
    for name, usual in NAMES.items():
        known = next((column for column in there if column.casefold() in usual), None)
        if known is not None:
            found.setdefault(name, known)
    for name, column in {"text": "", **found}.items():
        if column not in there:
            raise NoColumn(field=name, columns=", ".join(there))
    return found


# --- taking over --------------------------------------------------------------------------------------------------------


def take_over(
    rows: Iterable[Mapping[str, str]], columns: Mapping[str, str], source: str, at: datetime, *, dry_run: bool = False, frame: str = "wgs84"
) -> Taken:
    """Open a case for every row that is usable and new; each row stands in a transaction of its own."""
    taken = Taken()
    for place, row in enumerate(rows, 2):  # the first row of a list is its head
        cells = Cells(place, row, columns, frame)
        taken.outcomes.append(_take(cells, source, at, dry_run))
    return taken


def _take(cells: "Cells", source: str, at: datetime, dry_run: bool) -> Outcome:
    digest = cells.digest(source)
    act = machine_act("import", at, key=digest, channel=source)
    try:
        with acting(act):
            known = TakenRow.objects.filter(digest=digest).first()
            if known is not None:
                return Outcome(cells.row, Filed.KNOWN, known.number)
            report, moment = cells.report(), cells.moment()
            if dry_run:
                return Outcome(cells.row, Filed.OPENED)
            case = services.report(replace(act, occurred_at=moment), report)
            TakenRow.objects.create(
                digest=digest, source=source, external=cells.text("external")[:60], case_id=case.id, number=case.number, at=at
            )
            return Outcome(cells.row, Filed.OPENED, case.number)
    except FengqiaoError as error:
        return Outcome(cells.row, Filed.WRONG, sentence=error.say(gettext))


@dataclass(frozen=True, slots=True)
class Cells:
    """One row, read by the meaning of its columns."""

    row: int
    cells: Mapping[str, str]
    columns: Mapping[str, str]
    frame: str = "wgs84"

    def text(self, name: str) -> str:
        """Return a cell."""
        return self.cells.get(self.columns.get(name, ""), "").replace("\x00", "").strip()

    def wrong(self, name: str, why: Words, value: str = "") -> BadCell:
        """Return the sentence that names row and column."""
        return BadCell(row=self.row, column=self.columns.get(name, name), why=why, value=value)

    def digest(self, source: str) -> str:
        """Return the fingerprint of a row: its number where it was numbered, else all that it says."""
        said = self.text("external") or {name: self.text(name) for name in sorted(NAMES)}
        return hashlib.sha256(msgspec.json.encode([source, said])).hexdigest()

    def report(self) -> Report:
        """Return the row as a report."""
        if len(self.text("text")) < 2:
            raise self.wrong("text", NOTHING_SAID)
        point = self._point()
        area = self._area()
        inside = point is not None and people.locate(point.lon, point.lat) is not None
        if not inside and not area:
            raise self.wrong("lon" if point else "area", OUTSIDE)
        try:
            return Report(
                text=self.text("text")[:4000], title=self.text("title")[:200], category=self._category(), area=area,
                place=point if inside else None, address=self.text("address")[:200], name=self.text("name")[:60],
                phone=self.text("phone")[:30],
            )  # fmt: skip
        except ValidationError as error:
            name = str(error.errors()[0]["loc"][0])
            raise self.wrong(name, NOT_USABLE, self.text(name)) from error

    def moment(self) -> datetime | None:
        """Return when it was said, in the district's zone."""
        given = self.text("at").replace("/", "-")
        if not given:
            return None
        try:
            moment = datetime.fromisoformat(given)
        except ValueError:
            raise self.wrong("at", NO_MOMENT, given) from None
        return moment if moment.tzinfo else moment.replace(tzinfo=people.zone())

    def _point(self) -> Place | None:
        lon, lat = self.text("lon"), self.text("lat")
        if not lon or not lat:
            return None
        for name, value in (("lon", lon), ("lat", lat)):
            try:
                float(value)
            except ValueError:
                raise self.wrong(name, NO_NUMBER, value) from None
        east, north = to_wgs84((float(lon), float(lat)), System.named(self.frame))
        if not (-180 <= east <= 180 and -90 <= north <= 90):
            raise self.wrong("lon", NO_NUMBER, lon)
        return Place(lon=east, lat=north)

    def _area(self) -> str:
        given = self.text("area")
        if not given:
            return ""
        if people.area(given) is not None:
            return given[:15]
        named = [row.code for row in people.areas().values() if row.level == Level.VILLAGE and given in (row.name, row.name_en)]
        if len(named) != 1:
            raise self.wrong("area", NO_PLACE, given)
        return named[0]

    def _category(self) -> str:
        given = self.text("category")
        if not given:
            return ""
        known = {row.code: row for row in categories.choosable()}
        found = known.get(given) or next((row for row in known.values() if row.parent_id and given in (row.name, row.name_en)), None)
        if found is None or found.parent_id is None:
            raise self.wrong("category", NO_KIND, given)
        return found.code
