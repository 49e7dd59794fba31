"""Shares with their uncertainty, and what is usual."""

from collections import Counter
from math import ceil, exp, floor, log10
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fengqiao.across.cockpit.measures import Share, change, difference, mean, quantile, ranks, rounded, usual


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_share(part, more):
    share = Share(part, part + more)
    if share.whole:
        low, high = share.interval
        assert 0 <= low <= share.value + 1e-9
        assert share.value - 1e-9 <= high <= 1
    else:
        assert share.value is None
        assert share.interval is None


@given(st.lists(st.integers(0, 99), min_size=10, max_size=40))
def test_what_is_usual_lies_between_the_least_and_the_most(counts):
    low, high = usual(counts)
    assert min(counts) <= low <= high <= max(counts)


@given(st.integers(0, 500), st.integers(1, 500), st.integers(1, 60))
def test_a_change_lies_in_its_interval(count, other, days):
    value, low, high = change(count, other, days)
    assert low - 1e-9 <= value <= high + 1e-9
    assert low >= -1


def test_there_is_no_change_from_nothing():
    assert change(5, 0) is None


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60), st.integers(1, 60))
def test_a_difference_of_shares_lies_in_its_interval_and_turns_with_its_sides(a, b, c, d):
    one, other = Share(a, a + b), Share(c, c + d)
    value, low, high = difference(one, other)
    assert -1 <= low <= value <= high <= 1
    assert difference(other, one) == pytest.approx((-value, -high, -low))


def test_a_median_of_nothing_is_nothing():
    assert quantile({}, 0.5) is None
    assert mean([]) is None


def classes(minutes):
    return Counter(f"{floor(20 * log10(one + 1)):03}" for one in minutes)


@given(st.lists(st.floats(1, 100_000), min_size=1, max_size=300), st.sampled_from([0.5, 0.9]))
def test_a_quantile_read_off_classes_is_right_to_the_width_of_a_class(minutes, q):
    exact = sorted(minutes)[ceil(len(minutes) * q) - 1]
    read = quantile(classes(minutes), q)
    assert exact / 1.13 - 1 <= read.value * 60 <= exact * 1.13 + 1
    assert read.low is None or read.low <= read.value
    assert read.high is None or read.high >= read.value


def test_the_interval_of_a_median_holds_it_95_times_in_a_hundred():
    """Order statistics are exact whatever the distribution: tried on a skewed one."""
    chance, held = Random(1), 0
    true = exp(0.0)
    for _round in range(400):
        values = sorted(chance.lognormvariate(0, 1) for _value in range(40))
        _rank, low, high = ranks(40, 0.5)
        held += values[low - 1] <= true <= values[high - 1]
    assert 0.93 <= held / 400 <= 0.99


def test_too_few_values_give_no_upper_bound():
    _rank, low, high = ranks(10, 0.9)
    assert high is None
    assert low is not None


@pytest.mark.parametrize("n", [999, 1001])
def test_the_normal_curve_joins_the_exact_count(n):
    assert ranks(n, 0.5)[1] == pytest.approx(ranks(2000 - n, 0.5)[1], abs=4)


@given(st.lists(st.integers(0, 10_000), min_size=3, max_size=3))
def test_whole_percentages_sum_to_a_hundred(counts):
    found = rounded(counts)
    assert sum(found) == (100 if sum(counts) else 0)
    assert all(abs(one - 100 * count / max(1, sum(counts))) < 1 for one, count in zip(found, counts, strict=True))


@given(st.lists(st.integers(1, 20), min_size=1, max_size=50))
def test_a_bootstrapped_mean_lies_in_its_interval_and_is_the_same_twice(values):
    value, low, high = mean(values)
    assert min(values) <= low <= high <= max(values)
    assert (value, low, high) == mean(values)
