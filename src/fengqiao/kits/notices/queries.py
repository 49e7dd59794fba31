"""What was told: to a person, to whoever reported something, and what could not be sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from fengqiao.base.act import Act
from fengqiao.kits.notices import wording
from fengqiao.kits.notices.models import Delivery, Notice, Told
from fengqiao.kits.notices.services import NOBODY, NotYoursToSend

PAGE = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with its date."""

    at: datetime
    text: str


def of_person(act: Act, *, unread: bool = False, after: tuple[Any, ...] | None = None, limit: int = PAGE) -> list[Notice]:
    """Return a person's notices by keyset, newest first."""
    found = Notice.objects.filter(person_id=act.actor.person or NOBODY)
    if unread:
        found = found.filter(read_at=None)
    if after is not None:
        at = datetime.fromisoformat(after[0])
        found = found.filter(Q(at__lt=at) | Q(at=at, id__lt=UUID(after[1])))
    return list(found.order_by("-at", "-id")[:limit])


def unread(act: Act) -> int:
    """Return how many notices a person has not read."""
    return Notice.objects.filter(person_id=act.actor.person or NOBODY, read_at=None).count()


def text_of(notice: Notice) -> str:
    """Say a notice in the reader's language, with the reason why it came to them."""
    language = get_language() or "zh-hans"
    said = [wording.say(sentence, notice.facts, language, at=notice.at) for sentence in (notice.sentence, notice.because) if sentence]
    return ("" if language.startswith("zh") else " ").join(said)


def told(about: UUID) -> list[Line]:
    """Return what whoever reported this was told, newest first, in the reader's language; the caller asks who may see it."""
    language = get_language() or "zh-hans"
    found = Told.objects.filter(about=about).order_by("-at", "-id")
    return [Line(row.at, wording.say(row.sentence, row.facts, language, at=row.at)) for row in found]


def example(sentence: str, reporter: bool, since: datetime) -> Notice | Told | None:
    """Return the last message of this kind since a moment, to show on it what other words would say; the caller reads as the house."""
    rows = Told.objects.all() if reporter else Notice.objects.all()
    return rows.filter(sentence=sentence, at__gte=since).order_by("-at").first()


def given_up(act: Act, limit: int = 100) -> list[Delivery]:
    """Return what could not be sent, newest first."""
    if not act.actor.may("settings:edit"):
        raise NotYoursToSend
    return list(Delivery.objects.filter(status=Delivery.Status.DEAD).order_by("-made_at")[:limit])


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages: state, way, words of the number, name, reason or receipt, and since when."""

    status: str = ""
    channel: str = ""
    q: str = ""
    since: datetime | None = None


def deliveries(act: Act, wanted: Wanted) -> QuerySet[Delivery]:
    """Return messages on their way or gone, newest first, with how many went out within each (`folded_in`); read as the house."""
    if not act.actor.may("settings:edit"):
        raise NotYoursToSend
    # By a query beside each row: only the rows of a page are counted, and all of them at once.
    within = Delivery.objects.filter(within=OuterRef("id")).order_by().values("within").annotate(count=Count("id")).values("count")
    found = Delivery.objects.select_related("notice__person", "told").order_by("-made_at", "-id")
    found = found.annotate(folded_in=Coalesce(Subquery(within), 0))
    if wanted.status:
        found = found.filter(status=wanted.status)
    if wanted.channel:
        found = found.filter(channel=wanted.channel)
    if wanted.since is not None:
        found = found.filter(made_at__gte=wanted.since)
    q = wanted.q.strip()
    if q:
        named = Q(notice__person__name__icontains=q) | Q(notice__person__name_en__icontains=q) | Q(notice__person__username__icontains=q)
        number = Q(notice__facts__number__icontains=q, notice__quiet=False) | Q(told__facts__number__icontains=q, told__quiet=False)
        found = found.filter(named | number | Q(trouble__icontains=q) | Q(receipt=q))
    return found


def said_outside(delivery: Delivery, language: str) -> str:
    """Say a message as it leaves the house, in the reader's language."""
    what: Notice | Told | None = delivery.notice or delivery.told
    if what is None:
        return ""
    return wording.say_outside(what.sentence, what.facts, language, quiet=what.quiet, channel=delivery.channel, at=what.at)
