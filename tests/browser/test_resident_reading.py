"""Large letters and a screen reader: nothing is cut off at the width of a telephone, and what is read aloud comes in a sensible order."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from fengqiao.testing_server import Site, sign_in

pytestmark = pytest.mark.browser
TELEPHONE = {"width": 390, "height": 844}
LARGER = 1.5
NAMELESS = re.compile(r"\s*- (textbox|combobox|button|link|checkbox|radio)( \[.*\])?:?")
LANGUAGES = [pytest.param("en-GB", id="English"), pytest.param("zh-CN", id="Chinese")]
CUT_OFF = """() => [...document.querySelectorAll('main *, header *, footer *')].filter((one) => {
  const box = one.getBoundingClientRect(), style = getComputedStyle(one)
  if (!box.width || one.closest('.unseen, .skip, .scroll, svg, details:not([open]) > :not(summary)')) return false
  return box.right > innerWidth + 1 || box.left < -1 || (style.overflowX === 'hidden' && one.scrollWidth > one.clientWidth + 1)
}).map((one) => one.outerHTML.slice(0, 120))"""
READ = """() => {
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
  const seen = all.filter((one) => one.checkVisibility() && !one.closest('.skip'))
  return {
    headings: [...document.querySelectorAll('h1, h2, h3, h4')].filter((one) => one.checkVisibility()).map((one) => Number(one.tagName[1])),
    landmarks: ['header', 'nav', 'main', 'footer'].map((name) => document.querySelectorAll('body ' + name).length),
    tabbed: document.querySelectorAll('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])').length,
    lang: document.documentElement.lang,
    title: document.title,
    jumps: seen.map((one) => one.getBoundingClientRect().top + scrollY).filter((top, i, tops) => i && top < tops[i - 1] - 60).length,
  }
}"""


def pages_of(token: str) -> list[str]:
    steps = ["", "defect/", "complaint/", "defect/0505/", "complaint/1204/"]
    return ["/", "/help-now/", "/report/", "/query/", "/my-data/", *(f"/q/{token}/{step}" for step in steps)]


def each_page(page: Page, token: str, look: Callable[[Page], None]) -> None:
    """Look at every page a resident meets, up to the receipt and the matter's own page."""
    for address in pages_of(token):
        page.goto(address)
        look(page)
    page.goto(f"/q/{token}/defect/0505/")
    page.fill("[name=text]", "一楼路灯不亮 streetlamp")
    for _step in range(3):
        page.click("button[name=go]")
        look(page)
    page.goto(f"/query/{page.inner_text('[data-number]')}/")
    look(page)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_large_letters_are_half_as_large_again_stay_and_cut_nothing_off(
    chromium: Browser, site: Site, officers: Any, clean: Callable[[Page], None], locale: str
) -> None:
    context = chromium.new_context(base_url=str(site), locale=locale, viewport=TELEPHONE)
    page = context.new_page()
    page.goto("/")
    letters = "parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)"
    before = page.evaluate(letters)
    page.locator("button[name=big_type]").click()
    page.wait_for_load_state()
    assert page.evaluate(letters) >= LARGER * before

    def look(page: Page) -> None:
        clean(page)
        assert page.evaluate(CUT_OFF) == [], page.url

    each_page(page, officers.code(), look)
    later = chromium.new_context(base_url=str(site), locale=locale, viewport=TELEPHONE, storage_state=context.storage_state()).new_page()
    later.goto("/report/")
    expect(later.locator("html")).to_have_attribute("data-type", "big")
    context.close()
    later.context.close()


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_screen_reader_hears_headings_landmarks_and_labels_in_order(chromium: Browser, site: Site, officers: Any, locale: str) -> None:
    context = chromium.new_context(base_url=str(site), locale=locale, viewport=TELEPHONE)
    page = context.new_page()

    def look(page: Page) -> None:
        read = page.evaluate(READ)
        assert read["headings"][0] == 1, page.url
        assert read["headings"].count(1) == 1, page.url
        assert all(after - before <= 1 for before, after in zip(read["headings"], read["headings"][1:], strict=False)), page.url
        assert read["landmarks"] == [1, 1, 1, 1], page.url
        assert read["tabbed"] == 0, page.url
        assert read["jumps"] == 0, page.url
        assert read["lang"] == ("en" if locale.startswith("en") else "zh-Hans")
        assert read["title"].split(" · ")[0].strip(), page.url
        for line in page.locator("body").aria_snapshot().splitlines():
            assert not re.fullmatch(r"\s*- (textbox|combobox|button|link|checkbox|radio)( \[.*\])?:?", line), (
                f"{page.url}: {line} has no name"
            )

    each_page(page, officers.code(), look)
    context.close()


def test_the_first_press_of_tab_leads_past_the_head_to_what_is_asked(chromium: Browser, site: Site, officers: Any) -> None:
    context = chromium.new_context(base_url=str(site), locale="en-GB", viewport=TELEPHONE)
    page = context.new_page()
    page.goto(f"/q/{officers.code()}/defect/0505/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("[name=text]")).to_be_focused()
    page.keyboard.type("Lamp")
    page.keyboard.press("Tab")
    expect(page.locator("[name=photo]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("button[name=go]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[name=address]")).to_be_visible()
    context.close()


def test_the_clerks_pages_are_read_as_well_in_large_letters(chromium: Browser, site: Site, clean: Callable[[Page], None]) -> None:
    context = chromium.new_context(base_url=str(site), locale="zh-CN", viewport=TELEPHONE)
    context.add_cookies([{"name": "big_type", "value": "yes", "url": str(site)}])
    page = context.new_page()
    sign_in(page, "clerk")
    for address in ("/village/", "/duty/", "/codes/"):
        page.goto(address)
        clean(page)
        assert page.evaluate(CUT_OFF) == [], page.url
    context.close()
