"""A tour on a telephone, gone through by the keys alone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from fengqiao.simulation.tours import TOURS
from fengqiao.testing_server import Site

pytestmark = pytest.mark.browser


@pytest.fixture(params=["zh-CN", "en-GB"])
def visitor(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Somebody with a telephone who has not signed in."""
    context = chromium.new_context(base_url=site.address, locale=request.param, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def test_a_tour_is_gone_through_by_the_keys_and_remembers_what_was_seen(visitor: Page) -> None:
    stops = TOURS["director"]
    visitor.goto("/stories/tours/")
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.locator('a[href="/stories/tours/director/"]').click()
    visitor.locator("main form button").press("Enter")
    expect(visitor.locator("main form")).to_have_count(0)
    for place, stop in enumerate(stops, start=1):
        visitor.keyboard.press("ArrowRight" if place > 1 else "ArrowLeft")
        expect(visitor.locator(f"#stop-{place} a")).to_be_focused()
        expect(visitor.locator("[aria-current=step]")).to_have_id(f"stop-{place}")
        with visitor.context.expect_page() as opened:
            visitor.keyboard.press("Enter")
        opened.value.wait_for_url(f"**{stop.address}")
        opened.value.close()
        expect(visitor.locator(f"#stop-{place} .mark")).to_be_visible()
    visitor.reload()
    expect(visitor.locator(".acts .mark:visible")).to_have_count(len(stops))
    visitor.locator("[data-go='1']").click()
    expect(visitor.locator("[aria-current=step]")).to_have_id("stop-2")
    for place in ("/stories/tours/director/", "/stories/tours/"):
        visitor.goto(place)
        found = Axe().run(visitor)
        assert found.violations_count == 0, found.generate_report()
        assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
