"""What every subject answers: what there is, what may be said of it, what a change touches, and how it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language, gettext

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.base.act import Act
from fengqiao.base.errors import Invalid
from fengqiao.base.words import Words, _
from fengqiao.cases.models import Case
from fengqiao.loop.alphabet import ACTIVE

Facts = dict[str, Any]
OPEN = sorted(ACTIVE)
NOTHING = "–"


class NotFit(Invalid):
    """What was said of a subject cannot be."""

    message = _("{what}: {why}")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that can be set, as a list shows it."""

    about: str
    cells: tuple[str, ...]
    off: bool = False


class Subject:
    """A body of settings. Facts are plain JSON; ``form`` is their one validator, for the page and for a file alike."""

    key: ClassVar[str]
    title: ClassVar[Words]
    meaning: ClassVar[Words]
    columns: ClassVar[tuple[Words, ...]]
    fields: ClassVar[Mapping[str, Words]]
    form: ClassVar[type[forms.Form]]
    adds: ClassVar[bool] = True
    """Whether somebody may add one."""
    dated: ClassVar[bool] = False
    """Whether rows carry their own first day, so that a planned one is written at once and counts by itself."""
    effective: ClassVar[bool] = True
    """Whether somebody may say from which day; else it counts at once."""

    def rows(self, on: date) -> list[Row]:
        """Return all there is on a day, in the reader's language."""
        raise NotImplementedError

    def every(self, on: date) -> dict[str, Facts]:
        """Return all there is on a day as facts, for a file."""
        raise NotImplementedError

    def now(self, about: str, on: date) -> Facts | None:
        """Return what holds on a day, or nothing."""
        return self.every(on).get(about)

    def called(self, about: str) -> str:
        """Return the name of one, in the reader's language."""
        return about

    def to_form(self, about: str, facts: Facts) -> dict[str, Any]:
        """Return facts as the form's fields."""
        return dict(facts)

    def from_form(self, said: dict[str, Any]) -> tuple[str, Facts]:
        """Return what the form says: which one, and its facts."""
        raise NotImplementedError

    def make_form(self, about: str, data: Any = None, initial: Any = None) -> forms.Form:
        """Return the form for a new one (no name yet) or one that stands."""
        return self.form(data, initial=initial, about=about)  # type: ignore[call-arg]

    def checked(self, about: str, facts: Facts, on: date) -> Facts:
        """Return facts as they are kept; what cannot be is said by field."""
        known = self.now(about, on) is not None
        try:
            told = {**self.to_form(about, facts)}
        except (KeyError, TypeError, ValueError, AttributeError):
            raise NotFit(what=about, why=gettext("This cannot be used. Please check it.")) from None
        form = self.make_form(about if known else "", data=told)
        if not form.is_valid():
            said = {str(name): str(errors[0]) for name, errors in form.errors.items()}
            raise NotFit(fields=said, what=about, why="; ".join(said.values()))
        found, clean = self.from_form(form.cleaned_data)
        if known or self.fits(about, found):
            return clean
        raise NotFit(what=about, why=gettext("This cannot be used. Please check it."))

    def fits(self, about: str, found: str) -> bool:
        """Tell whether a new one may have this name, which its facts would call otherwise."""
        return found == about

    def touches(self, act: Act, about: str, before: Facts | None, after: Facts, since: date) -> list[str]:
        """Say in sentences what the change would do; nothing is written."""
        return []

    def needs_second(self, about: str, before: Facts | None, after: Facts) -> bool:
        """Tell whether a second person must confirm it."""
        return False

    def write(self, act: Act, about: str, after: Facts, since: date) -> None:
        """Let it count."""
        raise NotImplementedError

    def unwrite(self, about: str, since: date) -> None:
        """Take back what was planned with a day of its own."""
        raise NotImplementedError

    def said(self, field: str, value: Any) -> str:
        """Say one fact in the reader's language."""
        return plain(value)


def plain(value: Any) -> str:
    """Say a fact that needs no table of words."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(plain(each) for each in value) or NOTHING
    return str(value) if value not in (None, "") else NOTHING


def english() -> bool:
    """Tell whether the reader reads English."""
    return (get_language() or "").startswith("en")


def counted(at: datetime, **where: Any) -> tuple[int, int]:
    """Return how many open and how many ended cases there are of something: numbers only, counted by the house."""
    with acting(machine_act("settings", at)):
        found = Case.objects.filter(**where)
        open_now = found.filter(state__in=OPEN).count()
        return open_now, found.count() - open_now
