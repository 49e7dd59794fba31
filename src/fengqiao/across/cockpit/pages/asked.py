"""What a reader asked for: which day, which ground, beside which baseline; and how links are made from it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from fengqiao.across.cockpit import policies
from fengqiao.across.cockpit.counting import Scope
from fengqiao.base.act import Act
from fengqiao.base.errors import Invalid
from fengqiao.base.words import _
from fengqiao.people import queries as people

LONGEST = 366


class NoSuchDay(Invalid):
    """The day cannot be read."""

    message = _("This is not a day we know. Write it as 2026-11-25.")


@dataclass(frozen=True, slots=True)
class View:
    """Which day, which ground, beside what, and how links are made from it."""

    day: date
    today: date
    scope: Scope
    base: str = ""
    first: date | None = None
    last: date | None = None
    wall: bool = False

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def own(self) -> tuple[date, date] | None:
        """The reader's own period to compare with, if one was chosen."""
        return (self.first, self.last) if self.first and self.last else None

    @property
    def leave(self) -> str:
        """The address of the same day away from the wall."""
        return self.address("day")

    def address(self, page: str, **other: Any) -> str:
        """Return the address of a page of the cockpit for this day, ground and baseline."""
        asked = {"date": self.day, "area": self.scope.area, "base": self.base, "from": self.first, "to": self.last, **other}
        return f"{reverse(page)}?{urlencode({key: str(value) for key, value in asked.items() if value})}"

    def rows(self, name: str, first: date | None = None, last: date | None = None, **more: str) -> str:
        """Return the address of the rows behind a number of this day, or of some days."""
        last = last or first or self.day
        days = (last - (first or last)).days + 1
        asked = {"date": last, "what": name, "area": self.scope.area, "days": days if days > 1 else "", **more}
        return f"{reverse('day_rows')}?{urlencode({key: str(value) for key, value in asked.items() if value})}"

    def other(self, day: date) -> str:
        """Return the address of another day, seen the same way."""
        return replace(self, day=day).address("day")


def view_of(request: HttpRequest, act: Act) -> View:
    """Read what was asked for; raises ``NotYourCockpit`` and ``NoSuchDay``."""
    policies.check_seen(act.actor)
    today = act.at.astimezone(people.zone()).date()
    asked, area = request.GET.get("date", ""), request.GET.get("area", "")
    wanted = _date(asked, "date") or today
    first, last = _date(request.GET.get("from", ""), "from"), _date(request.GET.get("to", ""), "to")
    if first and last:
        first, last = min(first, last), max(first, last)
        first = max(first, last - timedelta(days=LONGEST - 1))
    if not today.replace(year=2000, day=1) <= wanted <= today:
        wanted = today
    scope = Scope.of(act.actor, area if people.area(area) else "")
    wall = request.GET.get("wall") == "1"
    return View(wanted, today, scope, request.GET.get("base", "")[:80], first, last if first else None, wall)


def _date(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NoSuchDay(fields={field: str(NoSuchDay.message)}) from None


def towns(act: Act, view: View) -> list[dict[str, Any]]:
    """Return the towns of the reader's ground, to choose from."""
    language = get_language() or ""
    seen = [
        row for row in people.towns() if any(low <= row.code < high or row.code <= low < f"{row.code}~" for low, high in act.actor.ranges)
    ]
    return [{"code": row.code, "name": row.called(language), "chosen": row.code == view.scope.area} for row in seen]
