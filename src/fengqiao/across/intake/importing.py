"""``fengqiao import``: what comes in from files.

import calls FILE [--source hotline|police_call] [--map FIELD=COLUMN ...] [--frame wgs84|gcj02|bd09|cgcs2000] [--dry-run]
import messages FILE     citizens' messages of another place, into a throwaway district
"""

import argparse
import importlib
import importlib.util
import sys
from pathlib import Path

from django.utils.translation import gettext

from fengqiao.across.intake import calls
from fengqiao.across.intake.terms import Filed
from fengqiao.base.act import Channel
from fengqiao.base.clock import now
from fengqiao.base.words import _

TAKEN = _("{rows} rows: {opened} opened, {known} known before, {wrong} wrong")
TRIED = _("{rows} rows: {opened} would be opened, {known} known before, {wrong} wrong")
OTHERS = {"messages": "fengqiao.across.exchange.imports"}


def main(arguments: list[str]) -> int:
    """Choose what is imported."""
    what, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if what == "calls":
        return import_calls(rest)
    if what in OTHERS and importlib.util.find_spec(OTHERS[what]) is not None:
        result: int = importlib.import_module(OTHERS[what]).main(rest)
        return result
    sys.stderr.write(__doc__ or "")
    return 2


def import_calls(arguments: list[str]) -> int:
    """Take over a list of calls and say what became of it; wrong rows make the exit code 1."""
    parser = argparse.ArgumentParser(prog="fengqiao import calls")
    parser.add_argument("file", type=Path)
    parser.add_argument("--source", choices=[str(source) for source in calls.SOURCES], default=str(Channel.HOTLINE))
    parser.add_argument("--map", nargs="*", default=[], metavar="FIELD=COLUMN", help=f"fields: {', '.join(calls.NAMES)}")
    parser.add_argument("--frame", choices=["wgs84", "gcj02", "bd09", "cgcs2000"], default="wgs84", help="how the points were measured")
    parser.add_argument("--dry-run", action="store_true")
    given = parser.parse_args(arguments)
    rows = calls.rows_of(given.file)
    columns = calls.columns_of(rows, dict(pair.partition("=")[::2] for pair in given.map))
    taken = calls.take_over(rows, columns, given.source, now(), dry_run=given.dry_run, frame=given.frame)
    for outcome in taken.wrong:
        sys.stdout.write(f"{outcome.sentence}\n")
    counts = {
        "rows": len(taken.outcomes),
        "opened": taken.count(Filed.OPENED),
        "known": taken.count(Filed.KNOWN),
        "wrong": taken.count(Filed.WRONG),
    }
    sys.stdout.write(f"{(TRIED if given.dry_run else TAKEN).say(gettext, counts)}\n")
    return 1 if taken.wrong else 0
