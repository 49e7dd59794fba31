"""Quiet hours: exact around midnight, over holidays, and where clocks are put forward or back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from fengqiao.kits.notices.quiet import LONGEST, Quiet

SHANGHAI, ANGELES = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Los_Angeles")
USUAL = Quiet()
HOURS = st.times(max_value=time(23, 59)).map(lambda hour: hour.replace(second=0, microsecond=0))
QUIETS = st.builds(Quiet, HOURS, HOURS, st.booleans())
MOMENTS = st.integers(0, 2 * 365 * 86_400).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
DAYS_OFF = st.frozensets(st.dates(date(2026, 1, 1), date(2028, 1, 31)), max_size=40)


def worked(days_off):
    return lambda day: day.weekday() < 5 and day not in days_off


def always(_day):
    return True


def here(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_a_night_is_quiet_from_ten_to_seven():
    assert USUAL.ends(here("2026-11-25 21:59:59"), SHANGHAI, always) is None
    assert USUAL.ends(here("2026-11-25 22:00"), SHANGHAI, always) == here("2026-11-26 07:00")
    assert USUAL.ends(here("2026-11-26 00:00"), SHANGHAI, always) == here("2026-11-26 07:00")
    assert USUAL.ends(here("2026-11-26 06:59:59"), SHANGHAI, always) == here("2026-11-26 07:00")
    assert USUAL.ends(here("2026-11-26 07:00"), SHANGHAI, always) is None


def test_a_new_years_night_ends_in_the_new_year():
    assert USUAL.ends(here("2026-12-31 23:30"), SHANGHAI, always) == here("2027-01-01 07:00")


def test_whoever_wishes_is_spared_over_a_whole_holiday_and_the_night_after_it():
    week = worked(frozenset(date(2026, 10, day) for day in range(1, 9)))
    rests = Quiet(days_off=True)
    assert rests.ends(here("2026-09-30 22:10"), SHANGHAI, week) == here("2026-10-09 07:00")
    assert rests.ends(here("2026-10-04 12:00"), SHANGHAI, week) == here("2026-10-09 07:00")
    assert USUAL.ends(here("2026-10-04 12:00"), SHANGHAI, week) is None


def test_the_same_hour_twice_is_never_quiet():
    assert Quiet(time(8), time(8)).ends(here("2026-11-26 08:00"), SHANGHAI, always) is None


def test_clocks_put_back_lengthen_the_night_and_end_it_once():
    night = datetime(2026, 11, 1, 0, 30, tzinfo=ANGELES)
    assert Quiet(time(22), time(7)).ends(night, ANGELES, always) == datetime(2026, 11, 1, 7, tzinfo=ANGELES)
    second = datetime(2026, 11, 1, 1, 10, tzinfo=ANGELES).replace(fold=1)
    assert Quiet(time(23), time(1, 30)).ends(second, ANGELES, always) == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


@given(QUIETS, MOMENTS, DAYS_OFF)
def test_what_is_quiet_ends_later_and_is_quiet_until_then(quiet, at, days_off):
    working = worked(days_off)
    end = quiet.ends(at, SHANGHAI, working)
    if end is None:
        assert not quiet.holds(at.astimezone(SHANGHAI), working)
        return
    assert at < end <= at + timedelta(days=LONGEST + 1)
    assert not quiet.holds(end.astimezone(SHANGHAI), working)
    span = end - at
    for part in range(1, 40):
        assert quiet.holds((at + span * part / 40).astimezone(SHANGHAI), working)
    assert quiet.holds((end - timedelta(microseconds=1)).astimezone(SHANGHAI), working)


@given(QUIETS, MOMENTS)
def test_an_end_does_not_move_while_one_waits_for_it(quiet, at):
    end = quiet.ends(at, SHANGHAI, always)
    if end is not None:
        assert quiet.ends(at + (end - at) / 2, SHANGHAI, always) == end


@given(QUIETS, MOMENTS)
def test_no_night_lasts_for_ever_where_clocks_change(quiet, at):
    end = quiet.ends(at, ANGELES, always)
    if end is not None:
        assert at < end <= at + timedelta(hours=26)
        assert not quiet.holds(end.astimezone(ANGELES), always)
