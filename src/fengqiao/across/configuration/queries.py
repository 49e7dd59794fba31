"""What the settings desk shows: lists that are searched, sorted and paged, and the history of changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import get_language, gettext

from fengqiao.access import catalogue
from fengqiao.across.configuration import subjects
from fengqiao.across.configuration.models import Change
from fengqiao.across.configuration.subjects import Facts, Row, Subject
from fengqiao.across.configuration.subjects.base import NOTHING
from fengqiao.people import queries as people

A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list, and where it goes on."""

    rows: Sequence[Any]
    count: int
    page: int
    pages: int

    @property
    def before(self) -> int:
        """Return the page before, or nothing."""
        return self.page - 1 if self.page > 1 else 0

    @property
    def after(self) -> int:
        """Return the page behind, or nothing."""
        return self.page + 1 if self.page < self.pages else 0


def whole(text: str) -> int:
    """Read a number of an address; what is none is the first."""
    return int(text) if text.isdecimal() and len(text) < 6 else 1


def paged(found: Any, count: int, page: int) -> Listed:
    """Cut one page out of what was found."""
    pages = max(1, -(-count // A_PAGE))
    page = min(max(page, 1), pages)
    return Listed(list(found[(page - 1) * A_PAGE : page * A_PAGE]), count, page, pages)


def listed(rows: list[Row], *, q: str, sort: str, page: int) -> Listed:
    """Search, sort and page the rows of a subject; a minus sorts the other way round."""
    sought = q.strip().casefold()
    found = [row for row in rows if not sought or any(sought in cell.casefold() for cell in (row.about, *row.cells))]
    column = sort.removeprefix("-")
    if column.isdecimal() and found and int(column) < len(found[0].cells):
        found.sort(key=lambda row: row.cells[int(column)], reverse=sort.startswith("-"))
    return paged(found, len(found), page)


def changes(*, subject: str = "", about: str = "", state: str = "") -> QuerySet[Change]:
    """Return changes, the latest first."""
    found = Change.objects.all()
    for name, value in (("subject", subject), ("about", about), ("state", state)):
        if value:
            found = found.filter(**{name: value})
    return found


def last_changes() -> dict[str, datetime]:
    """Return when each subject was changed last."""
    return dict(Change.objects.values_list("subject").annotate(last=Max("made_at")).values_list("subject", "last"))


def shown(change: Change) -> dict[str, Any]:
    """Return a change as a list and a page show it."""
    subject = subjects.of(change.subject)
    return {
        "change": change, "title": gettext(subject.title), "called": subject.called(change.about),
        "state": gettext(change.get_state_display()),
        "who": who(change.made_by), "post": catalogue.post(change.made_post).title_in(get_language() or "") if change.made_post else "",
        "second": who(change.answered_by), "facts": differences(subject, change.before, change.after),
    }  # fmt: skip


def who(id: str) -> str:
    """Return the name behind an id: a person's, or the house itself."""
    return people.person_named(id, get_language() or "") or (gettext("The system") if id.startswith("machine:") else id)


def differences(subject: Subject, before: Facts | None, after: Facts) -> list[tuple[str, str, str]]:
    """Return what differs: field, what was, what is to be; of something new everything."""
    told = []
    for name, title in subject.fields.items():
        was, will = (before or {}).get(name), after.get(name)
        if before is None or was != will:
            told.append((gettext(title), NOTHING if before is None else subject.said(name, was), subject.said(name, will)))
    return told
