"""A set of rules as a table one can edit in any spreadsheet, and how it comes to count."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction

from fengqiao.across.intake import policies
from fengqiao.across.intake.models import RoutingRule
from fengqiao.across.intake.tables import NO_KIND, NO_NUMBER, BadCell
from fengqiao.audit import services as audit
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError, Invalid
from fengqiao.base.words import Words, _
from fengqiao.cases import reference as categories
from fengqiao.loop.terms import Level
from fengqiao.people import queries as people
from fengqiao.people import services as people_services
from fengqiao.people.terms import DESKS, DeskScheme

COLUMNS = (
    "position", "category", "area", "weekdays", "from_time", "until_time", "words", "level", "field", "organisation", "desk",
    "becomes", "note", "note_en",
)  # fmt: skip
LEVELS = (Level.VILLAGE, Level.TOWN, Level.DISTRICT, Level.CITY)
MOST = 500


class NoRules(Invalid):
    """An empty table would leave everything to nobody."""

    message = _("The table has no rules. A district needs at least one.")


class TooEarly(Invalid):
    """What was proposed in the past stays explained by the rules of that day."""

    message = _("Rules count from today at the earliest.")


NO_COLUMN = _("there is no such column; the columns are {columns}")
NO_AREA = _("there is no area “{value}”")
NO_CHOICE = _("choose one of {choices}")
NO_ORGANISATION = _("there is no organisation with the code “{value}”")
NO_DAYS = _("write digits from 1 (Monday) to 7")
NO_TIME = _("write a time like 22:00, in both columns or in neither")


def as_table(rules: Iterable[RoutingRule]) -> str:
    """Write a set as CSV."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for rule in rules:
        table.writerow(_cell(rule, name) for name in COLUMNS)
    return out.getvalue()


def _cell(rule: RoutingRule, name: str) -> str:
    value = getattr(rule, name)
    if name == "organisation":
        return people.organisation(value).code if value else ""
    if name in ("from_time", "until_time"):
        return value.strftime("%H:%M") if value else ""
    return str(value)


def from_table(text: str, since: date) -> list[RoutingRule]:
    """Read a set from CSV; the first thing that is wrong is named by row and column."""
    table = csv.DictReader(io.StringIO(text.strip().lstrip("\ufeff")))
    strange = next((name for name in table.fieldnames or () if name not in COLUMNS), None)
    if strange is not None:
        raise BadCell(row=1, column=strange, why=NO_COLUMN, columns=", ".join(COLUMNS))
    found = [_rule(place, row, since) for place, row in enumerate(table, 2)]
    if not 1 <= len(found) <= MOST:
        raise NoRules
    return sorted(found, key=lambda rule: rule.position)


def _rule(place: int, row: Mapping[str, str], since: date) -> RoutingRule:
    cells = Row(place, {name: (row.get(name) or "").strip() for name in COLUMNS})
    cells.check()
    plain = {name: cells.said[name] for name in COLUMNS if name not in ("position", "organisation", "from_time", "until_time")}
    return RoutingRule(
        **plain, position=int(cells.said["position"]), organisation=cells.organisation(), from_time=cells.time("from_time"),
        until_time=cells.time("until_time"), effective_from=since,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table."""

    place: int
    said: Mapping[str, str]

    def wrong(self, column: str, why: Words, *, choices: str = "") -> BadCell:
        """Return the sentence that names row and column."""
        return BadCell(row=self.place, column=column, why=why, value=self.said[column], choices=choices)

    def check(self) -> None:
        """Refuse what no rule can hold."""
        if not self.said["position"].isdecimal():
            raise self.wrong("position", NO_NUMBER)
        if self.said["area"] and people.area(self.said["area"]) is None:
            raise self.wrong("area", NO_AREA)
        for column in ("category", "becomes"):
            if self.said[column] and self.said[column] not in categories.categories():
                raise self.wrong(column, NO_KIND)
        if self.said["level"] not in LEVELS:
            raise self.wrong("level", NO_CHOICE, choices=", ".join(LEVELS))
        if set(self.said["weekdays"]) - set("1234567"):
            raise self.wrong("weekdays", NO_DAYS)
        desks = sorted({desk for scheme in DeskScheme for desk, *_names in DESKS[scheme]})
        if self.said["desk"] and self.said["desk"] not in desks:
            raise self.wrong("desk", NO_CHOICE, choices=", ".join(desks))

    def organisation(self) -> str | None:
        """Return the organisation that is named by its code."""
        code = self.said["organisation"]
        if not code:
            return None
        try:
            return people.organisation_by_code(code).id
        except FengqiaoError:
            raise self.wrong("organisation", NO_ORGANISATION) from None

    def time(self, column: str) -> time | None:
        """Return an edge of the window; a window has both or none."""
        if not self.said["from_time"] and not self.said["until_time"]:
            return None
        try:
            return time.fromisoformat(self.said[column])
        except ValueError:
            raise self.wrong(column, NO_TIME) from None


def set_rules(act: Act, rules: Sequence[RoutingRule], *, since: date) -> int:
    """Let a set of rules count from a day on; a set that was to count from the same day gives way."""
    policies.check_rules(act.actor)
    if since < act.at.astimezone(people.zone()).date():
        raise TooEarly(fields={"since": str(TooEarly.message)})
    if not rules:
        raise NoRules
    with transaction.atomic():
        RoutingRule.objects.filter(effective_from=since).delete()
        made = RoutingRule.objects.bulk_create(rules)
        audit.note_deed(act, "rules_set", since.isoformat(), count=len(made))
        people_services.bump("intake")
    return len(made)
