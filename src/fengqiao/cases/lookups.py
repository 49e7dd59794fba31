"""What forms choose from: organisations, areas, categories, persons; a few rows at a time, from memory."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from fengqiao.access.doors import refresh, signed_act_from
from fengqiao.base.errors import NotFound
from fengqiao.base.words import _
from fengqiao.cases import reference, views
from fengqiao.people import queries as people

MOST = 50
organisations = Router(tags=["lookups"])
areas = Router(tags=["lookups"])
categories = Router(tags=["lookups"])
persons = Router(tags=["lookups"])
MOUNTS: Mapping[str, Router] = {"/organisations": organisations, "/areas": areas, "/categories": categories, "/persons": persons}


class OutsideDistrict(NotFound):
    """The point lies in no area of this district."""

    message = _("This point is not in our district.")


class OrganisationOut(Schema):
    """A body that handles matters."""

    id: str
    name: str
    kind: str
    area: str
    area_title: str
    desk: str
    on_duty: list[str] = []


class AreaOut(Schema):
    """A piece of ground."""

    code: str
    name: str
    level: str
    parent: str
    lon: float | None
    lat: float | None
    parts: int


class PlaceOut(Schema):
    """Where a point lies."""

    code: str
    title: str
    grid: str
    village: str
    town: str


class CategoryOut(Schema):
    """A kind of matter, or a class of them."""

    code: str
    name: str
    parent: str
    sla: str
    confidentiality: int
    physical: bool
    spot_ok: bool


class PersonOut(Schema):
    """An officer."""

    id: str
    name: str
    post: str
    organisation: str


class Sought(Schema):
    """What is looked for."""

    q: str = Field("", max_length=60)
    kind: str = Field("", max_length=30)
    area: str = Field("", max_length=15)
    parent: str = Field("", max_length=15)
    org: UUID | None = None


@organisations.get("", response=list[OrganisationOut], summary="Organisations by name, kind or ground; the nearest ground first")
def list_organisations(request: HttpRequest, sought: Query[Sought]) -> list[dict[str, object]]:
    """Find organisations."""
    signed_act_from(request)
    words, language = sought.q.strip().casefold(), views.language()
    found = [
        row
        for row in people.organisations(kind=sought.kind or None)
        if (not words or words in row.name.casefold() or words in row.name_en.casefold())
        and (not sought.area or row.covers(sought.area) or row.area.startswith(sought.area))
    ]
    found.sort(key=lambda row: (-len(_shared(row.area, sought.area)), len(row.area), row.code))
    return [
        {
            "id": row.id, "name": row.called(language), "kind": row.kind, "area": row.area,
            "area_title": people.address(row.area, language), "desk": row.desk,
        }
        for row in found[:MOST]
    ]  # fmt: skip


def _shared(one: str, two: str) -> str:
    length = 0
    for a, b in zip(one, two, strict=False):
        if a != b:
            break
        length += 1
    return one[:length]


@areas.get("", response=list[AreaOut], summary="The parts of an area, or areas by name")
def list_areas(request: HttpRequest, sought: Query[Sought]) -> list[dict[str, object]]:
    """Find areas."""
    refresh()
    words, language = sought.q.strip().casefold(), views.language()
    if words:
        every = [row for row in people.areas().values() if words in row.name.casefold() or words in row.name_en.casefold()]
        rows = [row for row in every if row.code.startswith(sought.parent) and not row.retired][:MOST]
    else:
        rows = list(people.parts(sought.parent or people.district().area))
    return [
        {
            "code": row.code, "name": row.called(language) if not words else people.address(row.code, language), "level": row.level,
            "parent": row.parent, "lon": row.lon, "lat": row.lat, "parts": len(people.parts(row.code)),
        }
        for row in rows
    ]  # fmt: skip


@areas.get("/locate", response=PlaceOut, summary="The grid, village and town in which a point lies")
def locate(request: HttpRequest, lon: float = Query(..., ge=-180, le=180), lat: float = Query(..., ge=-90, le=90)) -> dict[str, str]:
    """Find the area of a point (WGS 84)."""
    refresh()
    place = people.locate(lon, lat)
    if place is None:
        raise OutsideDistrict
    code = place.grid or place.village or place.town
    return {
        "code": code, "title": people.address(code, views.language()), "grid": place.grid or "", "village": place.village or "",
        "town": place.town,
    }  # fmt: skip


@categories.get("", response=list[CategoryOut], summary="The tree of kinds of matter")
def list_categories(request: HttpRequest) -> list[dict[str, object]]:
    """Return the whole tree."""
    refresh()
    english = views.language().startswith("en")
    return [
        {
            "code": row.code, "name": row.name_en if english else row.name, "parent": row.parent_id or "", "sla": row.sla,
            "confidentiality": row.confidentiality, "physical": row.physical, "spot_ok": row.spot_ok,
        }
        for row in reference.choosable()
    ]  # fmt: skip


@persons.get("", response=list[PersonOut], summary="Officers by organisation or name")
def list_persons(request: HttpRequest, sought: Query[Sought]) -> list[dict[str, str]]:
    """Find officers; never residents."""
    signed_act_from(request)
    rows = people.persons(org=sought.org, q=sought.q)
    return [{"id": row.id, "name": row.called(views.language()), "post": row.post, "organisation": row.organisation} for row in rows[:MOST]]
