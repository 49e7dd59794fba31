"""Limits (handbook C3): how long a step may take, by class, and by kind of matter where a centre wants it; and how far one is extended."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import connection
from django.utils.translation import gettext, gettext_lazy, ngettext

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.configuration.subjects.base import Facts, Row, Subject, plain
from fengqiao.across.configuration.subjects.categories import classes, named
from fengqiao.base.act import Act
from fengqiao.base.words import _
from fengqiao.cases import centre, limits, reference
from fengqiao.cases.models import SideRequest, TimeLimit
from fengqiao.cases.terms import RequestKind
from fengqiao.loop.alphabet import CLOCK_TITLES
from fengqiao.loop.calendars import Span, Unit, measure
from fengqiao.people import queries as people

PAST_DAYS = 60
EXTENSION_TITLE = _("Longest extension")
STEPS = [name for name in CLOCK_TITLES if name != "retention"]
UNITS = {
    Unit.MINUTE: _("minutes, day and night"), Unit.WORKING_MINUTE: _("working minutes"), Unit.WORKING_HOUR: _("working hours"),
    Unit.WORKING_DAY: _("working days"), Unit.NATURAL_DAY: _("days by law"),
}  # fmt: skip

# What ran out within the time looked at: how many, how many in time, how many would have been, and how many counted in another way.
MEASURED = """
SELECT count(*) FILTER (WHERE k.ended_at IS NOT NULL AND comparable),
       count(*) FILTER (WHERE k.ended_at IS NOT NULL AND comparable AND k.consumed <= k.budget),
       count(*) FILTER (WHERE k.ended_at IS NOT NULL AND comparable AND k.consumed <= %(seconds)s),
       count(*) FILTER (WHERE k.ended_at IS NOT NULL AND NOT comparable),
       count(*) FILTER (WHERE k.ended_at IS NULL)
FROM case_clock k JOIN cases c ON c.id = k.case_id,
     LATERAL (SELECT k.calendar = CASE WHEN c.public_danger THEN %(in_danger)s ELSE %(measure)s END AS comparable) m
WHERE k.name = %(clock)s AND k.org = %(nil)s AND c.sla = %(sla)s AND (k.ended_at IS NULL OR k.ended_at >= %(since)s)
  AND CASE WHEN %(category)s = '' THEN c.category <> ALL(%(own)s) ELSE c.category = %(category)s END
"""


def steps() -> list[tuple[str, str]]:
    """Return what a limit can be of."""
    return [*((name, gettext(CLOCK_TITLES[name])) for name in STEPS), (limits.EXTENSION, gettext(EXTENSION_TITLE))]


class LimitForm(forms.Form):
    """Which step of which class, how long, and by which rule."""

    sla = forms.ChoiceField(label=gettext_lazy("Service class"))
    clock = forms.ChoiceField(label=gettext_lazy("Step"))
    category = forms.ChoiceField(label=gettext_lazy("Only for this kind of matter"), required=False)
    amount = forms.IntegerField(
        label=gettext_lazy("Limit"), min_value=1, max_value=10_000, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    unit = forms.ChoiceField(label=gettext_lazy("Counted in"))
    basis = forms.CharField(
        label=gettext_lazy("By which rule or decision"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("So that it can be explained later."),
    )

    def __init__(self, *args: Any, about: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [row for row in reference.choosable() if row.parent_id]
        choices = {
            "sla": classes(), "clock": steps(), "unit": [(str(unit), gettext(words)) for unit, words in UNITS.items()],
            "category": [("", gettext("All of the class")), *((row.code, f"{row.code} {named(row)}") for row in chosen)],
        }  # fmt: skip
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        if about:
            del self.fields["sla"], self.fields["clock"], self.fields["category"]


class Limits(Subject):
    """Limits by class, step and kind: ``S1/handle`` or ``S1/handle/0505``."""

    key = "limit"
    title = _("Limits")
    meaning = _("How long each step may take, by service class, and how much one extension may add.")
    columns = (_("Service class"), _("Step"), _("Kind of matter"), _("Limit"), _("Counts since"))
    fields = {"amount": _("Limit"), "unit": _("Counted in"), "basis": _("By which rule or decision")}
    form = LimitForm
    dated = True

    def rows(self, on: date) -> list[Row]:
        """Return the limits in force, by class and step."""
        order = {name: place for place, (name, _title) in enumerate(steps())}
        titles = dict(steps())
        found = sorted(_in_force(on).values(), key=lambda row: (row.sla, order.get(row.clock, 99), row.category))
        return [
            Row(
                _about(row),
                (
                    row.sla, titles.get(row.clock, row.clock), _kind(row.category), Span(row.amount, Unit(row.unit)).say(gettext),
                    row.effective_from.isoformat(),
                ),
            )
            for row in found
        ]  # fmt: skip

    def every(self, on: date) -> dict[str, Facts]:
        """Return the limits in force as facts."""
        return {about: {"amount": row.amount, "unit": row.unit, "basis": row.basis} for about, row in _in_force(on).items()}

    def called(self, about: str) -> str:
        """Return class, step and kind in words."""
        sla, clock, category = split(about)
        titles = dict(steps())
        return " · ".join(part for part in (sla, titles.get(clock, clock), _kind(category) if category else "") if part)

    def to_form(self, about: str, facts: Facts) -> dict[str, Any]:
        """Return the fields, with what the limit is of."""
        sla, clock, category = split(about)
        return {"sla": sla, "clock": clock, "category": category, **facts}

    def from_form(self, said: dict[str, Any]) -> tuple[str, Facts]:
        """Return what the limit is of, and the limit."""
        about = "/".join(part for part in (said.get("sla", ""), said.get("clock", ""), said.get("category", "")) if part)
        return about, {name: said[name] for name in self.fields}

    def touches(self, act: Act, about: str, before: Facts | None, after: Facts, since: date) -> list[str]:
        """Say how the last sixty days would have gone by the new limit, and that running clocks keep theirs."""
        sla, clock, category = split(about)
        span = Span(after["amount"], Unit(after["unit"]))
        if clock == limits.EXTENSION:
            return [_longer(act, sla, span)]
        ended, in_time, would, other, running = _measured(act, sla, clock, category, span)
        facts = {"ended": ended, "in_time": in_time, "would": would, "days": PAST_DAYS}
        told = [
            gettext("Of %(ended)s that ended in the last %(days)s days, %(in_time)s were in time; by this limit it would be %(would)s.")
            % facts
            if ended else gettext("Nothing of this kind ended in the last %(days)s days: there is nothing to compare with.") % facts
        ]  # fmt: skip
        if other:
            told.append(
                ngettext(
                    "%(count)s was counted in another way and cannot be compared.",
                    "%(count)s were counted in another way and cannot be compared.",
                    other,
                )
                % {"count": other}
            )
        told.append(
            ngettext("%(count)s clock runs now and keeps its limit.", "%(count)s clocks run now and keep their limit.", running)
            % {"count": running}
        )
        return told

    def write(self, act: Act, about: str, after: Facts, since: date) -> None:
        """Write the row with its day."""
        sla, clock, category = split(about)
        centre.write_limit(sla, clock, category, since, amount=after["amount"], unit=after["unit"], basis=after["basis"])

    def unwrite(self, about: str, since: date) -> None:
        """Take back a row that does not count yet."""
        centre.drop_limit(*split(about), since)

    def said(self, field: str, value: Any) -> str:
        """Say a fact."""
        return gettext(UNITS[Unit(value)]) if field == "unit" and value in set(Unit) else plain(value)


def split(about: str) -> tuple[str, str, str]:
    """Return class, step and kind of a limit's name."""
    sla, clock, category, *_more = (*about.split("/"), "", "", "")
    return sla, clock, category


def _in_force(on: date) -> dict[str, TimeLimit]:
    found = TimeLimit.objects.filter(effective_from__lte=on).order_by("sla", "clock", "category", "effective_from")
    return {_about(row): row for row in found}


def _about(row: TimeLimit) -> str:
    return "/".join(part for part in (row.sla, row.clock, row.category) if part)


def _kind(category: str) -> str:
    row = reference.categories().get(category)
    return f"{category} {named(row)}" if row else gettext("All of the class")


def _measured(act: Act, sla: str, clock: str, category: str, span: Span) -> tuple[int, ...]:
    own = list(
        TimeLimit.objects.filter(sla=sla, clock=clock, effective_from__lte=act.at.date())
        .exclude(category="")
        .values_list("category", flat=True)
    )
    asked = {
        "seconds": span.seconds(people.calendar()), "measure": measure(span.unit), "in_danger": measure(span.unit, True), "clock": clock,
        "nil": limits.NIL, "sla": sla, "since": act.at - timedelta(days=PAST_DAYS), "category": category, "own": own,
    }  # fmt: skip
    with acting(machine_act("settings", act.at)), connection.cursor() as cursor:
        cursor.execute(MEASURED, asked)
        row: tuple[int, ...] = cursor.fetchone()
    return row


def _longer(act: Act, sla: str, most: Span) -> str:
    calendar = people.calendar()
    with acting(machine_act("settings", act.at)):
        asked = SideRequest.objects.filter(kind=RequestKind.EXTENSION, asked_at__gte=act.at - timedelta(days=PAST_DAYS), case__sla=sla)
        told = [each for each in asked.values_list("asked", flat=True) if "amount" in each and "unit" in each]
    over = sum(Span(int(each["amount"]), Unit(each["unit"])).seconds(calendar) > most.seconds(calendar) for each in told)
    return gettext("Of %(asked)s extensions asked for in the last %(days)s days, %(over)s would have been too long.") % {
        "asked": len(told), "days": PAST_DAYS, "over": over,
    }  # fmt: skip
