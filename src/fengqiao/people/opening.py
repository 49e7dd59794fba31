"""When an office is open: windows by days of the week, one line a group of days, kept as plain text.

``1-5 08:30-12:00 14:00-17:30; 6 09:00-12:00``: 1 is Monday, 7 Sunday. On a holiday Sunday's windows count, on a weekend day that
is worked those of Monday.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from fengqiao.base.errors import Invalid
from fengqiao.base.words import Translate, Words, _

DAYS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        ("一 monday mon", "二 tuesday tue", "三 wednesday wed", "四 thursday thu", "五 friday fri", "六 saturday sat", "日 天 sunday sun"),
        1,
    )
    for name in (str(number), *names.split())
}
NAMES = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
TO, ALWAYS = _("{first} to {last}"), _("day and night")
DASH = re.compile(r"\s*(?:[-–—~]|至|到)\s*")
WINDOW = re.compile(r"(\d{1,2}:\d{2})\s*[-–—~至]\s*(\d{1,2}:\d{2})")
END = "24:00"

Windows = tuple[tuple[str, str], ...]


class NotOpening(Invalid):
    """A line that names no days or no hours."""

    message = _("“{line}” cannot be read. Write days and hours, one group a line: 1-5 08:30-12:00 14:00-17:30")


class DayTwice(Invalid):
    """Two lines for one day."""

    message = _("{day} stands twice. Put all hours of a day in one line.")


@dataclass(frozen=True, slots=True)
class Group:
    """Days that follow each other, and when the office is open on each."""

    first: int
    last: int
    windows: Windows


def read(text: str) -> tuple[Group, ...]:
    """Read opening hours; raises `NotOpening` or `DayTwice`. Nothing is an office that says nothing of its hours."""
    groups = tuple(_line(line.strip()) for line in re.split(r"[;；\n]", text) if line.strip())
    seen: set[int] = set()
    for group in groups:
        days = set(range(group.first, group.last + 1))
        if twice := sorted(days & seen):
            raise DayTwice(day=NAMES[twice[0] - 1])
        seen |= days
    return tuple(sorted(groups, key=lambda group: group.first))


def _line(line: str) -> Group:
    windows = WINDOW.findall(line)
    days = WINDOW.sub(" ", line).replace(",", " ").replace("、", " ").replace("，", " ").strip()
    edges = [DAYS.get(edge.strip().lower().removeprefix("星期").removeprefix("周")) for edge in DASH.split(days)]
    first, last = (edges[0], edges[-1]) if len(edges) in (1, 2) else (None, None)
    if first is None or last is None or first > last or not windows:
        raise NotOpening(line=line)
    found = tuple(sorted((_hour(line, opens), _hour(line, closes)) for opens, closes in windows))
    if any(opens >= closes for opens, closes in found) or any(early[1] > late[0] for early, late in pairwise(found)):
        raise NotOpening(line=line)
    return Group(first, last, found)


def _hour(line: str, text: str) -> str:
    text = text.zfill(5)
    try:
        return text if text == END else time.fromisoformat(text).strftime("%H:%M")
    except ValueError:
        raise NotOpening(line=line) from None


def kept(text: str) -> str:
    """Return opening hours as they are kept."""
    return "; ".join(
        " ".join((f"{group.first}-{group.last}" if group.last > group.first else str(group.first), *map("-".join, group.windows)))
        for group in read(text)
    )


def said(text: str, translate: Translate = str) -> str:
    """Say opening hours in the reader's language."""
    return "; ".join(f"{_days(group, translate)} {_hours(group, translate)}" for group in read(text))


def _days(group: Group, translate: Translate) -> str:
    first, last = (Words(NAMES[day - 1]).say(translate) for day in (group.first, group.last))
    return first if group.first == group.last else TO.say(translate, {"first": first, "last": last})


def _hours(group: Group, translate: Translate) -> str:
    if group.windows == (("00:00", END),):
        return ALWAYS.say(translate)
    return ", ".join("–".join(window) for window in group.windows)


def is_open(text: str, at: datetime, zone: ZoneInfo, working: Callable[[date], bool]) -> bool | None:
    """Tell whether an office is open at a moment; nothing where it says nothing of its hours."""
    groups = read(text)
    if not groups:
        return None
    now = at.astimezone(zone)
    day, worked = now.isoweekday(), working(now.date())
    day = 1 if worked and day > 5 else 7 if not worked and day < 6 else day
    clock = now.strftime("%H:%M")
    return any(opens <= clock < closes for group in groups if group.first <= day <= group.last for opens, closes in group.windows)
