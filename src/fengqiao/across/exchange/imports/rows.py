"""Reading foreign tables: CSV, plain or gzip, every row with its number as a spreadsheet shows it."""

import csv
import gzip
from collections.abc import Iterator
from datetime import datetime, tzinfo
from itertools import islice
from pathlib import Path
from typing import TextIO, TypeVar

from pydantic import ValidationError

from fengqiao.base.errors import Invalid
from fengqiao.base.words import _
from fengqiao.cases.schemas import Asked
from fengqiao.kits.web.api import field_sentences

csv.field_size_limit(1_000_000)
A = TypeVar("A", bound=Asked)


class MissingColumns(Invalid):
    """The table is not what it was said to be."""

    message = _("The file lacks these columns: {columns}.")


class BadTime(Invalid):
    """A date and time that nobody can read."""

    message = _("“{text}” is no date and time.")


class Unusable(Invalid):
    """What the row says does not fit the form."""

    message = _("What this row says does not fit the form.")


def read(file: Path, needed: tuple[str, ...], limit: int = 0) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table; raises ``MissingColumns`` before the first."""
    with _opened(file) as lines:
        table = csv.DictReader(lines)
        missing = [column for column in needed if column not in (table.fieldnames or ())]
        if missing:
            raise MissingColumns(columns=", ".join(missing))
        for number, row in enumerate(islice(table, limit or None), start=2):
            yield number, {name: value or "" for name, value in row.items() if name}


def _opened(file: Path) -> TextIO:
    return gzip.open(file, "rt", encoding="utf-8-sig", newline="") if file.suffix == ".gz" else file.open(encoding="utf-8-sig", newline="")


def moment(text: str, forms: tuple[str, ...], zone: tzinfo) -> datetime:
    """Read a time of a place."""
    for form in forms:
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise BadTime(fields={"time": BadTime(text=text).say()})


def form(asks: type[A], **said: object) -> A:
    """Fill in a form; what does not fit gets its sentence."""
    try:
        return asks(**said)
    except ValidationError as error:
        raise Unusable(fields=field_sentences([dict(one) for one in error.errors()])) from None
