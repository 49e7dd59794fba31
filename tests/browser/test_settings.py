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
    "posts/auditor/",
    "persons/",
    "health/",
    "file/",
)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "locale"), [(390, "zh-CN"), (1440, "en-GB")])
def test_an_administrator_changes_a_limit_and_every_page_is_sound(sit, width, locale):
    desk = sit("admin", viewport={"width": width, "height": 900}, locale=locale)
    page = desk.page
    for name in PAGES:
        page.goto(f"/settings/{name}")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.goto("/settings/limit/of/S1/handle/")
    page.locator("#id_amount").fill("6")
    page.locator("button[value=try]").click()
    expect(page.locator("#tried")).to_be_visible()
    page.locator("button[value=count]").click()
    expect(page.locator(".note.good")).to_be_visible()
    page.locator("button[value=back]").click()
    expect(page.locator(".note.good")).to_be_visible()
