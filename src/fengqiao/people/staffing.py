"""Persons and their posts from one file, into a district that stands: read and checked first, by row and column, then written whole.

The file is the staff table of a district (``people.district``), alone: the same columns, the same cells, the same sentences.
"""

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from fengqiao.base.act import Act
from fengqiao.base.errors import Invalid
from fengqiao.base.words import _
from fengqiao.people import accounts, models, queries
from fengqiao.people.district.cells import Cells
from fengqiao.people.district.findings import Finding, grave
from fengqiao.people.district.plan import Plan, staff
from fengqiao.people.district.tables import CHINESE, COLUMNS, Tables, read_tables
from fengqiao.people.services import Post, appoint

MOST_ROWS = 1000
TOLD = ("name", "name_en", "phone", "email", "account", "language")
KINDS = (".csv", ".xlsx")


class NoTable(Invalid):
    """Neither of the two kinds of file."""

    message = _("Choose a table: CSV or a workbook (.xlsx).")


class NotSound(Invalid):
    """Something in the file is wrong, so nothing of it is written."""

    message = _("The file has {count} mistakes, so nothing was written. Mend them and choose it again.")


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the file: what is new about them, and which posts they are to hold."""

    username: str
    told: accounts.Told
    known: UUID | None
    changed: tuple[str, ...]
    posts: tuple[Post, ...]
    standing: int


@dataclass(slots=True)
class Staffing:
    """What a file would do, and what is wrong with it."""

    persons: list[Someone] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Tell whether it can be written."""
        return not grave(self.findings)

    @property
    def idle(self) -> bool:
        """Tell whether everything stands already."""
        return not any(one.known is None or one.changed or one.posts for one in self.persons)


def read(act: Act, name: str, content: bytes) -> Staffing:
    """Read and check a file; nothing is written."""
    suffix = Path(name).suffix.lower()
    if suffix not in KINDS:
        raise NoTable
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"staff{suffix}"
        file.write_bytes(content)
        tables = read_tables(file)
    return _checked(act, tables, name)


def _checked(act: Act, tables: Tables, name: str) -> Staffing:
    plan = Plan(findings=tables.findings, areas={code: {} for code in _areas()})
    plan.organisations = {row.code: {"area": row.area, "id": row.id} for row in queries.organisations()}
    rows = tables.rows.get("staff", [])
    if not rows and not grave(tables.findings):
        plan.findings.append(Finding(name, 0, "", _("holds no person.")))
    if len(rows) > MOST_ROWS:
        plan.findings.append(Finding(name, MOST_ROWS, "", _("at most {most} rows at once; split the file."), {"most": MOST_ROWS}))
        rows = []
    staff(plan, rows)
    found = Staffing(findings=plan.findings)
    held = _held(plan)
    for key, told in plan.persons.items():
        person = held.get(key)
        if person is not None and str(person.pk) == act.actor.person:
            Cells(told["row"], plan.findings).wrong("username", accounts.NotOneself.message)
        found.persons.append(_someone(plan, key, told, person))
    found.findings = [replace(one, file=name) for one in plan.findings]
    return found


def _areas() -> Iterator[str]:
    return iter(models.Area.objects.filter(retired=False).values_list("code", flat=True))


def _held(plan: Plan) -> dict[str, models.Person]:
    rows = models.Person.objects.select_related("contact").prefetch_related("appointments")
    return {row.username.lower(): row for row in rows if row.username.lower() in plan.persons}


def _someone(plan: Plan, key: str, said: dict[str, Any], person: models.Person | None) -> Someone:
    contact = getattr(person, "contact", None)
    now: dict[str, str] = {name: getattr(person, name, "") for name in ("name", "name_en", "language")}
    now |= {name: getattr(contact, name, "") for name in ("phone", "email", "account")}
    # A column that the file does not have says nothing; an empty cell of one that it has says that there is none.
    told = accounts.Told(**{name: said[name] if person is None or name in said["row"].cells else now[name] for name in TOLD})
    changed = tuple(name for name in TOLD if person is not None and now[name] != getattr(told, name))
    posts, standing = [], 0
    for one in plan.appointments:
        if one["username"] != key:
            continue
        post = Post(one["post"], plan.organisations[one["organisation"]]["id"], one["area"], one["since"], one["until"], one["temporary"])
        met = _meets(person, post)
        if met is None:
            posts.append(post)
        elif (met.since, met.until) == (post.since, post.until):
            standing += 1
        else:
            sentence = _("this post is held here already from {since} to {until}; end it first, or leave the row out.")
            Cells(one["row"], plan.findings).wrong("since", sentence, since=met.since, until=met.until or "–")
    return Someone(said["username"], told, person.pk if person else None, changed, tuple(posts), standing)


def _meets(person: models.Person | None, post: Post) -> models.Appointment | None:
    far = date.max
    for held in person.appointments.all() if person is not None else ():
        same = (held.post, str(held.organisation_id), held.area_id) == (post.post, str(post.organisation), post.area)
        if same and post.since < (held.until or far) and held.since < (post.until or far):
            return held
    return None


@transaction.atomic
def write(act: Act, staffing: Staffing) -> list[tuple[UUID, Someone]]:
    """Write everything or nothing; returns each person with their id. New accounts have no password yet."""
    if not staffing.sound:
        raise NotSound(count=len(grave(staffing.findings)))
    written = []
    for one in staffing.persons:
        if one.known is None:
            id = accounts.add_person(act, one.username, one.told).pk
        else:
            id = one.known
            if one.changed:
                accounts.change_person(act, id, one.told)
        for post in one.posts:
            appoint(act, id, post)
        written.append((id, one))
    return written


def empty_table() -> str:
    """Return the heading of the table, in Chinese, to be filled in."""
    titles = {name: word for word, name in reversed(CHINESE.items())}
    paper = io.StringIO()
    csv.writer(paper).writerow(titles.get(column.rstrip("*"), column.rstrip("*")) for column in COLUMNS["staff"])
    return paper.getvalue()
