"""Pure statistics for a day: shares, changes and durations with their uncertainty, and what is usual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, lgamma, log, sqrt
from random import Random

Z = 1.96
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with Wilson's interval at 95%; of nothing there is no share."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        if not self.whole:
            return None
        n, p = self.whole, self.part / self.whole
        middle, spread = p + Z * Z / (2 * n), Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        scale = 1 + Z * Z / n
        return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def difference(one: Share, other: Share) -> tuple[float, float, float] | None:
    """Return how much larger one share is than another, with Newcombe's interval at 95%."""
    if one.value is None or other.value is None or one.interval is None or other.interval is None:
        return None
    p, (l1, u1), q, (l2, u2) = one.value, one.interval, other.value, other.interval
    return p - q, p - q - sqrt((p - l1) ** 2 + (u2 - q) ** 2), p - q + sqrt((u1 - p) ** 2 + (q - l2) ** 2)


def change(count: int, other: int, days: int = 1) -> tuple[float, float, float] | None:
    """Return by how much a day's count differs from another's daily count, as a part of it, with its interval at 95%.

    Given both, the one count is a share of their sum; Wilson's interval of that share gives the interval of the ratio. Of a
    count of nothing nothing can be a part.
    """
    if not other:
        return None
    share = Share(count, count + other)
    low, high = share.interval or (0.0, 1.0)
    return days * count / other - 1, days * low / (1 - low) - 1, (days * high / (1 - high) if high < 1 else float("inf")) - 1


def usual(counts: Sequence[int]) -> tuple[int, int] | None:
    """Return between which counts eight days of ten lie; fewer than ten days say nothing."""
    if len(counts) < 10:
        return None
    ordered = sorted(counts)
    return ordered[round(0.1 * (len(ordered) - 1))], ordered[round(0.9 * (len(ordered) - 1))]


@dataclass(frozen=True, slots=True)
class Quantile:
    """A value below which so many of all values lie; a bound that too few values cannot give is not there."""

    value: float
    low: float | None
    high: float | None


def ranks(n: int, q: float) -> tuple[int, int | None, int | None]:
    """Return the rank of a quantile of ``n`` values and those between which it lies at 95%, by order statistics.

    How many values lie below the true quantile is binomial; the ranks cut off 2.5% on either side. Exact up to a thousand values,
    by the normal curve beyond.
    """
    rank = max(1, ceil(n * q))
    if n > 1000:
        spread = Z * sqrt(n * q * (1 - q))
        low, high = floor(n * q - spread), ceil(n * q + spread) + 1
        return rank, low if low >= 1 else None, high if high <= n else None
    below, low, high = 0.0, 0, n + 1
    for k in range(n + 1):
        below += exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(q) + (n - k) * log(1 - q))
        if below <= 0.025:
            low = k + 1
        if below >= 0.975:
            high = k + 1
            break
    return rank, low if low >= 1 else None, high if high <= n else None


def quantile(classes: Mapping[str, int], q: float) -> Quantile | None:
    """Return a quantile of hours from counts by class of duration (``counting.TIMED``); within a class values lie evenly."""
    ordered = sorted((int(name), n) for name, n in classes.items() if n > 0)
    n = sum(count for _name, count in ordered)
    if not n:
        return None
    rank, low, high = ranks(n, q)
    value = _hours(ordered, rank)
    return Quantile(value, _hours(ordered, low) if low else None, _hours(ordered, high) if high else None)


def _hours(ordered: Sequence[tuple[int, int]], rank: int) -> float:
    before = 0
    for name, count in ordered:
        if before + count >= rank:
            minutes: float = 10 ** ((name + (rank - before - 0.5) / count) / 20) - 1
            return minutes / 60
        before += count
    raise ValueError(f"there is no rank {rank} of {before}")


def mean(values: Sequence[int], seed: int = 7) -> tuple[float, float, float] | None:
    """Return the mean with a percentile bootstrap at 95%: a thousand draws, the same for the same values."""
    if not values:
        return None
    chance, n = Random(seed), len(values)
    drawn = sorted(sum(chance.choices(values, k=n)) / n for _draw in range(DRAWS if n <= 400 else 100))
    return sum(values) / n, drawn[round(0.025 * (len(drawn) - 1))], drawn[round(0.975 * (len(drawn) - 1))]


def rounded(shares: Sequence[int]) -> list[int]:
    """Return counts as whole percentages that sum to a hundred (largest remainder); of nothing, nothings."""
    whole = sum(shares)
    if not whole:
        return [0 for _share in shares]
    exact = [100 * share / whole for share in shares]
    found = [floor(one) for one in exact]
    for place in sorted(range(len(exact)), key=lambda i: (found[i] - exact[i], i))[: 100 - sum(found)]:
        found[place] += 1
    return found
