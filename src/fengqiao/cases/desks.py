"""The four desks of a town (handbook B1): which cases are whose, and how the clocks of each stand.

A case belongs to the desk to which its lead organisation answers; before it is assigned, to the desk that routing proposed.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from fengqiao.base.act import Actor
from fengqiao.cases import queries, terms
from fengqiao.people import queries as people
from fengqiao.people.terms import DESKS


def counts(actor: Actor, box: str = "") -> list[dict[str, Any]]:
    """Return the desks of the scheme in force with how many open cases of a box each has, by the colour of the clock.

    Whoever works by order has no desks to look over: their list is their own organisation's.
    """
    if queries.works_by_order(actor) or not actor.ranges:
        return []
    found: dict[str, dict[str, int]] = {}
    answering = {row.id: row.desk for row in people.organisations() if row.desk}
    for lead, proposed, organisation, colour, count in _grouped(actor, box):
        desk = answering.get(lead, "") if lead else proposed or answering.get(organisation, "")
        by_colour = found.setdefault(desk, {})
        by_colour[colour] = by_colour.get(colour, 0) + count
    return [
        {"key": key, "name": name, "name_en": name_en, "colours": found.get(key, {}), "count": sum(found.get(key, {}).values())}
        for key, name, name_en in DESKS[people.desk_scheme()]
    ]


def _grouped(actor: Actor, box: str) -> list[tuple[str, str, str, str, int]]:
    where = queries.conditions(actor, queries.Filter(box=box))
    sql = (
        "SELECT coalesce(lead::text, ''), coalesce(suggestion->>'desk', ''), coalesce(suggestion->>'organisation', ''), "
        "CASE WHEN state = 'P' THEN 'paused' WHEN due_at IS NULL THEN 'none' ELSE (%s::text[])[rung + 1] END, count(*) "
        f"FROM cases WHERE {where.sql} AND NOT state = ANY(%s) GROUP BY 1, 2, 3, 4"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(terms.COLOURS), *where.values, list(queries.ENDED)])
        rows: list[tuple[str, str, str, str, int]] = cursor.fetchall()
        return rows


def titled(row: Mapping[str, Any], tongue: str) -> dict[str, Any]:
    """Return a desk under its name in the reader's language."""
    name = row["name_en"] if tongue.startswith("en") else row["name"]
    return {"key": row["key"], "title": name, "count": row["count"], "colours": row["colours"]}
