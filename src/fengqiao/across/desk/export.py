"""A list to take away, as CSV or a workbook: the columns of the screen, marked with who took it where it tells of confidential cases."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from fengqiao.access.acting import acting
from fengqiao.audit import services as audit
from fengqiao.base.act import Act
from fengqiao.base.words import Words, _
from fengqiao.cases import queries, views
from fengqiao.cases.models import Case
from fengqiao.kits.web import tables
from fengqiao.people import queries as people

MOST = 5000
MARKED_FROM = 2
COLUMNS: tuple[tuple[str, Words], ...] = (
    ("number", _("Number")), ("title", _("Title")), ("kind_title", _("Kind")), ("category_title", _("Category")),
    ("state_title", _("State")), ("colour_title", _("Clock")), ("due_at", _("Due")), ("area_title", _("Area")), ("address", _("Address")),
    ("lead", _("Lead")), ("handler", _("Handler")), ("held_since", _("With them since")), ("channel_title", _("Source")),
    ("created_at", _("Reported at")), ("closed_at", _("Closed at")),
)  # fmt: skip
MARK = _("Taken by {name} ({post}) at {at}. Tells of confidential cases: keep it closed, pass it to nobody, destroy it after use.")
CUT = _("Only the first {most} cases are here. Narrow the list to take the rest.")


def taken(act: Act, wanted: queries.Filter) -> list[list[str]]:
    """Return the lines of a list, headings first, and note who took it and how much."""
    with acting(act):
        found = list(_pages(act, wanted))
        audit.note_deed(act, "list taken away", wanted.box or "all", cases=len(found), confidential=sum(map(_marked, found)))
        lines = [[gettext(title) for _name, title in COLUMNS]]
        lines += [[_cell(row[name]) for name, _title in COLUMNS] for row in views.rows(act.actor, found, act.at)]
    if any(map(_marked, found)):
        lines.insert(0, [gettext(MARK).format(name=act.actor.name, post=act.actor.post, at=_moment(act.at))])
        lines.append(lines[0])
    if len(found) == MOST:
        lines.append([gettext(CUT).format(most=MOST)])
    return lines


def _marked(case: Case) -> bool:
    return case.confidentiality >= MARKED_FROM


def _pages(act: Act, wanted: queries.Filter) -> Iterator[Case]:
    after, taken = None, 0
    while taken < MOST:
        page = queries.page(act.actor, wanted, after, min(200, MOST - taken))
        yield from page
        taken += len(page)
        if len(page) < 200:
            return
        after = queries.key_of(page[-1], wanted.sort)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return str(tables.harmless(str(value.get("name", ""))))
    return _moment(value) if hasattr(value, "tzinfo") else str(tables.harmless(str(value)))


def _moment(value: Any) -> str:
    return timezone.localtime(value, people.zone()).strftime("%Y-%m-%d %H:%M")


def as_workbook(lines: Sequence[Sequence[str]]) -> bytes:
    """Write lines as a workbook; numbers of cases stay text, since a spreadsheet would round them."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    heading = next(at for at, line in enumerate(lines) if len(line) > 1)
    sheet.freeze_panes = f"A{heading + 2}"
    for letter, width in zip("ABCDEFGHIJKLMNO", (26, 36, 12, 16, 12, 12, 17, 24, 24, 22, 12, 17, 12, 17, 17), strict=True):
        sheet.column_dimensions[letter].width = width
    for at, line in enumerate(lines):
        cells = [WriteOnlyCell(sheet, value=text) for text in line]
        for cell in cells if at == heading or len(line) == 1 else ():
            cell.font = Font(bold=True)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
