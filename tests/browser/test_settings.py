"""The settings desk in a browser: a limit is changed, on a telephone and at a desk, in both languages; axe is content."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

PAGES = (
    "",
    "message/",
    "message/of/reporter_close/en/",
    "phrase/",
    "phrase/new/",
    "deliveries/",
    "limit/",
    "year/of/2026/",
    "posts/",
    "posts/auditor/",
    "persons/",
    "persons/file/",
    "organisation/",
    "health/",
    "file/",
)


WAYS = [
    pytest.param(390, "zh-CN", id="a phone, Chinese"),
    pytest.param(1440, "en-GB", id="a screen, English"),
    pytest.param(390, "en-GB", id="a phone, English", marks=pytest.mark.slow),
    pytest.param(1440, "zh-CN", id="a screen, Chinese", marks=pytest.mark.slow),
]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "locale"), WAYS)
def test_an_administrator_changes_a_limit_and_every_page_is_sound(sit, width, locale):
    desk = sit("admin", viewport={"width": width, "height": 900}, locale=locale)
    page = desk.page
    for name in (*(f"/settings/{name}" for name in PAGES), "/account/quiet-hours/", "/duty/"):
        page.goto(name)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.goto("/settings/limit/of/S1/handle/")
    page.locator("#id_amount").fill("6")
    page.locator("button[value=try]").click()
    expect(page.locator("#tried")).to_be_visible()
    page.locator("button[value=count]").click()
    expect(page.locator(".note.good")).to_be_visible()
    page.locator("button[value=back]").click()
    expect(page.locator(".note.good")).to_be_visible()
