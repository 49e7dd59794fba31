"""Reading one cell: the value, or one sentence that says what would have been right."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from fengqiao.base.words import Words, _
from fengqiao.people.district.findings import Finding
from fengqiao.people.district.tables import Row

YES = {"yes", "y", "true", "1", "是", "上班", "对"}
NO = {"no", "n", "false", "0", "否", "休息", "放假", ""}


class Cells:
    """The cells of one row; what is wrong with them goes into the findings."""

    def __init__(self, row: Row, findings: list[Finding]) -> None:
        self.row, self.findings = row, findings
        self._before = len(findings)

    @property
    def good(self) -> bool:
        """Tell whether nothing grave was found in this row so far."""
        return not any(finding.grave for finding in self.findings[self._before :])

    def wrong(self, column: str, sentence: Words, grave: bool = True, **facts: object) -> None:
        """Note that a cell cannot be used."""
        self.findings.append(Finding(self.row.file, self.row.number, column, sentence, facts, grave))

    def text(self, column: str, *, most: int = 80, needed: bool = False) -> str:
        """Return a text."""
        text = self.row[column]
        if needed and not text:
            self.wrong(column, _("this cell may not be empty."))
        if len(text) > most:
            self.wrong(column, _("at most {most} characters fit here; there are {count}."), most=most, count=len(text))
        if any(ord(letter) < 32 for letter in text):
            self.wrong(column, _("there is a line break or an invisible character; take it out."))
        return text

    def number(self, column: str, low: float, high: float) -> float | None:
        """Return a number in a range, or nothing for an empty cell."""
        text = self.row[column]
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            self.wrong(column, _("“{text}” is not a number from {low} to {high}."), text=text, low=low, high=high)
            return None
        return number

    def choice(self, column: str, choices: Iterable[str], titles: Mapping[str, str] | None = None, *, needed: bool = False) -> str:
        """Return one of some words, given by itself or by its title in either language."""
        text = self.text(column, needed=needed)
        known = {choice: choice for choice in choices if choice} | dict(titles or {})
        if text and text not in known:
            offered = ", ".join(choice for choice in choices if choice)
            self.wrong(column, _("“{text}” is not known here; choose one of {choices}."), text=text, choices=offered)
            return ""
        return known.get(text, "")

    def switch(self, column: str) -> bool:
        """Return yes or no."""
        text = self.row[column].lower()
        if text not in YES | NO:
            self.wrong(column, _("“{text}” is neither yes nor no."), text=text)
        return text in YES

    def day(self, column: str, *, needed: bool = False) -> date | None:
        """Return a date written 2026-11-25, 2026/11/25 or 2026年11月25日."""
        text = self.text(column, needed=needed)
        if not text:
            return None
        parts = text.replace("年", "-").replace("月", "-").removesuffix("日").replace("/", "-").replace(".", "-").split("-")
        try:
            year, month, day = (int(part) for part in parts)
            return date(year, month, day)
        except ValueError:
            self.wrong(column, _("“{text}” is no date; write it like 2026-11-25."), text=text)
            return None

    def moment(self, column: str, zone: ZoneInfo) -> datetime | None:
        """Return a moment written 2026-11-25 08:00, as the district's clocks show it."""
        text = self.text(column, needed=True)
        try:
            return datetime.fromisoformat(text.replace("/", "-")).replace(tzinfo=zone) if text else None
        except ValueError:
            self.wrong(column, _("“{text}” is no date and time; write it like 2026-11-25 08:00."), text=text)
            return None

    def clock(self, column: str) -> time | None:
        """Return a time of day written 08:30."""
        text = self.text(column, needed=True)
        try:
            return time.fromisoformat(text.zfill(5)) if text else None
        except ValueError:
            self.wrong(column, _("“{text}” is no time of day; write it like 08:30."), text=text)
            return None

    def known(self, column: str, known: Iterable[str], sentence: Words, *, needed: bool = False) -> str:
        """Return a code that must be one of another table."""
        text = self.text(column, needed=needed)
        if text and text not in known:
            self.wrong(column, sentence, code=text)
            return ""
        return text
