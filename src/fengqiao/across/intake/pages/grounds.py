"""What the form stands on: its token, the ids it carries, and a map on which one can tap without JavaScript."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from fengqiao.access import doors
from fengqiao.cases import views
from fengqiao.kits.maps import drawing
from fengqiao.people import queries as people
from fengqiao.people.terms import Level

MOST = 9
BEFORE = {"where": "what", "same": "where", "who": "where"}
SHRINK = 2
"""The map is drawn 640 wide and shown half as wide, which fits every telephone; taps come in shown pixels."""


def token_of(request: HttpRequest) -> str:
    """Return the form's token, or a new one if it is not ours or too old."""
    given = request.POST.get("form_token", "")
    try:
        signing.TimestampSigner(salt="form").unsign(given, max_age=doors.FORM_TOKEN_DAYS * 86_400)
    except signing.BadSignature:
        return doors.form_token()
    return given


def ids(text: str) -> list[UUID]:
    """Read the ids of kept photos; what is no id is dropped."""
    found = []
    for piece in text.split()[:MOST]:
        try:
            found.append(UUID(piece))
        except ValueError:
            continue
    return found


def phone(text: str) -> str:
    """Keep what a telephone number is made of."""
    return "".join(sign for sign in text if sign.isascii() and (sign.isdigit() or sign in "+- "))[:30]


@dataclass(frozen=True, slots=True)
class Map:
    """A picture one can tap on."""

    url: str
    width: int
    height: int


def is_community(area: str) -> bool:
    """Tell whether a map is drawn of it: a community, not a whole town, which would be dear to draw for anybody who asks."""
    row = people.area(area)
    return row is not None and row.level == Level.VILLAGE


def map_of(area: str, lon: Any, lat: Any) -> Map | None:
    """Return the map of a community, marked where the form says it is."""
    if not is_community(area):
        return None
    sheet = drawing.sheet(Level.GRID, area)
    if not sheet.pieces or not sheet.height:
        return None
    query = urlencode({"lon": lon, "lat": lat}) if lon not in (None, "") and lat not in (None, "") else ""
    url = reverse("place_map", kwargs={"area": area})
    return Map(f"{url}?{query}" if query else url, drawing.WIDTH // SHRINK, sheet.height // SHRINK)


def tapped(area: str, x: str, y: str) -> tuple[float, float] | None:
    """Return the point that was tapped, if it lies in the district."""
    if not is_community(area) or not (x.isdecimal() and y.isdecimal() and len(x + y) < 10):
        return None
    sheet = drawing.sheet(Level.GRID, area)
    if not sheet.pieces:
        return None
    lon = sheet.west + int(x) * SHRINK / (sheet.scale * sheet.stretch)
    lat = sheet.north - int(y) * SHRINK / sheet.scale
    return (round(lon, 6), round(lat, 6)) if people.locate(lon, lat) else None


def drawn(area: str, lon: str, lat: str) -> str | None:
    """Return the picture of a community."""
    if not is_community(area) or not drawing.sheet(Level.GRID, area).pieces:
        return None
    try:
        here = (float(lon), float(lat))
    except ValueError:
        here = None
    return str(drawing.area_map(Level.GRID, area, language=views.language(), here=here))
