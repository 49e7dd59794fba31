"""What a village's clerk looks up: what waits, one matter with what may be done, and the own day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from fengqiao.across.desk import queries as desk
from fengqiao.base.act import Act
from fengqiao.base.words import Words, _
from fengqiao.cases import figures, queries, views
from fengqiao.cases.models import CaseEvent
from fengqiao.cases.policies import Covered
from fengqiao.people import queries as people

WAITING = queries.Filter(kind="qr_suggest", state="RA")
QUARRELS = queries.Filter(kind="mediation", state="RAT")
OPEN = queries.Filter(state=figures.OPEN)
MOST = 50

# An act is named by the most telling of its moves; whoever adds up the lines has all acts of the day.
DONE: tuple[tuple[str, Words], ...] = (
    ("merge", _("Turned into a dispute")),
    ("feed_back", _("Answered or settled")),
    ("upgrade", _("Passed on to the town")),
    ("assign", _("Handed to a mediator")),
    ("note", _("Residents told why it takes longer")),
    ("report", _("Filed for somebody")),
)
OTHER = _("Other steps")


@dataclass(frozen=True, slots=True)
class Day:
    """The village's own day."""

    name: str
    waiting: list[dict[str, Any]]
    quarrels: list[dict[str, Any]]
    open: int
    late: int
    done: list[tuple[str, int]]
    acts: int


def day(act: Act) -> Day:
    """Return what waits in the village and what its clerk did today."""
    area = people.area(act.actor.ranges[0][0])
    done = _done(act)
    late = queries.counts_by(act.actor, OPEN, "rung")
    return Day(
        name=area.called(views.language()) if area else "",
        waiting=views.rows(act.actor, queries.page(act.actor, WAITING, limit=MOST), act.at),
        quarrels=views.rows(act.actor, queries.page(act.actor, QUARRELS, limit=MOST), act.at),
        open=sum(late.values()),
        late=sum(count for rung, count in late.items() if int(rung) >= 1),
        done=done,
        acts=sum(count for _title, count in done),
    )


def _done(act: Act) -> list[tuple[str, int]]:
    made: dict[UUID, set[str]] = {}
    for one, move in CaseEvent.objects.filter(actor=act.actor.id, at__gte=morning(act.at), at__lte=act.at).values_list("act_id", "move"):
        made.setdefault(one, set()).add(move)
    counted: dict[str, int] = {}
    for moves in made.values():
        title = next((title for move, title in DONE if move in moves), OTHER)
        counted[gettext(title)] = counted.get(gettext(title), 0) + 1
    return sorted(counted.items(), key=lambda line: -line[1])


def morning(at: datetime) -> datetime:
    """Return when the day of a moment began here."""
    local = at.astimezone(people.zone())
    return local - timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def looked_up(act: Act, q: str) -> list[dict[str, Any]]:
    """Return what is found in the village by words or number; nothing of any other."""
    return views.rows(act.actor, queries.page(act.actor, queries.Filter(q=q), limit=MOST), act.at) if q.strip() else []


def matter(act: Act, case_id: UUID) -> dict[str, Any]:
    """Return one matter as far as the clerk may read it, with what may be done with it now."""
    case = queries.current(case_id)
    try:
        told = views.detail(act, queries.read(act, case_id))
    except Covered:
        told = {**views.row(act.actor, case, act.at), "moves": views.moves(act, case), "covered": True}
    told["may"] = {move["name"] for move in told["moves"] if move["why_not"] is None}
    return told


def texts(act: Act, case_id: UUID) -> list[dict[str, Any]]:
    """Return the standard texts with which a matter may be answered."""
    return desk.filled_for(act.actor, queries.current(case_id), act.at, "feed_back")


def committees(act: Act) -> list[tuple[str, str]]:
    """Return the committees of the town, each with who is there now."""
    found = []
    for row in people.organisations(area=act.actor.ranges[0][0][:9], field="mediation"):
        there = [one.called(views.language()) for one in people.on_duty(row.id, "mediator", act.at)]
        name = row.called(views.language())
        found.append((str(row.id), gettext("{name} · there now: {people}").format(name=name, people="、".join(there)) if there else name))
    return found
