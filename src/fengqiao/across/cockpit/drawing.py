"""Bars and lines as small SVG pictures, drawn by the server: from zero, labelled, without a script."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its count, where it leads, and its geometry in percent of the width."""

    label: str
    count: int
    link: str
    width: float


def bars(rows: Sequence[tuple[str, int, str]]) -> list[Bar]:
    """Return bars for labelled counts, the longest filling the width."""
    most = max((count for _label, count, _link in rows), default=0) or 1
    return [Bar(label, count, link, round(100 * count / most, 1)) for label, count, link in rows]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an hourly or daily picture, in the picture's own units."""

    x: float
    y: float
    width: float
    height: float
    label: str
    count: int
    mark: bool = False


HEIGHT = 48.0
STEP = 12.0


def columns(rows: Sequence[tuple[str, int]], marked: int = -1) -> list[Column]:
    """Return columns that stand side by side, the highest as high as the picture."""
    most = max((count for _label, count in rows), default=0) or 1
    return [
        Column(i * STEP + 1, round(HEIGHT - HEIGHT * count / most, 2), STEP - 2, round(HEIGHT * count / most, 2), label, count, i == marked)
        for i, (label, count) in enumerate(rows)
    ]
