"""When an office is open: read as people write it, kept plainly, said in words, and asked at a moment."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fengqiao.people import opening

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = "1-5 08:30-12:00 14:00-17:30; 6 09:00-12:00"
HOLIDAY, MADE_UP = date(2026, 10, 1), date(2026, 10, 10)


def working(day):
    return day == MADE_UP or (day.weekday() < 5 and day != HOLIDAY)


def is_open(text, moment):
    return opening.is_open(text, datetime.fromisoformat(moment).replace(tzinfo=ZONE), ZONE, working)


@pytest.mark.parametrize(
    "text",
    [
        "1-5 8:30-12:00 14:00-17:30\n6 9:00-12:00",
        "周一至周五 8:30-12:00、14:00-17:30；周六 9:00-12:00",
        "星期一到星期五 08:30—12:00,14:00—17:30\n星期六 09:00～12:00".replace("～", "~"),
        "Sat 09:00-12:00; Mon-Fri 14:00-17:30 08:30-12:00",
    ],
)
def test_hours_are_read_as_people_write_them(text):
    assert opening.kept(text) == WEEK


def test_hours_are_said_in_words():
    assert opening.said(WEEK) == "Mon to Fri 08:30–12:00, 14:00–17:30; Sat 09:00–12:00"
    assert opening.said("1-7 00:00-24:00") == "Mon to Sun day and night"
    assert opening.said("") == ""


@pytest.mark.parametrize(
    "text",
    ["some time", "1-5", "08:30-12:00", "5-1 08:00-12:00", "1 12:00-08:00", "1 08:00-12:00 11:00-13:00", "8 08:00-09:00", "1 25:00-26:00"],
)
def test_what_cannot_be_read_is_said_with_its_line(text):
    with pytest.raises(opening.NotOpening) as wrong:
        opening.read(f"7 08:00-09:00\n{text}")
    assert text in str(wrong.value)


def test_a_day_has_one_line():
    with pytest.raises(opening.DayTwice, match="Wed stands twice"):
        opening.read("1-5 08:00-12:00; 3 14:00-15:00")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-25 08:29", False), ("2026-11-25 08:30", True), ("2026-11-25 12:00", False), ("2026-11-25 17:29", True),
        ("2026-11-28 10:00", True), ("2026-11-29 10:00", False), ("2026-10-01 10:00", False), ("2026-10-10 15:00", True),
    ],
)  # fmt: skip
def test_an_office_is_open_by_the_calendar(moment, expected):
    assert is_open(WEEK, moment) is expected


def test_what_never_closes_is_open_on_a_holiday_and_who_says_nothing_is_not_known():
    assert is_open("1-7 00:00-24:00", "2026-10-01 03:00")
    assert is_open("", "2026-10-01 03:00") is None


@given(st.lists(st.integers(0, 24 * 12), min_size=2, max_size=6, unique=True).filter(lambda edges: len(edges) % 2 == 0), st.integers(1, 7))
def test_what_is_kept_is_read_as_the_same(edges, day):
    edges = sorted(edges)
    hours = [f"{edge // 12:02d}:{edge % 12 * 5:02d}" for edge in edges]
    text = f"{day} " + " ".join(f"{early}-{late}" for early, late in zip(hours[::2], hours[1::2], strict=True))
    assert opening.kept(opening.kept(text)) == opening.kept(text) == text
