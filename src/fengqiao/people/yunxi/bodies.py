"""The organisations of Yunxi and the posts that each has to fill."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fengqiao.base.ids import derived_id
from fengqiao.people.models import Area, Organisation
from fengqiao.people.terms import DESKS, DeskScheme, Kind, Level
from fengqiao.people.yunxi.land import DISTRICT


@dataclass(frozen=True, slots=True)
class Body:
    """One kind of organisation: its code, names, what it is, and the posts it fills."""

    code: str
    name: str
    name_en: str
    kind: str
    posts: tuple[str, ...]
    field: str = ""
    desk: str = ""
    presence: str = ""


VILLAGE_POSTS = ("village_clerk", "grid_leader")

Filled = tuple[Organisation, tuple[str, ...]]


@cache
def bodies(where: str) -> tuple[Body, ...]:
    """Return the bodies of the district, or those that every town has, from the table beside this file."""
    table = (files(__package__) / "bodies.csv").read_text(encoding="utf-8")
    return tuple(
        Body(row["code"], row["name"], row["name_en"], row["kind"], _posts(row["posts"]), row["field"], row["desk"], row["presence"])
        for row in csv.DictReader(table.splitlines())
        if row["where"] == where
    )


def _posts(text: str) -> tuple[str, ...]:
    posts: list[str] = []
    for word in text.split():
        post, _star, count = word.partition("*")
        posts += [post] * int(count or 1)
    return tuple(posts)


def filled(areas: Sequence[Area]) -> list[Filled]:
    """Return every organisation with the posts it has to fill, the district's own first."""
    district = next(area for area in areas if area.code == DISTRICT)
    towns = [area for area in areas if area.level == Level.TOWN]
    found: list[Filled] = []
    for body in bodies("district"):
        parent = found[0][0] if body.kind == Kind.SUB_CENTRE else None
        found.append((_made(body, district, parent), body.posts))
    for town in towns:
        found += _in_town(town)
    for village in areas:
        if village.level == Level.VILLAGE:
            found.append((_committee(village), VILLAGE_POSTS))
    return found


def served(towns: Sequence[Area]) -> list[tuple[str, list[Area]]]:
    """Return which towns each sub-centre serves: four each, from east to west."""
    sub_centres = [body.code for body in bodies("district") if body.kind == Kind.SUB_CENTRE]
    by_place = sorted(towns, key=lambda town: -(town.lon or 0))
    return [(code, by_place[4 * i : 4 * i + 4]) for i, code in enumerate(sub_centres)]


def organisation_id(area: str, code: str = "") -> str:
    """Return the id an organisation of the invented district always has."""
    return str(derived_id("organisation", f"{area}-{code}" if code else area))


def _in_town(town: Area) -> Iterator[Filled]:
    first, *others = bodies("town")
    office = _made(first, town, None)
    yield office, first.posts
    for body in others:
        yield _made(body, town, office), body.posts
    for desk, name, name_en in DESKS[DeskScheme.V2021]:
        body = Body(f"desk-{desk}", name, name_en, Kind.DESK, ("station_handler",) * 2, "desk", desk)
        yield _made(body, town, office), body.posts


def _made(body: Body, area: Area, parent: Organisation | None) -> Organisation:
    code = f"{area.code}-{body.code}"
    return Organisation(
        id=organisation_id(area.code, body.code), code=code, name=area.name + body.name, name_en=f"{_short(area)} {body.name_en}",
        kind=body.kind, area=area, parent=parent, desk=body.desk, field=body.field, presence=body.presence,
        phone=_phone(code),
    )  # fmt: skip


def _committee(village: Area) -> Organisation:
    community = village.name.endswith("社区")
    name, name_en = ("居民委员会", "Residents' Committee") if community else ("村民委员会", "Villagers' Committee")
    return Organisation(
        id=organisation_id(village.code), code=village.code, name=village.name + name,
        name_en=f"{_short(village)} {name_en}", kind=Kind.VILLAGE_COMMITTEE.value, area=village,
        parent_id=organisation_id(village.parent_id or "", "office"), field="village", phone=_phone(village.code),
    )  # fmt: skip


def _short(area: Area) -> str:
    return area.name_en.split()[0]


def _phone(code: str) -> str:
    # No area of the country dials 000; nobody is called by mistake.
    return f"000-{derived_id('phone', code).int % 10**8:08}"
