"""Tables to take away, as CSV that every spreadsheet reads as Unicode and in which nobody's words become a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: Any) -> Any:
    """Return a cell that a spreadsheet takes for text and not for a formula; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def as_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """Write rows; the mark at the beginning tells a spreadsheet that this is Unicode."""
    paper = io.StringIO()
    csv.writer(paper).writerows([harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + paper.getvalue().encode()


def taken_away(rows: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    """Answer with rows as a file of this name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)
