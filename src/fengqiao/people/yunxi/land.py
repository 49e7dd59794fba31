"""The areas of Yunxi as rows: names, codes in the order of the ground, points and outlines."""

import json
import random
from collections.abc import Iterator

import shapely

from fengqiao.people.models import Area
from fengqiao.people.terms import Level
from fengqiao.people.yunxi import names
from fengqiao.people.yunxi.ground import Plot, drawn, in_order

SEED = 990101
DISTRICT = "990101"
VILLAGES = (20, 18, 16, 18, 17, 21, 18, 17, 19, 18, 14, 17)
"""How many villages and communities each of the twelve towns has: 213."""

GRIDS = 833
SPECIAL = (("农贸市场", "Farmers' market"), ("产业园", "Business park"), ("校园", "Campus"))


def rows() -> list[Area]:
    """Return every area of the district, outermost first."""
    chance = random.Random(SEED)
    plots = drawn(SEED, grids_of_villages(chance))
    # The smaller a town, the closer people live: the first seven become streets. Names and codes follow.
    plots.sort(key=lambda plot: plot.shape.area / len(plot.parts))
    streets, towns = in_order(plots[1 : names.STREETS]), in_order(plots[names.STREETS :])
    called = names.places(chance)
    found = list(_widest(plots))
    for i, plot in enumerate([plots[0], *streets, *towns]):
        found += _town(i, plot, called, chance)
    return found


def grids_of_villages(chance: random.Random) -> list[list[int]]:
    """Return how many grids each village of each town has: at least three, seven at most, 833 in all."""
    towns = [[3] * count for count in VILLAGES]
    left = GRIDS - 3 * sum(VILLAGES)
    while left:
        villages = chance.choice(towns)
        i = chance.randrange(len(villages))
        if villages[i] < 7:
            villages[i] += 1
            left -= 1
    return towns


def _widest(plots: list[Plot]) -> Iterator[Area]:
    whole = shapely.normalize(shapely.coverage_union_all([plot.shape for plot in plots]))
    yield Area(code="99", level=Level.PROVINCE, name="虚构省", name_en="Invented Province")
    yield Area(code="9901", level=Level.CITY, parent_id="99", name="云州市", name_en="Yunzhou City")
    yield _area(DISTRICT, Level.DISTRICT, "9901", ("云溪区", "Yunxi District"), whole)


def _town(i: int, plot: Plot, called: Iterator[names.Name], chance: random.Random) -> Iterator[Area]:
    name, name_en = names.TOWNS[i]
    street = i < names.STREETS
    code = f"{DISTRICT}{i + 1:03}" if street else f"{DISTRICT}{100 + i - names.STREETS:03}"
    villages, special = in_order(plot.parts), max(plot.parts, key=lambda village: len(village.parts))
    small = sorted(villages, key=lambda village: village.shape.area)
    communities = small[: round(len(villages) * (0.8 if street else 0.2))]
    title = (f"{name}街道", f"{name_en} Street") if street else (f"{name}镇", f"{name_en} Town")
    made = [_area(code, Level.TOWN, DISTRICT, title, plot.shape)]
    serial = {True: 0, False: 199}
    for village in villages:
        community = village in communities
        serial[community] += 1
        word, pinyin = next(called)
        title = (f"{word}社区", f"{pinyin} Community") if community else (f"{word}村", f"{pinyin} Village")
        made += _village(f"{code}{serial[community]:03}", code, title, village, chance, village is special, deep=i == 0)
    for area in reversed(made):
        if area.level in (Level.TOWN, Level.VILLAGE):
            area.households = sum(part.households for part in made if part.parent_id == area.code)
    return iter(made)


def _village(code: str, town: str, title: names.Name, plot: Plot, chance: random.Random, special: bool, *, deep: bool) -> Iterator[Area]:
    village = _area(code, Level.VILLAGE, town, title, plot.shape)
    yield village
    for i, part in enumerate(plot.parts):
        last = special and i == len(plot.parts) - 1
        number = 801 if last else i + 1
        kind = chance.choice(SPECIAL)
        called = (f"{kind[0]}专属网格", f"{kind[1]} grid") if last else (f"第{number}网格", f"Grid {number}")
        grid = _area(f"{code}{number:03}", Level.GRID, code, called, part.shape)
        grid.special, grid.households = last, chance.randint(220, 520)
        yield grid
        if deep:
            yield from _inside(grid, part, chance)


def _inside(grid: Area, plot: Plot, chance: random.Random) -> Iterator[Area]:
    for i in range(3):
        lon, lat = _within(plot, chance)
        yield Area(
            code=f"{grid.code}{i + 1:02}", level=Level.MICROGRID, parent_id=grid.code, lon=lon, lat=lat,
            name=f"第{i + 1}微网格", name_en=f"Micro-grid {i + 1}", households=grid.households // 3,
        )  # fmt: skip
    for i in range(6):
        lon, lat = _within(plot, chance)
        yield Area(
            code=f"{grid.code}{i + 1:05}", level=Level.BUILDING, parent_id=grid.code, lon=lon, lat=lat,
            name=f"{i + 1}幢", name_en=f"Building {i + 1}",
        )  # fmt: skip


def _within(plot: Plot, chance: random.Random) -> tuple[float, float]:
    west, south, east, north = plot.shape.bounds
    for _attempt in range(50):
        lon, lat = chance.uniform(west, east), chance.uniform(south, north)
        if shapely.contains_xy(plot.shape, lon, lat):
            return round(lon, 6), round(lat, 6)
    point = plot.shape.representative_point()
    return point.x, point.y


def _area(code: str, level: Level, parent: str, name: names.Name, shape: shapely.Polygon) -> Area:
    point = shape.representative_point()
    return Area(
        code=code, level=level.value, parent_id=parent, name=name[0], name_en=name[1], polygon=json.loads(shapely.to_geojson(shape)),
        lon=round(point.x, 6), lat=round(point.y, 6), bbox=list(shape.bounds),
    )  # fmt: skip
