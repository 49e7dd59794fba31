"""What people do at a desk: keep views, write standard texts, make one move for many cases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from fengqiao.access.acting import acting
from fengqiao.across.desk import policies
from fengqiao.across.desk.models import StandardText, View
from fengqiao.across.desk.queries import views_of
from fengqiao.across.desk.schemas import RowIn, TextIn
from fengqiao.audit import services as audit
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError, Invalid, NotAllowed, NotFound
from fengqiao.base.ids import derived_id, new_id
from fengqiao.base.words import _
from fengqiao.cases import claims
from fengqiao.cases import services as cases
from fengqiao.cases.claims import UnknownCase
from fengqiao.cases.models import Case
from fengqiao.cases.schemas import Asked
from fengqiao.loop.alphabet import EVERY_MOVE

Asking = Callable[[str], Asked | None]
"""What a move asks of a kind of case, parsed by the door."""

MOST_VIEWS = 50
TOGETHER = ("accept", "assign", "triage", "sign", "note", "close")
"""What may be done to several cases at once: steps in which the same words are honest for all of them."""


class NotAPerson(NotAllowed):
    """A program has no views."""

    message = _("Only a person keeps views.")


class TooManyViews(Invalid):
    """Nobody finds their way in more."""

    message = _("You keep {most} views already. Drop one you no longer use.")


class NoSuchView(NotFound):
    """The view is not this person's."""

    message = _("There is no such view among yours.")


class NoSuchText(NotFound):
    """There is no such standard text."""

    message = _("There is no such standard text.")


class OneByOne(NotAllowed):
    """The move asks something of each case alone."""

    message = _("“{move}” asks something of each case alone, so it is made one by one.")


def keep_view(act: Act, name: str, asked: Mapping[str, str]) -> View:
    """Keep a view under a name; the same name again is the same view, changed."""
    if not act.actor.person:
        raise NotAPerson
    name = name.strip()
    kept = views_of(act.actor)
    if len(kept) >= MOST_VIEWS and name not in {view.name for view in kept}:
        raise TooManyViews(most=MOST_VIEWS)
    found, _new = View.objects.update_or_create(
        person=act.actor.person, name=name, defaults={"asked": dict(asked), "kept_at": act.at}, create_defaults={
            "id": new_id(), "asked": dict(asked), "kept_at": act.at,
        },
    )  # fmt: skip
    return found


def drop_view(act: Act, view_id: UUID) -> None:
    """Let go of a view of one's own."""
    if view_id not in {view.id for view in views_of(act.actor)}:
        raise NoSuchView
    View.objects.filter(id=view_id).delete()


@transaction.atomic
def write_text(act: Act, asked: TextIn, text_id: UUID | None = None, *, made: bool = False) -> StandardText:
    """Write a standard text, or change one; with `made` the id is that of a new one. What it said before stays in the witness."""
    if not policies.may_write_texts(act.actor):
        raise policies.NoTexts
    said = asked.dict()
    if text_id is None or made:
        row = StandardText(id=text_id or new_id())
    else:
        found = StandardText.objects.select_for_update().filter(id=text_id).first()
        if found is None:
            raise NoSuchText
        row = found
    before = row.text
    for name, value in said.items():
        setattr(row, name, value)
    row.written_by, row.written_at = act.actor.id, act.at
    row.save()
    audit.note_deed(act, "standard text", str(row.id), before=before, after=row.text)
    return row


def move_many(act: Act, move: str, asking: Asking, rows: Sequence[RowIn]) -> list[dict[str, Any]]:
    """Make one move for several cases, each by the door for single moves: its own transaction, key and answer."""
    if move not in TOGETHER:
        raise OneByOne(move=gettext(EVERY_MOVE[move].done) if move in EVERY_MOVE else move)
    return [_one(act, move, asking, row) for row in rows]


def _one(act: Act, move: str, asking: Asking, row: RowIn) -> dict[str, Any]:
    mine = replace(act, id=derived_id(act.actor.id, row.key), key=row.key)
    try:
        version = _moved(mine, move, asking, row).version
    except FengqiaoError as error:
        # Others of the same call are cases of their own: one that is refused keeps none of them back.
        return {"id": row.id, "done": False, "version": None, "message": _sentence(error), "code": error.code}
    return {"id": row.id, "done": True, "version": version, "message": "", "code": ""}


def _moved(act: Act, move: str, asking: Asking, row: RowIn) -> Case:
    try:
        with acting(act):
            return cases.dispatch(act, row.id, move, asking(cases.kind_of(row.id)), version=row.version)
    except UnknownCase:
        # Whoever hands a case on may no longer see it; that it was done is still theirs to know.
        with acting(act):
            done = claims.done_before(act, row.id)
        if done is None:
            raise
        return done


def _sentence(error: FengqiaoError) -> str:
    said = [str(sentence) for sentence in (getattr(error, "fields", None) or {}).values()]
    return "；".join(said) or error.say(gettext)
