"""The table of guards, and what several of them share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from fengqiao.base.errors import FengqiaoError, Invalid
from fengqiao.base.words import _
from fengqiao.loop.standing import Attempt

# What counts as evidence, wherever a form keeps it.
EVIDENCE = ("files", "photos", "documents")
# What stands beside a field of the form.
NEEDED, UNKNOWN = _("This is needed."), _("This is none of the choices.")

Check = Callable[[Attempt], FengqiaoError | None]


@dataclass(frozen=True, slots=True)
class Guard:
    """A named condition; `form` tells that it needs what was filled in."""

    name: str
    check: Check
    form: bool


_TABLE: dict[str, Guard] = {}
GUARDS: Mapping[str, Guard] = _TABLE


def guard(*, form: bool = False) -> Callable[[Check], Check]:
    """Enter a function into the table of guards under its own name."""

    def enter(check: Check) -> Check:
        _TABLE[check.__name__] = Guard(check.__name__, check, form)
        return check

    return enter


class ReasonMissing(Invalid):
    message = _("Say why: “{move}” needs a reason.")


class TextMissing(Invalid):
    message = _("Write something first.")


@guard(form=True)
def reason_given(a: Attempt) -> FengqiaoError | None:
    return None if a.given("reason") else ReasonMissing(move=a.move.title, fields={"reason": NEEDED})


@guard(form=True)
def reason_or_machine(a: Attempt) -> FengqiaoError | None:
    return None if a.by.machine else reason_given(a)


@guard(form=True)
def text_given(a: Attempt) -> FengqiaoError | None:
    return None if a.given("text") else TextMissing(fields={"text": NEEDED})


def is_reporter(a: Attempt) -> bool:
    return bool(a.standing.reporter) and a.by.person == a.standing.reporter


def window_over(a: Attempt, days: int) -> bool:
    # A window ends with its last day, local time; the day of closing is not counted.
    if a.standing.closed_at is None:
        return False
    last = a.standing.closed_at.astimezone(a.standing.zone).date() + timedelta(days=days)
    return a.at.astimezone(a.standing.zone).date() > last


def listed(a: Attempt, name: str) -> list[object]:
    value = a.asked.get(name)
    if isinstance(value, list | tuple | set | frozenset):
        return [each for each in value if each]
    return [value] if value else []


def as_moment(value: object, a: Attempt) -> datetime | None:
    """Read a day or a moment; a day means its first minute where the case lies."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if len(value) > len("2026-01-01") else date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        try:
            # In UTC, for a zone may be written that lies a day away and that no database keeps.
            return (value if value.tzinfo else value.replace(tzinfo=a.standing.zone)).astimezone(UTC)
        except OverflowError:
            return None
    return datetime.combine(value, time(), a.standing.zone) if isinstance(value, date) else None
