"""What only the page of a year has: its twelve months drawn, one day put in, a list brought as a file."""

import calendar
import csv
import io
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import formats
from django.utils.translation import gettext
from openpyxl import load_workbook

from fengqiao.across.configuration.subjects import Subject
from fengqiao.across.configuration.subjects.calendar import as_table, read_days
from fengqiao.base.words import _

NO_FILE = _("This file cannot be read. Save it as CSV or as a workbook (.xlsx) and choose it again.")
MOST = 500_000


def brought(request: HttpRequest, subject: Subject, table: str, about: str) -> tuple[str | None, str]:
    """Return the table that a file or a single day makes, if one was sent, and what is wrong with it; nothing counts yet."""
    if subject.key != "year":
        return None, ""
    if request.method == "POST" and request.POST.get("go") == "file":
        return _from_file(request)
    if request.GET.get("day") and about:
        return _with_day(request, table, about)
    return None, ""


def _from_file(request: HttpRequest) -> tuple[str | None, str]:
    given = request.FILES.get("file")
    try:
        if given is None or (given.size or 0) > MOST:
            raise ValueError
        if str(given.name).lower().endswith(".xlsx"):
            rows = load_workbook(given, read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True)
            out = io.StringIO()
            csv.writer(out, lineterminator="\n").writerows([_cell(cell) for cell in row[:3]] for row in rows)
            return out.getvalue(), ""
        return _decoded(given.read()), ""
    except Exception:
        # A workbook can be broken in more ways than can be named.
        return request.POST.get("table", ""), gettext(NO_FILE)


def _cell(cell: Any) -> str:
    return (
        ""
        if cell is None
        else cell.date().isoformat()
        if hasattr(cell, "date")
        else "yes"
        if cell is True
        else "no"
        if cell is False
        else str(cell)
    )


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _with_day(request: HttpRequest, table: str, about: str) -> tuple[str | None, str]:
    """Put one day into the table, or take it out where it is as its weekday says."""
    try:
        day, working = date.fromisoformat(request.GET["day"]), request.GET.get("working") == "yes"
        days = read_days(table, int(about))
        days.pop(day.isoformat(), None)
        if working != (day.weekday() < 5):
            line = as_table({day.isoformat(): [working, request.GET.get("note", "")[:80]]})
            days = read_days(as_table(days) + line, int(about))
    except ValueError as error:
        return table, str(error) if "isoformat" not in str(error) else gettext("This must be a date.")
    return as_table(days), ""


def drawn(subject: Subject, about: str, form: forms.Form) -> dict[str, Any]:
    """Return the months of a year as its table says now."""
    if subject.key != "year" or not about:
        return {}
    told = form.data.get("table", "") if form.is_bound else form.initial.get("table", "")
    try:
        days = read_days(str(told), int(about))
    except ValueError:
        days = {}
    weeks = calendar.Calendar()
    months = []
    for month in range(1, 13):
        rows = [[_day(day, month, days) for day in week] for week in weeks.monthdatescalendar(int(about), month)]
        months.append({"name": formats.date_format(date(int(about), month, 1), "F"), "weeks": rows})
    named = [formats.date_format(date(2024, 1, 1 + place), "D") for place in range(7)]
    heads = [name[:2] if name.isascii() else name[-1:] for name in named]  # Mo, Tu; 一, 二
    return {"months": months, "heads": heads, "year": about}


def _day(day: date, month: int, days: dict[str, list[Any]]) -> dict[str, Any]:
    if day.month != month:
        return {}
    named = days.get(day.isoformat())
    kind = "" if named is None and day.weekday() < 5 else "rest" if named is None else "worked" if named[0] else "off"
    return {"number": day.day, "kind": kind, "note": named[1] if named else ""}
