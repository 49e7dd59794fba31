"""What a day is compared with: a period of one's own, counted now, or imported figures with their source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fengqiao.across.cockpit import queries
from fengqiao.across.cockpit.counting import Counts, Scope
from fengqiao.across.cockpit.measures import Share
from fengqiao.across.cockpit.models import Baseline
from fengqiao.cases.figures import Figure


@dataclass(frozen=True, slots=True)
class Base:
    """A baseline: over which days, how often what happened, and where that is known from."""

    name: str
    first: date
    last: date
    source: str = ""
    counts: Counts | None = None
    imported: Mapping[str, tuple[int, int | None]] | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def own(self) -> bool:
        """Tell whether it is of the reader's own cases, so that there are rows behind it."""
        return self.counts is not None

    def count(self, what: str) -> int | None:
        """Return how often something happened in the whole period, or that it is not known."""
        if self.counts is not None:
            return self.counts.of(what, self.first, self.last)
        found = (self.imported or {}).get(what)
        return found[0] if found and found[1] is None else None

    def share(self, figure: Figure) -> Share | None:
        """Return an indicator of the period, or that it is not known."""
        if self.counts is not None:
            return queries.share(self.counts, figure, self.first, self.last)[0]
        found = (self.imported or {}).get(figure.key)
        return Share(found[0], found[1]) if found and found[1] is not None else None


def own(scope: Scope, first: date, last: date) -> Base:
    """Return a period of one's own as a baseline."""
    return Base("", first, last, counts=queries.counts_of(scope, first, last))


def imported(name: str, area: str) -> Base | None:
    """Return the imported baseline of a name, for an area or, without figures of its own, for the whole."""
    rows = list(Baseline.objects.filter(name=name))
    rows = [row for row in rows if row.area == area] or [row for row in rows if not row.area]
    if not rows:
        return None
    first, last = rows[0].first_day, rows[0].last_day
    figures = {row.figure: (row.count, row.whole) for row in rows if (row.first_day, row.last_day) == (first, last)}
    return Base(name, first, last, source="; ".join(dict.fromkeys(row.source for row in rows)), imported=figures)


def names() -> list[str]:
    """Return the names of all imported baselines."""
    return list(Baseline.objects.order_by("name").values_list("name", flat=True).distinct())
