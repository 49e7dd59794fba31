"""Holidays, make-up days and working hours. A year is one setting: its days that differ from Monday to Friday."""

import csv
import io
import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy, ngettext

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.configuration.subjects.base import Facts, Row, Subject, plain
from fengqiao.base.act import Act
from fengqiao.base.words import _
from fengqiao.cases.models import Clock
from fengqiao.people import models, services
from fengqiao.people import queries as people

YES = {"yes", "true", "1", "是", "上班", "working"}
NO = {"no", "false", "0", "否", "休", "放假", "off"}
BAD_LINE = _("Row {row}: write the day, yes or no, and a note: 2027-01-01,no,New Year's Day")
OTHER_YEAR = _("Row {row}: {day} is not in {year}.")
LIKE_THE_WEEK = _("Row {row}: {day} is as its weekday says anyway; take the row out.")
WINDOW = re.compile(r"^(\d{1,2}:\d{2})\s*[-–—~]\s*(\d{1,2}:\d{2})$")

Days = dict[str, list[Any]]


class YearForm(forms.Form):
    """A year as a table."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)
    table = forms.CharField(
        label=gettext_lazy("Days that differ from Monday to Friday, one a row"), required=False, max_length=20_000,
        help_text=gettext_lazy("Day, working (yes or no), note. Copy the yearly list into a spreadsheet and from there to here."),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "wrap": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, about: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of_year = int(about) if about else 0
        if about:
            del self.fields["year"]

    def clean(self) -> dict[str, Any]:
        """Read the table; the first thing that is wrong is named by its row."""
        said: dict[str, Any] = super().clean() or {}
        year = self.of_year or said.get("year")
        if year and "table" in said:
            try:
                said["days"] = read_days(said["table"], year)
            except ValueError as error:
                self.add_error("table", ValidationError(str(error)))
        said["year"] = year
        return said


def read_days(table: str, year: int) -> Days:
    """Read the days of a year from CSV; raises ``ValueError`` with a sentence."""
    found: Days = {}
    for place, row in enumerate(csv.reader(io.StringIO(table.lstrip("\ufeff").replace("\t", ","))), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (place == 1 and cells[0].lower() in ("date", "日期")):
            continue
        try:
            year_, month, day_ = (int(part) for part in re.split(r"[-/.年月日]", cells[0].rstrip("日"))[:3])
            day = date(year_, month, day_)
            working = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}[cells[1].lower()]
        except (ValueError, IndexError, KeyError):
            raise ValueError(BAD_LINE.say(gettext, {"row": place})) from None
        if day.year != year:
            raise ValueError(OTHER_YEAR.say(gettext, {"row": place, "day": day, "year": year}))
        if working == (day.weekday() < 5):
            raise ValueError(LIKE_THE_WEEK.say(gettext, {"row": place, "day": day}))
        found[day.isoformat()] = [working, (cells[2] if len(cells) > 2 else "")[:80]]
    return dict(sorted(found.items()))


def as_table(days: Days) -> str:
    """Write the days of a year as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows((day, "yes" if working else "no", note) for day, (working, note) in days.items())
    return out.getvalue()


class Year(Subject):
    """The calendar by its years."""

    key = "year"
    title = _("Holidays and make-up days")
    meaning = _("Which days are worked on. Limits in working hours and working days count by it.")
    columns = (_("Year"), _("Days off"), _("Make-up days"))
    fields = {"days": _("Days that differ from Monday to Friday")}
    form = YearForm
    effective = False

    def rows(self, on: date) -> list[Row]:
        """Return the years that have days, the newest first."""
        return [
            Row(year, (year, str(sum(not day[0] for day in facts["days"].values())), str(sum(day[0] for day in facts["days"].values()))))
            for year, facts in sorted(self.every(on).items(), reverse=True)
        ]

    def every(self, on: date) -> dict[str, Facts]:
        """Return every year with its days."""
        found: dict[str, Facts] = {}
        for row in models.CalendarDay.objects.order_by("date"):
            found.setdefault(str(row.date.year), {"days": {}})["days"][row.date.isoformat()] = [row.working, row.note]
        return found

    def to_form(self, about: str, facts: Facts) -> dict[str, Any]:
        """Return the year as a table."""
        return {"year": about, "table": as_table(facts["days"])}

    def from_form(self, said: dict[str, Any]) -> tuple[str, Facts]:
        """Return the year and its days."""
        return str(said["year"]), {"days": said["days"]}

    def touches(self, act: Act, about: str, before: Facts | None, after: Facts, since: date) -> list[str]:
        """Say which days change, and how many running clocks run across them and keep their moment."""
        old, new = (before or {"days": {}})["days"], after["days"]
        changed = sorted(day for day in {*old, *new} if (old.get(day) or [None])[0] != (new.get(day) or [None])[0])
        told = [ngettext("%(count)s day changes.", "%(count)s days change.", len(changed)) % {"count": len(changed)}]
        across = _across(act.at, [date.fromisoformat(day) for day in changed])
        if changed:
            told.append(
                ngettext("%(count)s running clock runs across one of them.", "%(count)s running clocks run across one of them.", across)
                % {"count": across}
            )
            told.append(gettext("Running clocks keep the moment they were given; what starts or goes on later counts by the new calendar."))
        return told

    def write(self, act: Act, about: str, after: Facts, since: date) -> None:
        """Write the year; a day that is no longer named follows the week."""
        days = after["days"]
        gone = models.CalendarDay.objects.filter(date__year=int(about)).exclude(date__in=list(days)).values_list("date", flat=True)
        back = [services.Day(day, day.weekday() < 5) for day in gone]
        services.set_days(act, [*back, *(services.Day(date.fromisoformat(day), working, note) for day, (working, note) in days.items())])

    def said(self, field: str, value: Any) -> str:
        """Say the days in one line each."""
        return as_table(value) if value else plain(None)


def _across(at: datetime, days: list[date]) -> int:
    """Return how many clocks that count working time or days by law run across one of these days."""
    if not days:
        return 0
    zone = people.zone()
    hits: set[tuple[Any, ...]] = set()
    with acting(machine_act("settings", at)):
        for day in days:
            start = datetime.combine(day, time(), zone).astimezone(UTC)
            running = Clock.objects.exclude(calendar="natural").filter(
                ended_at=None, running_since__lt=start + timedelta(days=1), due_at__gte=start
            )
            hits.update(running.values_list("case_id", "name", "org"))
    return len(hits)


class HoursForm(forms.Form):
    """The windows of a working day."""

    windows = forms.CharField(
        label=gettext_lazy("Working hours, one window a row"), help_text=gettext_lazy("For example 08:30-12:00. Windows do not meet."),
        max_length=400, widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, about: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean_windows(self) -> list[list[str]]:
        """Read the windows."""
        found = []
        for place, line in enumerate(filter(None, map(str.strip, self.cleaned_data["windows"].splitlines())), start=1):
            match = WINDOW.match(line)
            try:
                opens, closes = (time.fromisoformat(edge.zfill(5)) for edge in match.groups()) if match else (None, None)
            except ValueError:
                opens = closes = None
            if opens is None or closes is None or opens >= closes:
                raise ValidationError(gettext("Row %(row)s: write a window like 08:30-12:00.") % {"row": place})
            found.append((opens, closes))
        found.sort()
        if not found or any(early[1] > late[0] for early, late in pairwise(found)):
            raise ValidationError(services.HoursMeet().say(gettext))
        return [[opens.strftime("%H:%M"), closes.strftime("%H:%M")] for opens, closes in found]


class Hours(Subject):
    """The hours of a working day: one setting."""

    key = "hours"
    title = _("Working hours")
    meaning = _("The windows of a working day, by which working hours and working days are counted.")
    columns = (_("Hours"),)
    fields = {"windows": _("Hours")}
    form = HoursForm
    adds = False

    def rows(self, on: date) -> list[Row]:
        """Return the hours."""
        return [Row("day", (self.said("windows", self.every(on)["day"]["windows"]),))]

    def every(self, on: date) -> dict[str, Facts]:
        """Return the hours as facts."""
        rows = models.WorkingHours.objects.order_by("opens")
        return {"day": {"windows": [[row.opens.strftime("%H:%M"), row.closes.strftime("%H:%M")] for row in rows]}}

    def called(self, about: str) -> str:
        """Return the one name."""
        return gettext(self.title)

    def to_form(self, about: str, facts: Facts) -> dict[str, Any]:
        """Return the windows as lines."""
        return {"windows": "\n".join("-".join(window) for window in facts["windows"])}

    def from_form(self, said: dict[str, Any]) -> tuple[str, Facts]:
        """Return the hours."""
        return "day", {"windows": said["windows"]}

    def touches(self, act: Act, about: str, before: Facts | None, after: Facts, since: date) -> list[str]:
        """Say how long a working day becomes, and how many clocks keep their moment."""
        was, will = _length(before or after), _length(after)
        with acting(machine_act("settings", act.at)):
            running = Clock.objects.filter(calendar="working", ended_at=None, running_since__isnull=False).count()
        return [
            gettext("A working day has %(will)s hours; until now %(was)s.") % {"will": f"{will:g}", "was": f"{was:g}"},
            ngettext("%(count)s clock of working time runs now.", "%(count)s clocks of working time run now.", running)
            % {"count": running},
            gettext("Running clocks keep the moment they were given; what starts or goes on later counts by the new calendar."),
        ]  # fmt: skip

    def write(self, act: Act, about: str, after: Facts, since: date) -> None:
        """Write the windows."""
        services.set_hours(act, [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in after["windows"]])

    def said(self, field: str, value: Any) -> str:
        """Say the windows."""
        return ", ".join("–".join(window) for window in value)


def _length(facts: Facts) -> float:
    edges = [[time.fromisoformat(edge) for edge in window] for window in facts["windows"]]
    return sum((late.hour - early.hour) + (late.minute - early.minute) / 60 for early, late in edges)
