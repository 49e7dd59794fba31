"""Is it the same? Cases of one kind, near each other in place, time and words; only a person merges them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from fengqiao.base.words import Words, _
from fengqiao.cases.ledger import bigrams
from fengqiao.cases.models import Case
from fengqiao.kits.maps.measures import distance
from fengqiao.loop.alphabet import ACTIVE

NEAR_METRES = 50
FAR_METRES = 150
WITHIN = timedelta(hours=72)
ALIKE = 0.25
AT_MOST = 5
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Likeness:
    """A case that may be the same, how near it is in each sense, and the reasons in words."""

    case: Case
    metres: int | None
    age: timedelta
    alike: float
    why: tuple[Words, ...]

    @property
    def score(self) -> float:
        """How likely it is the same, for the order of the list only."""
        nearness = 0.4 if self.metres is None else 1 - min(self.metres, FAR_METRES) / FAR_METRES
        return nearness + self.alike + 0.5 * (1 - min(abs(self.age) / WITHIN, 1))


def duplicates(case: Case) -> list[Likeness]:
    """Return what may have been reported before as another case; the actor's sight limits what is looked at."""
    point = (case.lon, case.lat) if case.lon is not None and case.lat is not None else None
    about = " ".join((case.title, case.text, case.address))
    rows = candidates(case.category, case.area[:12], case.created_at).exclude(id=case.id)
    return ranked(rows[:LOOKED_AT], point=point, text=about, at=case.created_at, confidentiality=case.confidentiality)


def candidates(category: str, area: str, at: datetime) -> QuerySet[Case]:
    """Return the open cases of a kind in an area around a moment, newest first."""
    return Case.objects.filter(
        category=category, area__startswith=area, created_at__range=(at - WITHIN, at + WITHIN), state__in=sorted(ACTIVE)
    ).order_by("-created_at")


def ranked(rows: Iterable[Case], *, point: tuple[float, float] | None, text: str, at: datetime, confidentiality: int) -> list[Likeness]:
    """Return those of some cases that may be the same, likeliest first."""
    found = [each for row in rows if row.confidentiality == confidentiality and (each := _compared(row, point, text, at))]
    return sorted(found, key=lambda each: each.score, reverse=True)[:AT_MOST]


def _compared(row: Case, point: tuple[float, float] | None, text: str, at: datetime) -> Likeness | None:
    metres = None
    if point and row.lon is not None and row.lat is not None:
        metres = round(distance(point, (row.lon, row.lat)))
        if metres > FAR_METRES:
            return None
    like = alike(text, " ".join((row.title, row.text, row.address)))
    if (metres is None or metres > NEAR_METRES) and like < ALIKE:
        return None
    why = [_("The same kind of matter")]
    if metres is not None:
        why.append(_("Close by"))
    if like >= ALIKE:
        why.append(_("Similar words"))
    return Likeness(row, metres, at - row.created_at, like, tuple(why))


def alike(one: str, other: str) -> float:
    """Return how much two texts share of their pairs of signs: 0 nothing, 1 everything."""
    first, second = _pairs(one), _pairs(other)
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def _pairs(text: str) -> set[str]:
    return {piece for piece in bigrams(text) if len(piece) > 1}
