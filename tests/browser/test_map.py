"""The map before a dispatcher: rings open into points, a point opens its case, and where nothing can be drawn the server draws."""

import re
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SPOT = {"lon": 119.892658, "lat": 30.438986}
AT = f"{SPOT['lon']},{SPOT['lat']}"


def drawn(desk, query="", **options):
    desk.page.goto(f"/desk/map?{query}")
    picture = desk.page.locator(".picture[data-cases]")
    expect(picture).to_have_attribute("data-laid", "true", timeout=30_000)
    return picture


def asked(desk, path):
    """What the map's next question to the server is answered."""
    return desk.page.expect_response(lambda answer: f"/api/map/{path}" in answer.url, timeout=30_000)


def test_a_ring_opens_into_points_and_a_point_opens_its_case(sit):
    desk = sit("dispatcher")
    case_id = desk.file("井盖松动，地图测试", place=SPOT)
    with asked(desk, "cases") as far:
        picture = drawn(desk, f"at={AT},11")
    assert far.value.json()["clusters"]
    assert far.value.json()["points"] == []
    box = picture.bounding_box()
    with asked(desk, "cases") as near:
        drawn(desk, f"at={AT},17")
    assert case_id in [point[0] for point in near.value.json()["points"]]
    desk.page.mouse.click(box["x"] + box["width"] / 2, picture.bounding_box()["y"] + picture.bounding_box()["height"] / 2)
    expect(desk.case.locator("h1")).to_be_visible()


def test_a_view_is_in_its_address_and_comes_back_from_it(sit):
    desk = sit("dispatcher")
    drawn(desk, f"at={AT},15&state=R")
    desk.page.get_by_role("checkbox", name="Villages").uncheck()
    desk.page.get_by_role("button", name="Move layer “Grids” up").click()
    expect(desk.page).to_have_url(re.compile(r"layers=.*-villages\.80.*grids\.60"))
    address = desk.page.url
    desk.page.goto("/desk/?box=all")
    with asked(desk, "cases") as again:
        desk.page.goto(address)
    assert "state=R" in again.value.url
    expect(desk.page.get_by_role("checkbox", name="Villages")).not_to_be_checked()
    names = desk.page.locator(".layer .name").all_inner_texts()
    assert ("Grids", "Villages") in pairwise(name.strip() for name in names)
    assert "at=119.89266,30.43899,15" in desk.page.url


def test_another_areas_cases_never_come_over_the_wire(sit):
    mine = sit("dispatcher")
    found = mine.call("GET", "/api/map/cases?west=-180&south=-90&east=180&north=90&zoom=15")["body"]
    ground = mine.call("GET", "/api/me")["body"]["posts"][0]["area"]["code"]
    for case_id, *_rest in found["points"]:
        case = mine.call("GET", f"/api/cases/{case_id}")
        assert case["status"] == 200
        assert case["body"]["area"].startswith(ground)
        assert case["body"]["confidentiality"] < 2
    assert set(found["sealed"]) <= {ground}


def test_without_webgl_the_server_draws_and_the_list_says_the_same(sit):
    desk = sit("dispatcher", viewport={"width": 390, "height": 844})
    case_id = desk.file("路灯不亮，地图测试", place=SPOT)
    desk.page.goto("/desk/map?webgl=no")
    picture = desk.page.locator("img.drawn")
    expect(picture).to_be_visible()
    desk.page.wait_for_function("document.querySelector('img.drawn').naturalWidth > 0")
    row = desk.page.locator(".rows button").filter(has_text="地图测试").first
    row.focus()
    desk.page.keyboard.press("Enter")
    expect(desk.case.locator("h1")).to_contain_text("地图测试")
    assert case_id


@pytest.mark.parametrize(("locale", "width"), [("zh-CN", 1440), ("en-GB", 390)])
def test_nothing_is_in_the_way_of_anybody(sit, locale, width):
    desk = sit("director", locale=locale, viewport={"width": width, "height": 900})
    drawn(desk)
    found = Axe().run(desk.page)
    assert found.violations_count == 0, found.generate_report()
    desk.page.goto("/map/")
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(desk.page)
    assert found.violations_count == 0, found.generate_report()


def test_a_place_is_tapped_on_the_map(sit):
    desk = sit("dispatcher")
    desk.page.goto("/desk/new/incident")
    desk.page.get_by_role("button", name="Choose on the map").click()
    picture = desk.page.locator(".place .picture")
    expect(picture).to_have_attribute("data-laid", "true", timeout=30_000)
    picture.click(position={"x": 120, "y": 120})
    expect(desk.page.get_by_label("Longitude")).not_to_have_value("")
