"""Limits are right: to the second, over holidays and make-up days, through pauses, in every zone, by day and by night."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fengqiao.loop.calendars import OFFICE_HOURS, SHANGHAI
from fengqiao.loop.deadlines import LADDER, RED, SEED_EXTENSIONS, SEED_LIMITS, Calendar, ClockState, Measure, Span, Unit, legal_end, measure
from fengqiao.loop.terms import S0, S1, S3, S4, S5, Sla


def days_of(*years: int) -> dict[date, bool]:
    every = (date(year, 1, 1) + timedelta(days=n) for year in years for n in range(366))
    return {day: chinese_calendar.is_workday(day) for day in every if day.year in years}


CHINA = Calendar(days=days_of(2025, 2026))
PLAIN = Calendar()
BERLIN = Calendar(ZoneInfo("Europe/Berlin"), ((time(8), time(17)),), {date(2026, 12, 25): False})
LATE_SHIFT = Calendar(ZoneInfo("America/New_York"), ((time(0, 15), time(3, 45)), (time(20), time(23, 59, 59))))


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def clock(amount: int, unit: Unit, start: str | datetime, calendar: Calendar = CHINA, **said: object) -> ClockState:
    at = local(start) if isinstance(start, str) else start
    return ClockState.of("handle", Span(amount, unit), calendar, **said).started(at)  # type: ignore[arg-type]


def due(state: ClockState, calendar: Calendar = CHINA) -> str:
    moment = state.due_at(calendar)
    assert moment is not None
    return f"{moment.astimezone(calendar.zone):%Y-%m-%d %H:%M}"


# --- told one by one ---------------------------------------------------------------------------------------------


def test_a_working_day_is_the_office_hours_of_one_day() -> None:
    assert PLAIN.day_seconds == 7.5 * 3600
    assert due(clock(1, Unit.WORKING_DAY, "2026-11-25T10:00")) == "2026-11-26 10:00"
    assert due(clock(5, Unit.WORKING_DAY, "2026-11-25T10:00")) == "2026-12-02 10:00"


def test_lunch_and_night_and_weekend_do_not_count() -> None:
    assert due(clock(4, Unit.WORKING_HOUR, "2026-11-25T10:00")) == "2026-11-25 15:30"
    assert due(clock(1, Unit.WORKING_HOUR, "2026-11-27T17:00")) == "2026-11-30 09:00"
    assert due(clock(1, Unit.WORKING_HOUR, "2026-11-28T03:00")) == "2026-11-30 09:30"


def test_a_limit_that_fills_the_morning_ends_at_noon_and_not_after_lunch() -> None:
    assert due(clock(2, Unit.WORKING_HOUR, "2026-11-25T10:00")) == "2026-11-25 12:00"


def test_holidays_are_skipped_and_make_up_days_are_worked() -> None:
    # National Day 2026: 1 to 7 October off; Sunday 20 September and Saturday 10 October are worked instead.
    assert not CHINA.is_working(date(2026, 10, 5))
    assert CHINA.is_working(date(2026, 10, 10))
    assert due(clock(1, Unit.WORKING_DAY, "2026-09-30T16:30")) == "2026-10-08 16:30"
    assert due(clock(3, Unit.WORKING_DAY, "2026-09-30T16:30")) == "2026-10-10 16:30"
    assert due(clock(3, Unit.WORKING_DAY, "2026-09-30T16:30", PLAIN), PLAIN) == "2026-10-05 16:30"


def test_minutes_run_through_the_night_and_hours_do_when_the_public_is_in_danger() -> None:
    assert due(clock(15, Unit.MINUTE, "2026-11-28T03:00")) == "2026-11-28 03:15"
    assert due(clock(4, Unit.WORKING_HOUR, "2026-11-28T03:00", public_danger=True)) == "2026-11-28 07:00"
    assert due(clock(30, Unit.WORKING_MINUTE, "2026-11-28T03:00")) == "2026-11-30 09:00"
    assert measure(Unit.WORKING_DAY, public_danger=True) == "working"
    assert measure(Unit.NATURAL_DAY) == "legal"


def test_a_legal_period_does_not_count_its_first_day_and_ends_at_midnight() -> None:
    # Thirty days from Wednesday 25 November: 26 November is day one, Friday 25 December is day thirty.
    assert due(clock(30, Unit.NATURAL_DAY, "2026-11-25T10:00")) == "2026-12-26 00:00"
    assert due(clock(30, Unit.NATURAL_DAY, "2026-11-25T00:00")) == "2026-12-26 00:00"
    assert due(clock(30, Unit.NATURAL_DAY, "2026-11-25T23:59")) == "2026-12-26 00:00"


def test_a_legal_period_that_ends_on_a_day_off_ends_on_the_next_working_day() -> None:
    assert due(clock(15, Unit.NATURAL_DAY, "2026-09-18T10:00")) == "2026-10-09 00:00", "3 October is a holiday"
    assert due(clock(3, Unit.NATURAL_DAY, "2026-11-26T10:00")) == "2026-12-01 00:00", "29 November is a Sunday"
    assert due(clock(2, Unit.NATURAL_DAY, "2026-10-08T10:00")) == "2026-10-11 00:00", "the Saturday is worked"


def test_a_pause_shifts_a_legal_period() -> None:
    running = clock(30, Unit.NATURAL_DAY, "2026-11-02T10:00")
    assert due(running) == "2026-12-03 00:00"
    paused = running.frozen(local("2026-11-10T10:00"), CHINA)
    assert paused.due_at(CHINA) is None
    assert due(paused.started(local("2026-11-20T10:00"))) == "2026-12-15 00:00", "12 December is a Saturday"


def test_after_a_pause_as_much_is_left_as_before() -> None:
    running = clock(5, Unit.WORKING_DAY, "2026-11-25T10:00")
    paused = running.frozen(local("2026-11-25T16:00"), CHINA)
    assert paused.colour(local("2027-06-01T00:00"), CHINA) == "paused"
    assert due(paused.started(local("2026-12-01T10:30"))) == "2026-12-07 15:00", "4.5 of 37.5 hours were used"


def test_rework_goes_on_where_the_handler_stopped() -> None:
    stopped = clock(1, Unit.WORKING_DAY, "2026-11-25T10:00").stopped(local("2026-11-25T12:00"), CHINA)
    assert stopped.ended
    assert stopped.colour(local("2027-01-01T00:00"), CHINA) == "on_time"
    again = stopped.started(local("2026-11-26T08:30"))
    assert not again.ended
    assert due(again) == "2026-11-26 15:30"


def test_starting_a_running_clock_changes_nothing() -> None:
    running = clock(1, Unit.WORKING_DAY, "2026-11-25T10:00")
    assert running.started(local("2026-11-26T10:00")) == running


def test_the_ladder_has_four_steps_and_red_comes_at_the_earlier_moment() -> None:
    running = clock(5, Unit.WORKING_DAY, "2026-11-23T08:30")
    steps = [f"{running.reaches(rung, CHINA).astimezone(SHANGHAI):%d %H:%M}" for rung in LADDER]  # type: ignore[union-attr]
    assert steps == ["26 15:37", "27 17:30", "30 17:30", "04 17:30"], "one working day beats half of five"
    short = clock(2, Unit.WORKING_HOUR, "2026-11-23T08:30")
    assert short.reaches(RED, CHINA) == local("2026-11-23T11:30"), "half of two hours beats a working day"


def test_a_clock_tells_its_colour_and_its_next_step() -> None:
    running = clock(2, Unit.WORKING_HOUR, "2026-11-23T08:30")
    for at, colour in (("10:00", "amber"), ("09:59", "on_time"), ("10:30", "yellow"), ("11:30", "red"), ("14:00", "upgraded")):
        assert running.colour(local(f"2026-11-23T{at}"), CHINA) == colour
    assert running.next_rung_at(CHINA) == local("2026-11-23T10:00")
    climbed = running.climbed().climbed().climbed()
    assert climbed.next_rung_at(CHINA) == local("2026-11-23T14:00")
    assert climbed.climbed().next_rung_at(CHINA) is None
    assert running.frozen(local("2026-11-23T09:00"), CHINA).next_rung_at(CHINA) is None


def test_an_extension_takes_back_the_steps_that_lie_ahead_again() -> None:
    at = local("2026-11-26T15:00")
    reminded = clock(5, Unit.WORKING_DAY, "2026-11-23T08:30").climbed()
    longer = reminded.extended(Span(5, Unit.WORKING_DAY), at, CHINA)
    assert (longer.rung, due(longer)) == (0, "2026-12-04 17:30")
    assert reminded.extended(Span(1, Unit.WORKING_HOUR), local("2026-11-27T17:00"), CHINA).rung == 1


def test_a_window_ends_once_and_has_no_colour() -> None:
    window = ClockState.of("rating", Span(7, Unit.NATURAL_DAY), CHINA).started(local("2026-11-25T10:00"))
    assert window.colour(local("2027-01-01T00:00"), CHINA) == "none"
    assert window.next_rung_at(CHINA) == window.due_at(CHINA)
    assert window.climbed().next_rung_at(CHINA) is None


def test_a_clock_that_ended_late_stays_late() -> None:
    late = clock(2, Unit.WORKING_HOUR, "2026-11-23T08:30").stopped(local("2026-11-23T11:00"), CHINA)
    assert late.colour(local("2026-12-01T00:00"), CHINA) == "yellow"
    very = clock(5, Unit.WORKING_DAY, "2026-11-23T08:30").stopped(local("2026-12-01T09:00"), CHINA)
    assert very.colour(local("2026-12-01T09:00"), CHINA) == "red"


def test_the_seeds_are_the_handbooks_and_triage_gets_half() -> None:
    assert SEED_LIMITS[S0, "arrive"].say() == "15 minutes"
    assert SEED_LIMITS[S1, "handle"].say() == "4 working hours"
    assert SEED_LIMITS[S3, "handle"].say() == "5 working days"
    assert SEED_LIMITS[S5, "handle"].say() == "30 days"
    assert (S0, "handle") not in SEED_LIMITS
    for sla, both in ((S1, 30 * 60), (S3, 4 * 3600), (S4, PLAIN.day_seconds)):
        assert SEED_LIMITS[sla, "triage"].seconds(PLAIN) == SEED_LIMITS[sla, "assign"].seconds(PLAIN) == both / 2
    assert all((sla, "close") in SEED_LIMITS for sla in Sla)
    assert S0 not in SEED_EXTENSIONS


def test_a_limit_says_itself_in_its_largest_unit() -> None:
    assert Span(1, Unit.WORKING_DAY).say() == "1 working day"
    assert Span(5, Unit.WORKING_DAY).say(lambda text: {"{amount} working days": "{amount}个工作日"}[text]) == "5个工作日"
    for span in set(SEED_LIMITS.values()):
        assert Span.of(span.seconds(PLAIN), measure(span.unit), PLAIN).seconds(PLAIN) == span.seconds(PLAIN)
    assert Span.of(27_000, "working", PLAIN) == Span(1, Unit.WORKING_DAY)
    assert Span.of(3 * 86_400, "legal", PLAIN) == Span(3, Unit.NATURAL_DAY)


def test_office_hours_out_of_order_are_refused() -> None:
    for windows in ((), ((time(12), time(8)),), ((time(8), time(12)), (time(11), time(17)))):
        with pytest.raises(ValueError, match="Office hours"):
            Calendar(windows=windows)


def test_a_calendar_without_working_days_says_so_instead_of_searching_for_ever() -> None:
    empty = Calendar(days={date(2026, 1, 1) + timedelta(days=n): False for n in range(-800, 1200)})
    with pytest.raises(ValueError, match="No working day"):
        empty.next_working(date(2026, 1, 1))


# --- told of all ------------------------------------------------------------------------------------------------

FIRST = datetime(2025, 1, 2, tzinfo=UTC)
moments = st.integers(0, 700 * 86_400 * 10**6).map(lambda ticks: FIRST + timedelta(microseconds=ticks))
seconds = st.one_of(st.integers(1, 60 * 27_000), st.floats(0.001, 500_000).map(lambda x: round(x, 6)))
calendars = st.sampled_from((CHINA, PLAIN, BERLIN, LATE_SHIFT))
measures = st.sampled_from(("working", "natural", "legal"))
zones = st.sampled_from([ZoneInfo(name) for name in ("UTC", "Asia/Shanghai", "Europe/Rome", "America/St_Johns", "Pacific/Chatham")])
TICK = timedelta(microseconds=1)


def plainly(calendar: Calendar, start: datetime, end: datetime) -> float:
    """Count working seconds the slow way, day by day, as an oracle."""
    day, total = start.astimezone(calendar.zone).date() - timedelta(days=1), 0.0
    while day <= end.astimezone(calendar.zone).date() + timedelta(days=1):
        for early, late in calendar.windows if calendar.is_working(day) else ():
            low = datetime.combine(day, early, calendar.zone).astimezone(UTC)
            high = datetime.combine(day, late, calendar.zone).astimezone(UTC)
            total += max((min(high, end) - max(low, start)).total_seconds(), 0)
        day += timedelta(days=1)
    return total


@given(calendars, moments, moments)
def test_working_time_is_what_counting_day_by_day_says(calendar: Calendar, start: datetime, end: datetime) -> None:
    early, late = sorted((start, end))
    assert calendar.working_seconds(early, late) == pytest.approx(plainly(calendar, early, late), abs=1e-5)
    assert calendar.working_seconds(late, early) == -calendar.working_seconds(early, late)


@given(calendars, moments, seconds)
def test_a_limit_ends_at_the_first_moment_at_which_it_is_used_up(calendar: Calendar, start: datetime, budget: float) -> None:
    end = calendar.add_working(start, budget)
    assert calendar.working_seconds(start, end) == pytest.approx(budget, abs=1e-6)
    assert calendar.working_seconds(start, end - TICK) < calendar.working_seconds(start, end)
    assert end > start


@given(calendars, moments, seconds)
def test_a_working_limit_never_ends_outside_office_hours(calendar: Calendar, start: datetime, budget: float) -> None:
    end = calendar.add_working(start, budget).astimezone(calendar.zone)
    assert calendar.is_working(end.date())
    assert any(early < end.time() <= late for early, late in calendar.windows)


@given(measures, calendars, moments, moments, seconds)
def test_whoever_starts_later_is_never_due_earlier(
    kind: Measure, calendar: Calendar, one: datetime, other: datetime, budget: float
) -> None:
    early, late = sorted((one, other))
    first = ClockState("handle", kind, budget, running_since=early).due_at(calendar)
    second = ClockState("handle", kind, budget, running_since=late).due_at(calendar)
    assert first is not None
    assert second is not None
    assert first <= second


@given(measures, calendars, moments, seconds, seconds)
def test_a_longer_limit_is_never_due_earlier(kind: Measure, calendar: Calendar, start: datetime, one: float, other: float) -> None:
    short, long = (ClockState("handle", kind, budget, running_since=start).due_at(calendar) for budget in sorted((one, other)))
    assert short is not None
    assert long is not None
    assert short <= long


@settings(max_examples=200)
@given(measures, calendars, moments, st.lists(st.tuples(st.integers(0, 400_000), st.integers(0, 900_000)), max_size=6))
def test_only_the_pieces_in_which_a_clock_runs_count(
    kind: Measure, calendar: Calendar, start: datetime, pieces: list[tuple[int, int]]
) -> None:
    state, at, ran = ClockState("handle", kind, 10**9).started(start), start, 0.0
    for run, rest in pieces:
        stop = at + timedelta(seconds=run)
        ran += ClockState("handle", kind, 10**9, running_since=at).elapsed(stop, calendar)
        state = state.frozen(stop, calendar)
        at = stop + timedelta(seconds=rest)
        assert state.elapsed(at, calendar) == pytest.approx(ran, abs=1e-5), "nothing is used while it stands still"
        state = state.started(at)
    assert state.elapsed(at, calendar) == pytest.approx(ran, abs=1e-5)


@given(measures, calendars, moments, st.integers(60, 400_000), st.lists(st.floats(0, 1), max_size=5))
def test_a_cut_without_a_gap_moves_no_limit(kind: Measure, calendar: Calendar, start: datetime, budget: int, cuts: list[float]) -> None:
    whole = ClockState("handle", kind, budget).started(start)
    state, end = whole, whole.due_at(calendar)
    assert end is not None
    # Cut only while something is left: a used-up limit that falls into the night is due at the evening before.
    for cut in sorted(start + timedelta(seconds=budget * part * 0.999) for part in cuts):
        if whole.elapsed(cut, calendar) < budget:
            state = state.frozen(cut, calendar).started(cut)
    after = state.due_at(calendar)
    assert after is not None
    assert abs(after - end) <= timedelta(microseconds=10)


@given(measures, calendars, moments, zones, seconds)
def test_a_moment_is_the_same_moment_in_every_zone(
    kind: Measure, calendar: Calendar, start: datetime, zone: ZoneInfo, budget: float
) -> None:
    here = ClockState("handle", kind, budget, running_since=start)
    there = ClockState("handle", kind, budget, running_since=start.astimezone(zone))
    assert here.due_at(calendar) == there.due_at(calendar)
    later = start + timedelta(days=3, seconds=7)
    assert here.elapsed(later, calendar) == there.elapsed(later.astimezone(zone), calendar)


@given(calendars, moments, st.integers(1, 90))
def test_a_legal_period_is_at_least_its_days_and_ends_with_a_working_day(calendar: Calendar, start: datetime, days: int) -> None:
    end = legal_end(start, days, calendar)
    first = start.astimezone(calendar.zone).date()
    last = end.astimezone(calendar.zone).date() - timedelta(days=1)
    assert end.astimezone(calendar.zone).time() == time(0)
    assert last >= first + timedelta(days=days)
    assert calendar.is_working(last)
    assert not any(calendar.is_working(first + timedelta(days=n)) for n in range(days, (last - first).days))


@given(measures, calendars, moments, seconds, st.lists(st.integers(0, 3_000_000), min_size=2, max_size=8))
def test_a_running_clock_only_gets_redder_and_its_steps_come_in_order(
    kind: Measure, calendar: Calendar, start: datetime, budget: float, later: list[int]
) -> None:
    state = ClockState("handle", kind, budget, running_since=start)
    steps = [state.reaches(rung, calendar) for rung in LADDER]
    assert all(one is not None and other is not None and one <= other for one, other in pairwise(steps))
    seen = [state.rung_at(start + timedelta(seconds=n), calendar) for n in sorted(later)]
    assert seen == sorted(seen)
    for rung, moment in zip(LADDER, steps, strict=True):
        assert moment is not None
        assert state.rung_at(moment, calendar) >= rung.number
        if moment > start:
            assert state.rung_at(moment - TICK, calendar) < rung.number
    assert state.used(steps[1], calendar) == pytest.approx(1, abs=1e-3)  # type: ignore[arg-type]


def test_every_make_up_day_and_holiday_of_two_years_is_honoured() -> None:
    for day, worked in days_of(2025, 2026).items():
        morning = datetime.combine(day, OFFICE_HOURS[0][0], SHANGHAI)
        assert CHINA.working_seconds(morning, morning + timedelta(hours=10)) == (27_000 if worked else 0)
    moved = [day for day, worked in days_of(2026).items() if worked != (day.weekday() < 5)]
    assert len(moved) > 20, "the test has something to say"
