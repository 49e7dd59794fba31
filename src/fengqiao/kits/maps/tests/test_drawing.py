"""The map that needs no JavaScript."""

from xml.etree import ElementTree

import pytest

from fengqiao.kits.maps import drawing
from fengqiao.people import models, reference
from fengqiao.people.yunxi.staff import HOME_GRID, HOME_VILLAGE, QINGXI

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


def test_every_area_is_drawn_once_with_its_name():
    tree = ElementTree.fromstring(drawing.area_map("town", label="Yunxi", language="en"))
    titles = [title.text for title in tree.iter(f"{SVG}title")]
    assert len(titles) == 12
    assert "Qingxi Street" in titles
    assert tree.get("aria-label") == "Yunxi"


def test_no_style_attribute_and_no_script_are_needed():
    svg = drawing.area_map("grid", HOME_VILLAGE, shades={HOME_GRID: 3})
    assert "style=" not in svg
    assert "<script" not in svg
    assert "map-3" in svg


def test_a_name_cannot_break_out_of_the_map():
    models.Area.objects.filter(code=QINGXI).update(name='<script>"&')
    reference.forget()
    svg = drawing.area_map("town")
    reference.forget()
    assert "<script>" not in svg
    ElementTree.fromstring(svg)


def test_a_map_of_nothing_is_an_empty_drawing():
    assert not list(ElementTree.fromstring(drawing.area_map("grid", "8")))


def test_the_place_is_marked_inside_the_drawing():
    grid = models.Area.objects.get(code=HOME_GRID)
    tree = ElementTree.fromstring(drawing.area_map("grid", HOME_VILLAGE, here=(grid.lon, grid.lat)))
    [mark] = tree.iter(f"{SVG}circle")
    assert 0 <= float(mark.get("cx")) <= drawing.WIDTH
    assert 0 <= float(mark.get("cy")) <= float(tree.get("height"))


def test_the_whole_district_stays_small_enough_for_a_phone():
    assert len(drawing.area_map("town")) < 30_000
    assert len(drawing.area_map("village", "990101")) < 150_000
