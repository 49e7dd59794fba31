"""What people look up at a desk: their views, and the standard texts that fit a case."""

import string
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from fengqiao.across.desk.models import StandardText, View
from fengqiao.base.act import Actor
from fengqiao.cases import views as cases
from fengqiao.cases.models import Case
from fengqiao.people import queries as people

HOLES = ("number", "title", "place", "lead", "due", "category", "today", "office")
"""What a standard text may leave open; everything in braces beside these is text."""


def views_of(actor: Actor) -> list[View]:
    """Return the views a person has kept."""
    return list(View.objects.filter(person=actor.person)) if actor.person else []


def texts() -> list[StandardText]:
    """Return every standard text, for whoever writes them."""
    return list(StandardText.objects.all())


def fitting(category: str, state: str, move: str) -> list[StandardText]:
    """Return the texts in use for a kind of matter, a state and a move; the closest first."""
    starts = [category[:length] for length in range(len(category) + 1)]
    found = StandardText.objects.filter(Q(move="") | Q(move=move), Q(state="") | Q(state=state), active=True, category__in=starts)
    return sorted(found, key=lambda row: (-len(row.category), not row.move, row.title))


def filled(row: StandardText, facts: Mapping[str, str], tongue: str) -> dict[str, Any]:
    """Return a text in a language with its holes filled; a hole the case says nothing for stays for a person to fill."""
    english = tongue.startswith("en")
    text = (english and row.text_en) or row.text
    return {
        "id": row.id,
        "title": (english and row.title_en) or row.title,
        "text": _fill(text, facts),
        "holes": [name for name in holes(text) if not facts.get(name)],
    }


def holes(text: str) -> list[str]:
    """Return the holes of a text, each once."""
    try:
        named = [name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name in HOLES]
    except ValueError:
        return []
    return list(dict.fromkeys(name for name in named if name))


def _fill(text: str, facts: Mapping[str, str]) -> str:
    for name in holes(text):
        if facts.get(name):
            text = text.replace("{" + name + "}", facts[name])
    return text


def facts_of(actor: Actor, case: Case, at: Any) -> dict[str, str]:
    """Return what a text may say of a case, in the reader's language."""
    row = cases.row(actor, case, at, opened=True)
    zone = people.zone()

    def day(moment: Any) -> str:
        return date_format(timezone.localtime(moment, zone), "n月j日 H:i" if cases.language().startswith("zh") else "j N H:i")

    return {
        "number": case.number, "title": row["title"], "place": row["address"] or row["area_title"],
        "lead": row["lead"]["name"] if row["lead"] else "", "due": day(case.due_at) if case.due_at else "",
        "category": row["category_title"], "today": day(at),
        "office": people.organisation(UUID(actor.org)).called(cases.language()) if actor.org else "",
    }  # fmt: skip


def filled_for(actor: Actor, case: Case, at: Any, move: str) -> list[dict[str, Any]]:
    """Return the texts that fit a case and a move, filled."""
    facts = facts_of(actor, case, at)
    return [filled(row, facts, cases.language()) for row in fitting(case.category, case.state, move)]


def listed(actor: Actor, found: Sequence[Case], at: Any) -> Iterable[dict[str, Any]]:
    """Return the lines of a list to take away: what the list on the screen shows, and no more."""
    return cases.rows(actor, list(found), at)
