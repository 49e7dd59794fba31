"""Reading outlines from GeoJSON in any coordinate system, and checking that they fit together."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy
import shapely
from shapely.geometry.base import BaseGeometry

from fengqiao.base.words import _
from fengqiao.people.coordinates import System, to_wgs84
from fengqiao.people.district.findings import Finding
from fengqiao.people.district.tables import Row
from fengqiao.people.terms import DIGITS, Level

SLIVER = 25.0
"""Square metres of overlap, gap or leak that are not worth a word: the width of a pencil."""

SHARE = 0.02
"""An overlap of more than this share of the smaller area is an error, a smaller one a note."""

CODE_PROPERTIES = ("code", "代码", "编码", "adcode")
DRAWN = (Level.DISTRICT, Level.TOWN, Level.VILLAGE, Level.GRID)


@dataclass(frozen=True, slots=True)
class Outline:
    """An outline in WGS 84, and where it came from."""

    shape: BaseGeometry
    file: str
    feature: int


Shapes = dict[str, Outline]


def read_outlines(
    file: Path,
    system: System,
    areas: dict[str, dict[str, Any]],
    shapes: Shapes,
    findings: list[Finding],
    *,
    default: str,
    naming: Mapping[str, str],
) -> None:
    """Read the outlines of one file; with a `code_property` the areas themselves are made from its features."""
    content = _content(file, findings)
    if content is None:
        return
    given = _system(content, system, file, findings)
    for number, feature in enumerate(content["features"], start=1):

        def wrong(sentence: Any, grave: bool = True, number: int = number, **facts: object) -> None:
            findings.append(Finding(file.name, number, "feature", sentence, facts, grave))

        properties = feature.get("properties") if isinstance(feature, dict) else None
        code = _code(properties or {}, areas, default, naming, Row(file.name, number, {}))
        if not code:
            wrong(_("has no code of an area among its properties."))
        elif code not in areas:
            wrong(_("there is no area {code}."), code=code)
        elif code in shapes:
            wrong(_("{code} was already drawn in {other}."), code=code, other=f"{shapes[code].file} #{shapes[code].feature}")
        else:
            shape = _shape(feature.get("geometry"), given, wrong)
            if shape is not None:
                shapes[code] = Outline(shape, file.name, number)


def _content(file: Path, findings: list[Finding]) -> dict[str, Any] | None:
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        where = getattr(error, "lineno", 0)
        findings.append(Finding(file.name, where, "", _("is not JSON that can be read.")))
        return None
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        findings.append(Finding(file.name, 0, "", _("is no GeoJSON FeatureCollection.")))
        return None
    return content


def _system(content: dict[str, Any], system: System, file: Path, findings: list[Finding]) -> System:
    named = ((content.get("crs") or {}).get("properties") or {}).get("name")
    if not named:
        return system
    try:
        return System.named(named.removeprefix("urn:ogc:def:crs:").removeprefix("OGC:1.3:").replace("::", ":"))
    except ValueError:
        choices = ", ".join(System)
        findings.append(
            Finding(file.name, 0, "", _("“{text}” is not known here; choose one of {choices}."), {"text": named, "choices": choices})
        )
        return system


def _code(properties: Mapping[str, Any], areas: dict[str, dict[str, Any]], default: str, naming: Mapping[str, str], row: Row) -> str:
    own = naming.get("code_property", "")
    if not own:
        return next((str(properties[key]) for key in CODE_PROPERTIES if properties.get(key)), "")
    value, level = str(properties.get(own) or ""), Level(naming.get("level") or Level.TOWN)
    if not value:
        return ""
    code = value if value.startswith(default) and len(value) == DIGITS[level] else default + value.zfill(DIGITS[level] - len(default))
    name = str(properties.get(naming.get("name_property") or "name") or code)
    areas.setdefault(code, {
        "code": code, "level": level.value, "parent": default, "name": name[:80], "name_en": "", "households": 0, "phone": "",
        "special": False, "lon": None, "lat": None, "row": row,
    })  # fmt: skip
    return code


def _shape(geometry: Any, system: System, wrong: Any) -> BaseGeometry | None:
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        wrong(_("is neither a polygon nor several."))
        return None
    try:
        shape = shapely.geometry.shape(geometry)
    except (ValueError, TypeError, AttributeError, shapely.errors.ShapelyError):
        shape = None
    if shape is None or shape.is_empty or not numpy.isfinite(shapely.get_coordinates(shape)).all():
        wrong(_("its corners cannot be read."))
        return None
    west, south, east, north = shape.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        wrong(_("its corners are no degrees of longitude and latitude; export it in degrees, not in metres."))
        return None
    if system not in (System.WGS84, System.CGCS2000):
        shape = shapely.transform(shape, lambda corners: numpy.array([to_wgs84((lon, lat), system) for lon, lat in corners]))
    if not shape.is_valid:
        wrong(_("its border crosses itself ({why}); it is mended."), grave=False, why=shapely.is_valid_reason(shape))
        shape = _only_areas(shapely.make_valid(shape))
    return shape


def _only_areas(shape: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(shape, return_index=False) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts)


def square_metres(shape: BaseGeometry) -> float:
    """Return the size of an outline given in degrees; good to a percent."""
    degree = 111_195.0
    return float(shape.area * degree * degree * math.cos(math.radians(shape.centroid.y))) if not shape.is_empty else 0.0


def check_ground(areas: dict[str, dict[str, Any]], shapes: Shapes, findings: list[Finding], *, overlaps: bool = False) -> None:
    """Report areas that overlap, leak out of their parent or leave gaps in it; draw parents from their parts where missing.

    Where `overlaps` are allowed they are only noted: a point in two areas then belongs to the lower code.
    """
    for level in DRAWN:
        own = {code: outline for code, outline in shapes.items() if areas[code]["level"] == level}
        findings += _overlaps(areas, own, overlaps)
    for parent, child in reversed(list(pairwise(DRAWN))):
        _join(areas, shapes, parent, child)
    findings += _leaks(areas, shapes)
    missing = [code for code, area in areas.items() if area["level"] in DRAWN and code not in shapes]
    if shapes and missing:
        sentence = _("{count} areas have no outline: {codes}.")
        findings.append(Finding("--", 0, "", sentence, {"count": len(missing), "codes": ", ".join(missing[:5])}, grave=False))


def _overlaps(areas: dict[str, dict[str, Any]], own: Shapes, allowed: bool) -> Iterator[Finding]:
    codes, drawn = list(own), [outline.shape for outline in own.values()]
    if len(drawn) < 2:
        return
    tree = shapely.STRtree(drawn)
    for i, k in zip(*tree.query(drawn, predicate="intersects"), strict=True):
        if i >= k:
            continue
        shared = square_metres(shapely.intersection(drawn[i], drawn[k]))
        if shared <= SLIVER:
            continue
        smaller = min(square_metres(drawn[i]), square_metres(drawn[k]))
        facts = {"name": areas[codes[i]]["name"], "other": areas[codes[k]]["name"], "metres": round(shared)}
        outline = own[codes[k]]
        sentence = _("{name} and {other} overlap by {metres} m².")
        yield Finding(outline.file, outline.feature, "feature", sentence, facts, grave=not allowed and shared > SHARE * smaller)


def _join(areas: dict[str, dict[str, Any]], shapes: Shapes, parent: Level, child: Level) -> None:
    parts: dict[str, list[Outline]] = {}
    for code, outline in shapes.items():
        above = areas[code]["parent"]
        if areas[code]["level"] == child and above in areas and above not in shapes:
            parts.setdefault(above, []).append(outline)
    for code, outlines in parts.items():
        shapes[code] = Outline(shapely.union_all([outline.shape for outline in outlines]), outlines[0].file, outlines[0].feature)
    if parent == Level.DISTRICT:
        _join_all(areas, shapes)


def _join_all(areas: dict[str, dict[str, Any]], shapes: Shapes) -> None:
    # A district without towns, or with levels left out, is still the sum of what was drawn of it.
    for code, area in areas.items():
        if area["level"] == Level.DISTRICT and code not in shapes:
            drawn = [outline for other, outline in shapes.items() if other.startswith(code)]
            if drawn:
                shapes[code] = Outline(shapely.union_all([outline.shape for outline in drawn]), drawn[0].file, drawn[0].feature)


def _leaks(areas: dict[str, dict[str, Any]], shapes: Shapes) -> Iterator[Finding]:
    parts: dict[str, list[str]] = {}
    for code, outline in shapes.items():
        parent = areas[code]["parent"]
        if parent not in shapes:
            continue
        parts.setdefault(parent, []).append(code)
        outside, whole = square_metres(shapely.difference(outline.shape, shapes[parent].shape)), square_metres(outline.shape)
        if outside > SLIVER:
            facts = {"name": areas[code]["name"], "parent": areas[parent]["name"], "metres": round(outside)}
            sentence = _("{name} leaks out of {parent} by {metres} m².")
            yield Finding(outline.file, outline.feature, "feature", sentence, facts, grave=outside > SHARE * whole)
    for parent, codes in parts.items():
        bare = shapely.difference(shapes[parent].shape, shapely.union_all([shapes[code].shape for code in codes]))
        gap, outline = square_metres(bare), shapes[parent]
        if gap > SLIVER:
            facts = {"name": areas[parent]["name"], "metres": round(gap)}
            yield Finding(
                outline.file, outline.feature, "feature", _("{metres} m² of {name} belong to none of its parts."), facts, grave=False
            )
