"""Pure statistics for a day: a share with its uncertainty, and what is usual."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z = 1.96


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


def usual(counts: Sequence[int]) -> tuple[int, int] | None:
    """Return between which counts eight days of ten lie; fewer than ten days say nothing."""
    if len(counts) < 10:
        return None
    ordered = sorted(counts)
    return ordered[round(0.1 * (len(ordered) - 1))], ordered[round(0.9 * (len(ordered) - 1))]


def median(values: Sequence[float]) -> float | None:
    """Return the middle value."""
    ordered, n = sorted(values), len(values)
    if not n:
        return None
    return ordered[n // 2] if n % 2 else (ordered[n // 2 - 1] + ordered[n // 2]) / 2
