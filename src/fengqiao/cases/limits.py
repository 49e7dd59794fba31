"""Which limit a step has, and how a case's clocks follow its moves.

Limits are rows (handbook C3 is only their seed): a centre may set its own per class, step and category from a date on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from fengqiao.base.errors import Invalid
from fengqiao.base.words import _
from fengqiao.cases.models import Case, TimeLimit
from fengqiao.loop.alphabet import WINDOW_CLOCKS
from fengqiao.loop.deadlines import SEED_EXTENSIONS, SEED_LIMITS, Calendar, ClockState, Span, Unit
from fengqiao.loop.standing import ALL_CLOCKS, ClockOrder
from fengqiao.loop.terms import Sla
from fengqiao.people import queries as people
from fengqiao.people import reference

NIL = "00000000-0000-0000-0000-000000000000"
EXTENSION_UNITS = {
    Unit.MINUTE: _("minutes"), Unit.WORKING_MINUTE: _("working minutes"), Unit.WORKING_HOUR: _("working hours"),
    Unit.WORKING_DAY: _("working days"), Unit.NATURAL_DAY: _("days"),
}  # fmt: skip
EXTENSION = "extension"
"""The row of a class that says how much one extension may add; no clock of its own runs on it."""
NEVER = datetime.fromisoformat("9999-01-01T00:00:00+00:00")

Table = Mapping[tuple[str, str, str], list[tuple[date, Span]]]


@reference.cached("cases")
def limits() -> Table:
    """Return all limits by (class, clock, category), newest first."""
    table: dict[tuple[str, str, str], list[tuple[date, Span]]] = {}
    for row in TimeLimit.objects.order_by("-effective_from"):
        table.setdefault((row.sla, row.clock, row.category), []).append((row.effective_from, Span(row.amount, Unit(row.unit))))
    return table


def limit(sla: str, clock: str, category: str, on: date) -> Span | None:
    """Return the limit in force on a day: the category's own, else the class's, else the handbook's."""
    for key in ((sla, clock, category), (sla, clock, "")):
        for since, span in limits().get(key, ()):
            if since <= on:
                return span
    return SEED_EXTENSIONS.get(Sla(sla)) if clock == EXTENSION else SEED_LIMITS.get((Sla(sla), clock))


def longest_extension(sla: str, category: str, on: date) -> Span | None:
    """Return how much one extension may add, by the rows of the day."""
    return limit(sla, EXTENSION, category, on)


@dataclass(slots=True)
class Running:
    """A clock of a case: its state, whose it is, and which round of the loop it belongs to."""

    state: ClockState
    org: str = NIL
    round: int = 1
    ended_at: datetime | None = None

    def row(self, case: Case, calendar: Calendar) -> dict[str, Any]:
        state = self.state
        return {
            "case_id": case.id, "name": state.name, "org": self.org, "calendar": state.calendar, "budget": round(state.budget),
            "consumed": round(state.consumed), "running_since": state.running_since, "due_at": self.due_at(calendar),
            "next_rung_at": self.next_rung_at(calendar), "rung": state.rung, "round": self.round, "ended_at": self.ended_at,
        }  # fmt: skip

    def due_at(self, calendar: Calendar) -> datetime | None:
        return None if self.ended_at or self.state.running_since is None else self.state.due_at(calendar)

    def next_rung_at(self, calendar: Calendar) -> datetime | None:
        return None if self.ended_at or self.state.running_since is None else self.state.next_rung_at(calendar)


def from_rows(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Running]:
    """Return the clocks of a case from their rows, by (name, organisation)."""
    return {
        (row["name"], str(row["org"])): Running(
            ClockState(
                name=row["name"], calendar=row["calendar"], budget=row["budget"], consumed=row["consumed"],
                running_since=row["running_since"], rung=row["rung"], ended=row["ended_at"] is not None,
            ),
            str(row["org"]), row["round"], row["ended_at"],
        )
        for row in rows
    }  # fmt: skip


class OtherDays(Invalid):
    """Office hours cannot be added to days by law, nor days by law to office hours."""

    message = _("This limit is counted in {counted}. Extend it in the same way.")


class TooLongAnExtension(Invalid):
    """An extension has a limit of its own."""

    message = _("A limit of this class is extended by {amount} {unit} at most.")


def check_extension(case: Case, told: Mapping[str, Any], clocks: Mapping[tuple[str, str], Running], at: datetime) -> None:
    """Refuse more time than the class allows, or time of another calendar than the clock's (handbook C3, B42)."""
    span, calendar = Span(int(told["amount"]), Unit(told["unit"])), people.calendar()
    clock = clocks.get(("handle", NIL))
    if clock is not None and (clock.state.calendar == "legal") != (span.unit is Unit.NATURAL_DAY):
        counted = _("days") if clock.state.calendar == "legal" else _("working days")
        raise OtherDays(counted=counted, fields={"unit": OtherDays(counted=counted).say(gettext)})
    most = longest_extension(case.sla, case.category, at.astimezone(calendar.zone).date())
    if most is not None and span.seconds(calendar) > most.seconds(calendar):
        unit = EXTENSION_UNITS[most.unit]
        said = TooLongAnExtension(amount=most.amount, unit=unit).say(gettext)
        raise TooLongAnExtension(amount=most.amount, unit=unit, fields={"amount": said})


def follow(
    case: Case, clocks: dict[tuple[str, str], Running], orders: Iterable[ClockOrder], at: datetime, told: Mapping[str, Any]
) -> list[Running]:
    """Carry out what the engine orders and return the clocks that changed; the case learns which one it shows."""
    calendar = people.calendar()
    changed: dict[tuple[str, str], Running] = {}
    for order in orders:
        for key, running in _ordered(case, clocks, order, at, calendar, told):
            clocks[key] = changed[key] = running
    show(case, clocks, calendar)
    return list(changed.values())


def _ordered(
    case: Case,
    clocks: dict[tuple[str, str], Running],
    order: ClockOrder,
    at: datetime,
    calendar: Calendar,
    told: Mapping[str, Any],
) -> Iterable[tuple[tuple[str, str], Running]]:
    if order.op == "start":
        running = _fresh(case, order.name, clocks.get((order.name, NIL)), at, calendar, told)
        return [((order.name, NIL), running)] if running else []
    touched = [(key, clock) for key, clock in clocks.items() if order.name in (key[0], ALL_CLOCKS)]
    if order.op != "resume" or order.name == ALL_CLOCKS:
        touched = [(key, clock) for key, clock in touched if clock.ended_at is None]
    for _key, clock in touched:
        _carry_out(clock, order, at, calendar, told)
    return touched


def _carry_out(clock: Running, order: ClockOrder, at: datetime, calendar: Calendar, told: Mapping[str, Any]) -> None:
    if order.op == "stop":
        clock.state, clock.ended_at = clock.state.stopped(at, calendar), at
    elif order.op == "freeze":
        clock.state = clock.state.frozen(at, calendar)
    elif order.op == "extend":
        before = clock.state.rung
        clock.state = clock.state.extended(Span(int(told["amount"]), Unit(told["unit"])), at, calendar)
        # Rungs that lie ahead again are climbed again, and each only once in a round.
        clock.round += clock.state.rung < before
    else:
        # A pause that ends, or rework (t16): the clock goes on where it stood, it is not set anew.
        clock.state, clock.ended_at = clock.state.started(at), None


def _fresh(case: Case, name: str, before: Running | None, at: datetime, calendar: Calendar, told: Mapping[str, Any]) -> Running | None:
    today = at.astimezone(calendar.zone).date()
    span = _until(today, told, calendar) if name == "follow_up" else None
    span = span or limit(case.sla, name, case.category, today)
    if span is None:
        return None
    state = ClockState.of(name, span, calendar, public_danger=case.public_danger).started(at)
    return Running(state, NIL, before.round + 1 if before else 1)


def _until(today: date, told: Mapping[str, Any], calendar: Calendar) -> Span | None:
    """Return how long it is to the day on which somebody asks what became of a case; whoever handed it on has said it."""
    asked: datetime | None = told.get("follow_up_on")
    if asked is None:
        return None
    asked = asked.astimezone(calendar.zone) if asked.tzinfo else asked
    return Span(max((asked.date() - today).days, 1), Unit.NATURAL_DAY)


def show(case: Case, clocks: Mapping[tuple[str, str], Running], calendar: Calendar) -> None:
    """Copy to the case which clock runs out first: its own sorting key (decision 12)."""
    alive = [(clock.due_at(calendar), clock) for (_name, org), clock in clocks.items() if org == NIL and clock.ended_at is None]
    dated = [(due, clock) for due, clock in alive if due is not None and clock.state.name not in WINDOW_CLOCKS]
    if not dated:
        stopped = next((clock for due, clock in alive if due is None), None)
        case.clock, case.due_at, case.rung = (stopped.state.name if stopped else ""), None, 0
        case.sort_at = NEVER
        return
    due, clock = min(dated, key=lambda pair: pair[0])
    case.clock, case.due_at, case.sort_at, case.rung = clock.state.name, due, due, clock.state.rung
