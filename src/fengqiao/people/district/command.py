"""`fengqiao district`: check the files of a district, then set it up."""

import argparse
import csv
import os
import secrets
import sys
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext

from fengqiao.base.clock import now
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.words import Words, _
from fengqiao.people import models
from fengqiao.people.district.findings import grave
from fengqiao.people.district.plan import Plan, read, read_calendar
from fengqiao.people.district.templates import write_templates
from fengqiao.people.district.writing import write, write_calendar

SHOWN = 200
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"

EPILOG = """The folder (or workbook) holds the tables district, areas, organisations, staff, calendar, hours and outlines as
GeoJSON. docs/how-to/set-up-a-district.md explains every column. --template writes files to begin with."""


def main(arguments: list[str]) -> int:
    """Check or write a district; returns 1 when the files have mistakes."""
    asked = _parser().parse_args(arguments)
    if asked.template:
        return _template(Path(asked.template))
    if not asked.path:
        _parser().error("give the folder or file of a district, or --template DIR")
    defaults = {
        "code": asked.code, "name": asked.name, "name_en": asked.name if asked.name.isascii() else "", "zone": asked.zone,
        "system": asked.system, "code_property": asked.code_property, "name_property": asked.name_property, "level": asked.level,
        "overlaps": "yes" if asked.allow_overlaps else "",
    }  # fmt: skip
    plan = read_calendar(Path(asked.path)) if asked.calendar else read(Path(asked.path), defaults)
    _report(plan)
    if not plan.sound:
        return 1
    if asked.check:
        return 0
    try:
        counts = write_calendar(plan) if asked.calendar else write(plan, now())
    except FengqiaoError as error:
        _say(error.say(gettext))
        return 1
    for name, count in counts.items():
        sys.stdout.write(f"{count:>8} {name}\n")
    if asked.passwords:
        _passwords(plan, Path(asked.passwords))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fengqiao district", description="Set up a district from files.", epilog=EPILOG)
    parser.add_argument("path", nargs="?", help="folder, workbook or GeoJSON file")
    parser.add_argument("--check", action="store_true", help="only check; write nothing")
    parser.add_argument("--calendar", action="store_true", help="bring only calendar and hours up to date")
    parser.add_argument("--template", metavar="DIR", help="write template files into a folder")
    parser.add_argument("--passwords", metavar="FILE", help="give every account without a password a first one and write them to FILE")
    parser.add_argument("--allow-overlaps", action="store_true", help="areas may overlap; a point in two belongs to the lower code")
    lone = parser.add_argument_group("outlines without tables", "a GeoJSON file alone can be a district")
    lone.add_argument("--code", default="", help="code of the district, six digits")
    lone.add_argument("--name", default="", help="name of the district")
    lone.add_argument("--zone", default="", help="time zone, such as America/Los_Angeles")
    lone.add_argument("--system", default="", help="WGS84 (default), CGCS2000, GCJ02 or BD09")
    lone.add_argument("--code-property", default="", help="property of a feature that tells areas apart")
    lone.add_argument("--name-property", default="", help="property of a feature that holds its name")
    lone.add_argument("--level", default="", choices=("", "town", "village", "grid"), help="what a feature is (default town)")
    return parser


def _report(plan: Plan) -> None:
    for serious in (True, False):
        found = [finding for finding in plan.findings if finding.grave == serious]
        for finding in found[:SHOWN]:
            _say(("! " if serious else "  ") + finding.say(gettext))
        if len(found) > SHOWN:
            _say(_("... and {count} more.").say(gettext, {"count": len(found) - SHOWN}))
    mistakes = len(grave(plan.findings))
    verdict: Words = _("{count} mistakes. Nothing was written.") if mistakes else _("No mistakes.")
    _say(verdict.say(gettext, {"count": mistakes}))


def _template(folder: Path) -> int:
    try:
        for file in write_templates(folder):
            sys.stdout.write(f"{file}\n")
    except FileExistsError as error:
        _say(_("{file} stands there already; choose an empty folder.").say(gettext, {"file": error.args[0]}))
        return 1
    return 0


def _passwords(plan: Plan, file: Path) -> None:
    """Write first passwords where only the operator can read them; they are not kept anywhere else."""
    # The file comes first and must be new: a password that was set but never written down locks its owner out.
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8-sig", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow(("username", "name", "password"))
        for person in models.Person.objects.filter(password__startswith="!"):
            if person.username.lower() in plan.persons:
                first = "-".join("".join(secrets.choice(ALPHABET) for _letter in range(4)) for _group in range(3))
                models.Person.objects.filter(pk=person.pk).update(password=make_password(first))
                lines.writerow((person.username, person.name, first))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
