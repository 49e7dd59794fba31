"""The second wall's door: one transaction in which the database knows who is acting (decisions 18 and 21).

Settings are local to the transaction, because a setting of the session leaks to the next user of a pooled connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from fengqiao.access import catalogue
from fengqiao.base.act import Act, Actor
from fengqiao.base.errors import NotAllowed
from fengqiao.base.words import _
from fengqiao.people import reference
from fengqiao.people.statements import prepared

SLOTS = 4
GLASS = "glass:"
"""A grantee with this prefix is a sealed case opened for a short while by breaking the glass."""

_NAMES = (
    *(f"app.{edge}{slot}" for slot in range(1, SLOTS + 1) for edge in ("lo", "hi")),
    "app.grantees",
    "app.compartments",
    "app.opened",
    "app.org",
    "app.actor",
)
_EDITIONS = "(SELECT coalesce(jsonb_object_agg(name, number), '{}'::jsonb)::text FROM people_edition)"
_STATEMENT = f"SELECT {_EDITIONS}, " + ", ".join(f"set_config('{name}', %s, true)" for name in _NAMES)

_acting: ContextVar[Actor | None] = ContextVar("acting", default=None)


class TooManyAreas(NotAllowed):
    """The organisation of a post serves more areas that lie apart than the wall can be told of."""

    message = _(
        "Your organisation serves more than {most} areas that lie apart. Ask your administrator to split it or name one larger area."
    )


@contextmanager
def acting(act: Act) -> Iterator[dict[str, int]]:
    """Open a transaction that sees what the actor may see; yields the editions of the reference data."""
    before, nested = _acting.get(), connection.in_atomic_block
    with transaction.atomic():
        editions = _announce(act.actor)
        mark = _acting.set(act.actor)
        try:
            yield editions
        finally:
            _acting.reset(mark)
    if nested and before != act.actor:
        # A released savepoint keeps its settings, so the one we were called from gets its own back.
        _announce(before)


def acts_as() -> Actor | None:
    """Return who acts in this transaction, so that whoever is it already need not say so again."""
    return _acting.get()


def settings_of(actor: Actor | None) -> tuple[str, ...]:
    """Return what the database is told of an actor, in the order of the statement; of nobody it is told nothing."""
    if actor is None:
        return ("",) * len(_NAMES)
    if len(actor.ranges) > SLOTS:
        raise TooManyAreas(most=SLOTS)
    if any("," in name for name in (*actor.grantees, *actor.compartments)):
        raise ValueError("A grantee or compartment has no comma in its name.")
    edges = [edge for pair in actor.ranges for edge in pair]
    edges += [""] * (2 * SLOTS - len(edges))
    opened = [name.removeprefix(GLASS) for name in actor.grantees if name.startswith(GLASS)]
    organisation = actor.org if actor.speaks_for(actor.org) else ""
    return (*edges, ",".join(actor.grantees), ",".join(actor.compartments), ",".join(opened), organisation, actor.id)


def _announce(actor: Actor | None) -> dict[str, int]:
    (row,) = prepared(_STATEMENT, settings_of(actor))
    editions: dict[str, int] = catalogue.editions_from(row[0])
    reference.check(editions)
    return editions
