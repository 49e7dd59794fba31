"""How a map asks: for the ground, for the cases that lie in view, for the first rows of them, for its layers and five colours."""

import gzip
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import get_language, gettext
from ninja import Query, Router, Schema
from pydantic import Field

from fengqiao.access.acting import acting
from fengqiao.access.doors import signed_act_from
from fengqiao.across.cockpit.counting import Scope
from fengqiao.across.mapping import colours, ground, policies, queries
from fengqiao.across.mapping.models import Layer
from fengqiao.base.act import Act
from fengqiao.cases import registry, views
from fengqiao.cases.api import Wanted
from fengqiao.cases.figures import OPEN
from fengqiao.cases.outs import RowOut
from fengqiao.kits.web.answers import answer
from fengqiao.people import queries as people
from fengqiao.people.terms import Level

router = Router(tags=["map"])
MOUNT = "/map"
PACK_FROM = 20_000


class InView(Wanted):
    """The cases of a list that lie in a part of the map."""

    west: float = Field(..., ge=-180, le=180)
    south: float = Field(..., ge=-90, le=90)
    east: float = Field(..., ge=-180, le=180)
    north: float = Field(..., ge=-90, le=90)
    zoom: float = Field(queries.NEAR, ge=0, le=24)

    @property
    def bounds(self) -> queries.Box:
        return self.west, self.south, self.east, self.north


class SeenOut(Schema):
    """Cells with their cases counted, or single cases; what is confidential only by town; how many have no place."""

    clusters: list[list[str | float]] = Field(description="H3 cell, longitude, latitude, cases, worst rung of a clock")
    points: list[list[str | float]] = Field(description="case, longitude, latitude, rung of its clock, state")
    sealed: dict[str, int] = Field(description="confidential cases by town")
    nowhere: int = Field(description="cases without a place")
    more: bool = Field(description="there are more cases than can be drawn one by one")
    at: Any


class LayerOut(Schema):
    """A layer: what it draws, whose it is, where it comes from, how often it is read anew."""

    key: str
    title: str
    draws: str
    of: str
    owner: str
    source: str
    refresh: int
    opacity: int
    shown: bool


class MapOut(Schema):
    """What a map begins with."""

    extent: list[float] | None
    near: int
    layers: list[LayerOut]
    tiles: list[str] = Field(description="addresses of the licensed base map, if there is one")
    credit: str
    indicators: list[dict[str, str]]
    at: Any


class ColouredOut(Schema):
    """An area with an indicator: so many of so many, the interval at 95%, the colour; none if it cannot be assessed."""

    area: str
    name: str
    part: int
    whole: int
    low: float | None
    high: float | None
    colour: str


def _map_act(request: HttpRequest, permission: str = "desk:use") -> Act:
    act = signed_act_from(request)
    policies.check_map(act.actor, permission)
    return act


def _wanted(act: Act, asked: Wanted) -> Any:
    """Return what is looked for; a map that was not narrowed shows what is open."""
    if not (asked.box or asked.state or asked.q):
        asked = asked.model_copy(update={"state": OPEN})
    return asked.filter(act.at)


@router.get("", response=MapOut, summary="What a map begins with: extent, layers, base map")
def begin(request: HttpRequest) -> dict[str, Any]:
    """Return the layers this post may see, and where the district lies."""
    act = _map_act(request)
    english = (get_language() or "").startswith("en")
    with acting(act):
        own = act.actor.ranges[0][0] if len(act.actor.ranges) == 1 else ""
        box = ground.extent(own) or ground.extent()
        rows = queries.layers(act.actor, with_tiles=bool(settings.FENGQIAO_BASE_TILES))
    layers = [
        {
            "key": row.key, "title": row.title_en if english else row.title, "draws": row.draws, "of": row.of,
            "owner": row.owner_en if english else row.owner, "source": row.source_en if english else row.source,
            "refresh": row.refresh, "opacity": row.opacity, "shown": row.shown,
        }
        for row in rows
    ]  # fmt: skip
    five = any(row.draws == Layer.Draws.FIVE for row in rows)
    indicators = [{"key": one.key, "title": one.title.say(gettext), "meaning": one.meaning.say(gettext)} for one in registry.figures()]
    return {
        "extent": box, "near": queries.NEAR, "layers": layers, "tiles": list(settings.FENGQIAO_BASE_TILES),
        "credit": settings.FENGQIAO_BASE_CREDIT, "indicators": indicators if five else [], "at": act.at,
    }  # fmt: skip


@router.get("/ground/{level}", response={200: dict[str, Any], 304: None}, summary="Every area of a level as GeoJSON in WGS 84")
def read_ground(request: HttpRequest, level: str) -> HttpResponse:
    """Return towns, villages or grids; who has them already is told so in a line."""
    act = _map_act(request)
    with acting(act):
        found = ground.ground(level)
    headers = {"ETag": found.etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("If-None-Match") == found.etag:
        return HttpResponseNotModified(headers=headers)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(found.packed, content_type="application/json", headers={**headers, "Content-Encoding": "gzip"})
    return HttpResponse(found.plain, content_type="application/json", headers=headers)


@router.get("/cases", response=SeenOut, summary="The cases of a list that lie in view, counted by H3 cell or one by one")
def read_cases(request: HttpRequest, wanted: Query[InView]) -> HttpResponse:
    """Return what lies in view; rights are those of every list."""
    act = _map_act(request)
    with acting(act):
        found = queries.seen(act.actor, _wanted(act, wanted), wanted.bounds, wanted.zoom)
    body = {name: getattr(found, name) for name in ("clusters", "points", "sealed", "nowhere", "more")}
    return packed(request, {**body, "at": act.at})


@router.get("/rows", response=list[RowOut], summary="The first rows of the cases in view, soonest due first")
def read_rows(request: HttpRequest, wanted: Query[InView]) -> HttpResponse:
    """Return the list of what is in view, for whoever does not use the picture."""
    act = _map_act(request)
    with acting(act):
        found = queries.rows(act.actor, _wanted(act, wanted), wanted.bounds)
    return answer(views.rows(act.actor, found, act.at))


@router.get("/colours/{key}", response=list[ColouredOut], summary="An indicator by town or village, with its interval, in five colours")
def read_colours(request: HttpRequest, key: str, level: str = Query(Level.TOWN, pattern="^(town|village)$")) -> list[dict[str, Any]]:
    """Return the five-colour map of an indicator over thirty days."""
    act = _map_act(request, "cockpit:see")
    today = act.at.astimezone(people.zone()).date()
    with acting(act):
        found = colours.coloured(Scope.of(act.actor), colours.indicator(key), today, level)
    return [coloured_row(one) for one in found]


def coloured_row(one: colours.Coloured) -> dict[str, Any]:
    """Return an area's share as sent."""
    row, (low, high) = people.area(one.area), one.share.interval or (None, None)
    name = row.called(get_language() or "") if row else one.area
    return {
        "area": one.area, "name": name, "part": one.share.part, "whole": one.share.whole, "low": low, "high": high, "colour": one.colour,
    }  # fmt: skip


def packed(request: HttpRequest, body: Any) -> HttpResponse:
    """Return an answer, packed where it is long and the browser can read it: twenty thousand points are a megabyte plain."""
    response = answer(body)
    response["Cache-Control"] = "no-store"
    if len(response.content) > PACK_FROM and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = gzip.compress(response.content, 5)
        response["Content-Encoding"] = "gzip"
    return response
