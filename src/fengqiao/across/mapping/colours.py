"""The five-colour map (平安五色图): an indicator by town or village, with its interval; hatched where nothing can be said.

Colours follow what can be said with confidence, not the bare share: a village with three cases is not red because one was late.
Places are coloured, never persons.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fengqiao.across.cockpit import counting
from fengqiao.across.cockpit.counting import Scope
from fengqiao.across.cockpit.measures import Share
from fengqiao.base.errors import NotFound
from fengqiao.base.words import _
from fengqiao.cases import registry
from fengqiao.cases.figures import Figure
from fengqiao.people import queries as people
from fengqiao.people.terms import Level

PERIOD = 30
FEWEST = 10
"""Of fewer cases than this no share is coloured."""
SETBACKS = frozenset(("reworked", "sent_back", "reopened", "closed_and_reopened"))
"""Of these fewer are better."""
FILLS = {"red": "#c8372d", "orange": "#e8862e", "yellow": "#f0d04a", "blue": "#4f8fd0", "green": "#3f9a52"}
SAFE_FILLS = {"red": "#a50026", "orange": "#f46d43", "yellow": "#ffffbf", "blue": "#74add1", "green": "#313695"}
"""The usual five; and five that people who take red for green can tell apart."""
WORDS = {
    "red": _("Clearly worse"), "orange": _("Rather worse"), "yellow": _("Like the whole"), "blue": _("Rather better"),
    "green": _("Clearly better"), "": _("Not assessable: fewer than ten cases"),
}  # fmt: skip
DIGITS = {Level.TOWN: 9, Level.VILLAGE: 12}


class NoSuchIndicator(NotFound):
    """No module offers this indicator."""

    message = _("There is no indicator called “{key}”.")


@dataclass(frozen=True, slots=True)
class Coloured:
    """One area with its share, the interval of it, and its colour; no colour where it cannot be assessed."""

    area: str
    share: Share
    colour: str


def indicator(key: str) -> Figure:
    """Return an indicator by its key."""
    for figure in registry.figures():
        if figure.key == key:
            found: Figure = figure
            return found
    raise NoSuchIndicator(key=key)


def coloured(scope: Scope, figure: Figure, last: date, level: str, days: int = PERIOD) -> list[Coloured]:
    """Return the areas of a level on the reader's ground, each with its colour."""
    digits = DIGITS[Level(level)]
    first = last - timedelta(days=days - 1)
    counts = counting.by_area(scope, first, last, {figure.part, figure.whole}, digits, figure.kinds)
    seen = [row.code for row in people.areas().values() if row.level == level and not row.retired and _on(scope, row.code)]
    shares = {code: Share(counts.get(code, {}).get(figure.part, 0), counts.get(code, {}).get(figure.whole, 0)) for code in seen}
    return [Coloured(code, share, _colour(share, shares, good=figure.part not in SETBACKS)) for code, share in shares.items()]


def _on(scope: Scope, code: str) -> bool:
    return any(low <= code < high for low, high in scope.ranges)


def _colour(share: Share, shares: Mapping[str, Share], *, good: bool) -> str:
    """Compare an area with all of them together: clearly better, better, about the same, worse, clearly worse."""
    part, whole = sum(one.part for one in shares.values()), sum(one.whole for one in shares.values())
    if share.whole < FEWEST or share.interval is None or share.value is None:
        return ""
    (low, high), middle = share.interval, part / whole
    if low > middle:
        return "green" if good else "red"
    if high < middle:
        return "red" if good else "green"
    if abs(share.value - middle) * 4 <= high - low:
        return "yellow"
    return "blue" if (share.value > middle) == good else "orange"
