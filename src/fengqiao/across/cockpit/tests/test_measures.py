"""Shares with their uncertainty, and what is usual."""

from hypothesis import given
from hypothesis import strategies as st

from fengqiao.across.cockpit.measures import Share, median, usual


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


def test_a_median_of_nothing_is_nothing():
    assert median([]) is None
    assert median([3, 1, 2]) == 2
    assert median([1, 2, 3, 4]) == 2.5
