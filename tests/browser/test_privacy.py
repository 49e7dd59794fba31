"""From the privacy page to words that are gone: a resident with a telephone and no script, and the two who decide at their desks."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from fengqiao.cases import verifying
from fengqiao.people import queries as people
from fengqiao.testing_server import Site

pytestmark = pytest.mark.browser
Sit = Callable[..., Any]
SHOTS = os.environ.get("FENGQIAO_SHOTS", "")
WORDS = "三楼李家门口的路灯不亮"


def page_of(chromium: Browser, site: Site, *, width: int = 390, language: str = "zh-CN", script: bool = False) -> Page:
    context = chromium.new_context(
        base_url=site.address, locale=language, viewport={"width": width, "height": 844}, java_script_enabled=script
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def clean(page: Page, name: str) -> None:
    """Clean for a screen reader, and no wider than the window."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"privacy-{name}.png", full_page=True)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def report(page: Page) -> tuple[str, str]:
    """Report something by the pages; returns number and code."""
    page.goto("/report/990101001001/defect/0505/")
    page.fill("[name=text]", WORDS)
    while not page.locator("[name=name]").is_visible():
        page.click("button[name=go]")
    page.fill("[name=name]", "王秀英")
    page.click("button[name=go]")
    expect(page.locator("[data-code]")).to_be_visible()
    return page.inner_text("[data-number]"), page.inner_text("[data-code]")


def read(desk: Any, number: str) -> None:
    """Open a case by its number, for a stated purpose if it asks for one."""
    desk.page.goto(f"/desk/?box=all&q={number}")
    desk.page.locator("a.line").first.click()
    expect(desk.case).to_contain_text(number[-5:])


def test_what_a_resident_asks_to_have_deleted_is_decided_confirmed_and_gone(chromium: Browser, shared_site: Site, sit: Sit) -> None:
    phone = page_of(chromium, shared_site)
    number, code = report(phone)
    desk = sit("dispatcher")
    case = desk.call("GET", f"/api/cases?box=all&q={number}")["body"]["items"][0]["id"]
    desk.move(case, "reject", reason="other_area", remedy="请拨打邻区 12345")

    # Another telephone: the number and the code are all that is needed, and a wrong code opens nothing.
    phone = page_of(chromium, shared_site)
    phone.goto("/")
    phone.locator("footer").get_by_role("link", name="隐私").click()
    phone.fill("[name=number]", number)
    phone.fill("[name=code]", "AAAAAA")
    phone.get_by_role("button", name="查看保存的信息").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    expect(phone.locator("[name=number]")).to_have_value(number)
    phone.fill("[name=code]", code)
    phone.get_by_role("button", name="查看保存的信息").click()
    expect(phone.locator("dl")).to_contain_text(WORDS)
    phone.check("[name=wish][value=all]")
    phone.get_by_role("button", name="提交申请").click()
    request = phone.inner_text("[data-number]")
    phone.goto(f"/my-data/{number}/")
    expect(phone.locator("main")).to_contain_text(request)
    expect(phone.locator("[name=wish]")).to_have_count(0)

    district = sit("district")
    read(district, request)
    district.choose("Hand to the privacy officer")
    district.pick("Lead organisation", "Data")
    district.send()
    district.said("Done: Hand to the privacy officer")

    officer = sit("privacy")
    read(officer, request)
    officer.do("Sign for")
    officer.choose("Start handling")
    officer.next.get_by_label("In writing").check()
    officer.send()
    expect(officer.case.locator("section[aria-labelledby=linked]")).to_contain_text(number[-6:])
    officer.choose("Decide")
    officer.next.get_by_label("Granted: it is deleted").check()
    officer.next.get_by_label("What whoever reported said").check()
    officer.write("What whoever asked is told, with the reason", "已核实，予以删除。")
    clean(officer.page, "decide")
    officer.send()
    officer.said("Done: Decide")

    read(district, request)
    district.choose("Confirm and carry out")
    district.write("Is it theirs, does the law let it go", "本人申请，已办结")
    district.send()
    district.said("Done: Confirm and carry out")
    district.do("Close")

    phone.reload()
    expect(phone.locator("[data-erased]")).to_be_visible()
    expect(phone.locator("main")).not_to_contain_text(WORDS)
    phone.goto(f"/query/{request}/")
    expect(phone.locator("[data-state=C]")).to_be_visible()
    expect(phone.locator("main")).to_contain_text("同意：予以删除")
    told = desk.call("GET", f"/api/cases/{case}")["body"]
    assert WORDS not in str(told)
    assert "王秀英" not in str(told)
    assert verifying.verify().faults == []


@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1440, "zh-CN"), (390, "en-GB"), (1440, "en-GB")])
def test_the_pages_are_clean_in_both_languages_and_widths(chromium: Browser, shared_site: Site, width: int, language: str) -> None:
    page = page_of(chromium, shared_site, width=width, language=language, script=True)
    page.goto("/privacy/")
    expect(page.locator("main")).to_contain_text(people.organisations(field="data")[0].called(language[:2]))
    clean(page, f"notice-{width}-{language}")
    number, _code = report(page)
    page.goto(f"/my-data/{number}/")
    clean(page, f"mine-{width}-{language}")
    page.check("[name=wish][value=correct]")
    page.locator("main form button.main").click()
    expect(page.locator("[data-code]")).to_be_visible()
    page.goto(f"/my-data/{number}/")
    clean(page, f"asked-{width}-{language}")
