"""The stories of the demo, played as a visitor plays them: a press makes one that person, the desk does the rest."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from fengqiao.people import queries as people
from fengqiao.people.yunxi.staff import HOME_GRID
from fengqiao.testing_server import Site, sign_in

pytestmark = pytest.mark.browser
Sit = Callable[..., Any]


def stands(page: Page, key: str, done: int) -> None:
    """Expect the story to have come so far."""
    page.goto(f"/stories/{key}/")
    expect(page.locator("ol.acts > li.done")).to_have_count(done)


def act_as(page: Page, who: str) -> None:
    page.locator("li.turn").get_by_role("button", name=f"Act as {who}").click()
    page.wait_for_url(lambda address: "/stories/" not in address)


def test_the_fallen_wire_is_told_to_its_end_at_the_desk(sit: Sit, tmp_path: Path) -> None:
    desk, ground = sit("director"), people.area(HOME_GRID)
    page, photo = desk.page, tmp_path / "wire.png"
    Image.new("RGB", (64, 48), "#556677").save(photo)
    page.goto("/stories/")
    page.get_by_role("link", name="The fallen wire").click()
    page.get_by_role("button", name="Begin").click()

    act_as(page, "grid")
    form = page.locator("main.new")
    desk.write("What is the matter?", "A wire hangs over the road by the school", within=form)
    desk.pick("Kind of matter", "0509", within=form)
    desk.write("Longitude", str(ground.lon), within=form)
    desk.write("Latitude", str(ground.lat), within=form)
    form.locator("input[type=file]").set_input_files(photo)
    expect(form.locator("li.picture")).to_contain_text("wire.png")
    desk.send(within=form)
    expect(form.locator(".filed")).to_contain_text("The case is filed.")
    stands(page, "fallen-wire", 1)

    act_as(page, "dispatcher")
    expect(desk.case).to_contain_text("A wire hangs over the road")
    desk.choose("Accept, triage and assign")
    desk.pick("Kind of matter", "0509")
    desk.pick("Lead organisation", "Qingxi Power Supply")
    desk.send()
    stands(page, "fallen-wire", 2)

    act_as(page, "handler")
    desk.do("Sign for")
    desk.choose("Start handling")
    desk.send()
    stands(page, "fallen-wire", 3)

    act_as(page, "handler")
    desk.choose("Report the result")
    desk.next.get_by_label("Fixed").check()
    desk.write("What was done", "Wire up again")
    desk.next.locator("input[type=file]").set_input_files(photo)
    expect(desk.next.locator("li.picture")).to_contain_text("wire.png")
    desk.send()
    expect(desk.case.locator(".where")).to_contain_text("Result reported")
    assert not desk.may("Confirm")
    stands(page, "fallen-wire", 4)

    act_as(page, "grid")
    desk.choose("Confirm")
    desk.write("What the reporter says", "The road is free again")
    desk.send()
    stands(page, "fallen-wire", 5)

    act_as(page, "dispatcher")
    desk.do("Close", Message_to_the_reporter="Mended, thank you")
    stands(page, "fallen-wire", 6)
    expect(page.get_by_text("Told to the end.")).to_be_visible()
    page.get_by_role("link", name="See the case").last.click()
    expect(desk.case).to_contain_text("Closed")
    expect(desk.story.last).to_contain_text("A wire hangs over the road")


def test_the_code_in_the_stairwell_is_told_half_by_hand_and_half_by_itself(sit: Sit) -> None:
    desk = sit("director")
    page = desk.page
    page.goto("/stories/stairwell-qr/")
    page.get_by_role("button", name="Begin").click()
    page.locator("li.turn").get_by_role("button", name="Let it happen").click()
    stands(page, "stairwell-qr", 1)

    act_as(page, "clerk")
    desk.choose("Answer")
    desk.write("Answer, in plain words", "Ground floor, window 3; bring your card.")
    desk.send()
    stands(page, "stairwell-qr", 2)

    for number in range(3, 9):
        page.locator("li.turn").get_by_role("button", name="Let it happen").click()
        stands(page, "stairwell-qr", number)
    expect(page.get_by_text("Told to the end.")).to_be_visible()


@pytest.fixture(params=[(390, "zh-CN", "light"), (1440, "en-GB", "dark")], ids=["phone", "desk"])
def director(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The duty director, on a telephone in Chinese and at a desk in English."""
    width, locale, scheme = request.param
    context = chromium.new_context(base_url=site.address, locale=locale, color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    sign_in(page, "director")
    yield page
    context.close()


def test_day_and_stories_pass_axe_and_fit_the_screen(director: Page) -> None:
    for place in ("/day/", "/day/?date=2026-10-01", "/day/rows/?what=open", "/stories/", "/stories/fallen-wire/"):
        director.goto(place)
        found = Axe().run(director)
        assert found.violations_count == 0, found.generate_report()
        assert director.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
