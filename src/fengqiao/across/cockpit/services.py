"""Baselines come in from files: all rows of a file or none, each wrong cell named by its row."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from django.db import transaction

from fengqiao.across.cockpit.models import Baseline
from fengqiao.across.intake.tables import BadCell
from fengqiao.audit.services import note_deed
from fengqiao.base.act import Act
from fengqiao.base.errors import Invalid, NotAllowed
from fengqiao.base.words import Words, _
from fengqiao.cases import registry
from fengqiao.cases.figures import HAPPENED
from fengqiao.people import queries as people

COLUMNS = ("name", "figure", "area", "first_day", "last_day", "count", "whole", "source")
NEEDED = ("name", "figure", "first_day", "last_day", "count", "source")
MOST_ROWS = 2000
LENGTHS = {"name": 80, "source": 200}


class NoTable(Invalid):
    """The file cannot be read as a table with the columns asked for."""

    message = _("The file needs a first line with these columns: {columns}. Save it as CSV (UTF-8).")


class TooManyRows(Invalid):
    """The file is longer than a baseline can be."""

    message = _("A file may have up to {most} rows.")


class NotYoursToImport(NotAllowed):
    """The post may not import."""

    message = _("Your post does not import figures. Ask the data steward.")


NO_DAY = _("this is not a day; write it as 2026-11-25")
NO_COUNT = _("this is not a whole number from 0 on")
NO_FIGURE = _("there is no figure of this name")
NO_AREA = _("there is no area with this code")
MISSING = _("this must be filled in")
TOO_LONG = _("this is too long")
BEFORE = _("the period ends before it begins")
SMALLER = _("the whole is smaller than its part")
NO_WHOLE = _("a share needs its whole")
A_WHOLE = _("a count has no whole")
TWICE = _("this figure stands twice in the file")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: how many figures it brought, or everything that is wrong with it."""

    figures: int = 0
    wrong: tuple[BadCell, ...] = ()


def may_import(act: Act) -> bool:
    """Tell whether the post may bring in baselines."""
    return act.actor.may("import:run") and act.actor.may("cockpit:see")


def import_baselines(act: Act, text: str) -> Taken:
    """Take a file of baselines in; a baseline that is there already is replaced whole. One wrong cell, and nothing changes."""
    if not may_import(act):
        raise NotYoursToImport
    rows = _rows_of(text)
    wrong: list[BadCell] = []
    found: dict[tuple[str, str, str], Baseline] = {}
    for number, row in enumerate(rows, start=2):
        faults = _faults(number, row)
        key = (row["name"], row["figure"], row["area"])
        if key in found:
            faults.append(BadCell(row=number, column="figure", why=TWICE))
        wrong += faults
        if not faults:
            found[key] = _baseline(act, row)
    if wrong or not found:
        return Taken(wrong=tuple(wrong))
    with transaction.atomic():
        names = sorted({name for name, _figure, _area in found})
        Baseline.objects.filter(name__in=names).delete()
        Baseline.objects.bulk_create(found.values())
        note_deed(act, "baselines_imported", ", ".join(names)[:80], figures=len(found))
    return Taken(figures=len(found))


def drop_baseline(act: Act, name: str) -> int:
    """Take an imported baseline away; returns of how many figures it was."""
    if not may_import(act):
        raise NotYoursToImport
    with transaction.atomic():
        dropped, _kinds = Baseline.objects.filter(name=name).delete()
        if dropped:
            note_deed(act, "baseline_dropped", name[:80], figures=dropped)
    return dropped


def _rows_of(text: str) -> list[dict[str, str]]:
    try:
        table = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
        names = [(name or "").strip().lower() for name in table.fieldnames or ()]
        if not set(NEEDED) <= set(names):
            raise NoTable(columns=", ".join(COLUMNS))
        table.fieldnames = names
        rows = [{column: str(row.get(column) or "").strip() for column in COLUMNS} for row in table]
    except csv.Error:
        raise NoTable(columns=", ".join(COLUMNS)) from None
    if len(rows) > MOST_ROWS:
        raise TooManyRows(most=MOST_ROWS)
    return [row for row in rows if any(row.values())]


def _faults(number: int, row: Mapping[str, str]) -> list[BadCell]:
    """Return everything that is wrong with a row."""

    def bad(column: str, why: Words) -> BadCell:
        return BadCell(row=number, column=column, why=why)

    found = [bad(column, MISSING) for column in NEEDED if not row[column]]
    found += [bad(column, TOO_LONG) for column, most in LENGTHS.items() if len(row[column]) > most]
    shares = {figure.key for figure in registry.figures()}
    if row["figure"] and row["figure"] not in HAPPENED and row["figure"] not in shares:
        found.append(bad("figure", NO_FIGURE))
    elif row["figure"]:
        if row["figure"] in shares and not row["whole"]:
            found.append(bad("whole", NO_WHOLE))
        if row["figure"] in HAPPENED and row["whole"]:
            found.append(bad("whole", A_WHOLE))
    if row["area"] and people.area(row["area"]) is None:
        found.append(bad("area", NO_AREA))
    days = [_day(row[column]) for column in ("first_day", "last_day")]
    found += [bad(column, NO_DAY) for column, day in zip(("first_day", "last_day"), days, strict=True) if row[column] and not day]
    if days[0] and days[1] and days[0] > days[1]:
        found.append(bad("last_day", BEFORE))
    counts = [_count(row[column]) for column in ("count", "whole")]
    found += [bad(column, NO_COUNT) for column, n in zip(("count", "whole"), counts, strict=True) if row[column] and n is None]
    if counts[0] is not None and counts[1] is not None and counts[0] > counts[1]:
        found.append(bad("whole", SMALLER))
    return found


def _baseline(act: Act, row: Mapping[str, str]) -> Baseline:
    return Baseline(
        name=row["name"], figure=row["figure"], area=row["area"], first_day=date.fromisoformat(row["first_day"]),
        last_day=date.fromisoformat(row["last_day"]), count=int(row["count"]), whole=_count(row["whole"]), source=row["source"],
        imported_at=act.at, imported_by=act.actor.person or act.actor.id,
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def known_figures() -> Sequence[str]:
    """Return the names a file may use: what is counted, and the indicators."""
    return (*HAPPENED, *(figure.key for figure in registry.figures()))
