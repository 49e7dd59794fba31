"""When nobody is rung out of bed: quiet hours by the clocks of the district, and, for whoever wishes, whole days off.

Pure: given hours, a zone and which days are worked, it says until when a moment is quiet.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = 60
"""Days after which nobody is spared any longer, whatever the calendar says."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """From when until when; the same twice is never. Whole days off only for whoever wishes it."""

    start: time = time(22)
    end: time = time(7)
    days_off: bool = False

    def holds(self, moment: datetime, working: Callable[[date], bool]) -> bool:
        """Tell whether it is quiet at a moment of the district's clocks."""
        now = moment.time()
        over_midnight = self.start > self.end
        within = (now >= self.start or now < self.end) if over_midnight else self.start <= now < self.end
        return within or (self.days_off and not working(moment.date()))

    def ends(self, at: datetime, zone: ZoneInfo, working: Callable[[date], bool]) -> datetime | None:
        """Return the first moment that is not quiet, or nothing where `at` is none that is."""
        if not self.holds(at.astimezone(zone), working):
            return None
        last = at
        for edge in self._edges(at, zone):
            if not self.holds(edge.astimezone(zone), working):
                return edge
            last = edge
        return last

    def _edges(self, at: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Walk over every moment at which quiet may begin or end, in order; an hour that comes twice has two."""
        day = at.astimezone(zone).date()
        for step in range(LONGEST):
            edges = {
                datetime.combine(day + timedelta(days=step), hour, zone).replace(fold=fold).astimezone(UTC)
                for hour in (time(0), self.start, self.end)
                for fold in (0, 1)
            }
            yield from sorted(edge for edge in edges if edge > at)
