"""Signing in before a real browser: both languages, narrow and wide, by day and night, and without any script."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from fengqiao.people.yunxi.staff import DEMO_PASSWORD
from fengqiao.testing_server import Site

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("FENGQIAO_SHOTS", "")
"""A folder for pictures, for whoever wants to look."""


def page_of(
    chromium: Browser, site: Site, *, width: int = 1440, language: str = "en-GB", scheme: str = "light", script: bool = False
) -> Page:
    context = chromium.new_context(
        base_url=site.address,
        locale=language,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        java_script_enabled=script,
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def enter(page: Page, username: str, password: str = DEMO_PASSWORD) -> None:
    page.goto("/sign-in/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.locator("main button").first.click()


def test_an_officer_signs_in_looks_at_the_account_and_leaves_without_any_script(chromium, site):
    page = page_of(chromium, site)
    enter(page, "dispatcher", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.locator("input[name=login]")).to_have_value("dispatcher")
    enter(page, "dispatcher")
    page.goto("/account/")
    expect(page.get_by_text("Town dispatcher")).to_be_visible()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_text("街道信息指挥室调度员")).to_be_visible()
    page.get_by_role("button", name="退出登录").click()
    page.goto("/account/")
    expect(page).to_have_url(f"{site.address}/sign-in/?next=/account/")


WAYS = [(360, "zh-CN", "light"), (360, "en-GB", "dark"), (1440, "zh-CN", "dark"), (1440, "en-GB", "light")]


def test_pages_about_the_account_have_no_barriers_and_fit(chromium, site):
    for width, language, scheme in WAYS:
        walk(chromium, site, width, language, scheme)


def walk(chromium: Browser, site: Site, width: int, language: str, scheme: str) -> None:
    page = page_of(chromium, site, width=width, language=language, scheme=scheme, script=True)
    enter(page, "nobody", "wrong")
    look_at(page, f"refused-{width}-{language}-{scheme}")
    enter(page, "director")
    for path in ("/account/", "/account/sessions/", "/account/second-factor/", "/account/second-factor/app/", "/no-such-page/"):
        page.goto(path)
        look_at(page, f"{path.strip('/').replace('/', '-')}-{width}-{language}-{scheme}")
    page.context.close()


def look_at(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the screen"
