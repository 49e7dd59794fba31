"""What the desk promises whoever sits at it: nothing typed is lost, every key works, everybody can read it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from fengqiao.testing_server import sign_in

pytestmark = pytest.mark.browser
Sit = Callable[..., Any]


def test_a_stale_form_keeps_what_was_typed_and_says_what_happened(sit: Sit) -> None:
    desk, other = sit("dispatcher"), sit("dispatcher2")
    case = desk.file("Two people at one case")
    desk.open("Two people at one case")
    desk.choose("Add a note")
    desk.write("Text", "A long and careful note")
    other.move(case, "accept")
    desk.send()
    expect(desk.next).to_contain_text("The case has changed while you were writing.")
    expect(desk.next.get_by_role("alert").first).to_contain_text("Accepted")
    expect(desk.next.get_by_label("Text")).to_have_value("A long and careful note")
    desk.page.get_by_role("button", name="Understood, go on with the new state").click()
    desk.send()
    desk.said("Done: Add a note")
    expect(desk.story.first).to_contain_text("A long and careful note")


def test_a_lost_session_keeps_what_was_typed(sit: Sit) -> None:
    desk = sit("dispatcher")
    desk.file("The session ends here")
    desk.open("The session ends here")
    desk.choose("Add a note")
    desk.write("Text", "Typed before the session ended")
    desk.page.context.clear_cookies()
    desk.next.locator("form button[type=submit]").click()
    sheet = desk.page.get_by_role("dialog", name="Your session is over")
    expect(sheet).to_be_visible()
    beside = desk.page.context.new_page()
    sign_in(beside, "dispatcher")
    sheet.get_by_role("button", name="Signed in, go on").click()
    expect(sheet).to_have_count(0)
    expect(desk.next.get_by_label("Text")).to_have_value("Typed before the session ended")
    desk.send()
    desk.said("Done: Add a note")


def test_a_form_comes_back_after_the_page_was_reloaded(sit: Sit) -> None:
    desk = sit("dispatcher")
    desk.file("Reload me")
    desk.open("Reload me")
    desk.choose("Add a note")
    desk.write("Text", "Half a sentence")
    desk.page.reload()
    desk.choose("Add a note")
    expect(desk.next.get_by_label("Text")).to_have_value("Half a sentence")


def test_a_case_can_be_handled_without_a_mouse(sit: Sit) -> None:
    desk = sit("dispatcher")
    desk.file("First by keys")
    desk.file("Second by keys")
    keys = desk.page.keyboard
    keys.press("g")
    keys.press("a")
    expect(desk.page).to_have_url("/desk/?box=to_accept")
    keys.press("/")
    keys.type("by keys")
    keys.press("Enter")
    expect(desk.page.locator("a.line")).to_have_count(2)
    keys.press("Escape")
    keys.press("j")
    keys.press("j")
    keys.press("k")
    keys.press("Enter")
    expect(desk.case.locator("h1")).to_contain_text("by keys")
    keys.press("e")
    expect(desk.next.locator("form :focus")).to_have_count(1)
    keys.press("Control+Enter")
    desk.said("Done: Accept")
    keys.press("Escape")
    expect(desk.case).to_have_count(0)
    keys.press("?")
    expect(desk.page.get_by_role("dialog", name="Keys")).to_contain_text("Do what is next")
    keys.press("Escape")
    keys.press("/")
    expect(desk.page.get_by_role("searchbox")).to_be_focused()


def test_a_clerk_at_the_window_files_a_case_and_gets_number_and_code(sit: Sit) -> None:
    desk = sit("window")
    desk.page.goto("/desk/new/incident")
    form = desk.page.locator("main.new")
    form.locator("button[type=submit]").click()
    expect(form).to_contain_text("Please fill this in")
    desk.write("What is the matter?", "A tree lies across the lane", within=form)
    desk.pick("Village, community or grid", "Xinggang", within=form)
    desk.send(within=form)
    expect(form.locator(".filed")).to_contain_text("The case is filed.")
    expect(form.locator(".filed dd").nth(1)).to_have_text(re.compile(r"^[A-Z0-9]{6}$"))


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_passes_axe_and_fits_the_screen(sit: Sit, width: int, scheme: str) -> None:
    locale = "zh-CN" if scheme == "light" else "en-GB"
    desk = sit("dispatcher", viewport={"width": width, "height": 844}, locale=locale, color_scheme=scheme)
    case = desk.file("Readable by everybody")
    for page in ("/desk/?box=all", f"/desk/cases/{case}?box=all", "/desk/new/incident"):
        desk.page.goto(page)
        expect(desk.page.locator("h1").last).to_be_visible()
        found = Axe().run(desk.page).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
        assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page


def test_the_desk_speaks_nothing_but_chinese_to_a_chinese_reader(sit: Sit) -> None:
    desk = sit("dispatcher", locale="zh-CN")
    case = desk.file("桥东路灯不亮")
    desk.move(case, "accept")
    desk.open("桥东路灯不亮")
    allowed = {"PDF", "Esc", "Enter", "English"}
    words: set[str] = set()
    for move in desk.next.locator(".choices button").all():
        move.click()
        for part in ("header.head", "nav.rail", "article.pane", ".bar"):
            words |= set(re.findall(r"[A-Za-z]{3,}", desk.page.locator(part).inner_text()))
    assert words - allowed == set()


def test_a_whole_number_opens_its_case_and_filters_stand_in_the_address(sit: Sit) -> None:
    desk = sit("dispatcher")
    case = desk.file("Found by its number")
    number = desk.call("GET", f"/api/cases/{case}")["body"]["number"]
    search = desk.page.get_by_role("searchbox")
    search.fill(f"{number[:9]} {number[9:17]} {number[17:]}")
    search.press("Enter")
    expect(desk.case.locator("h1")).to_contain_text("Found by its number")

    desk.box("to_accept")
    desk.page.get_by_role("button", name="Filter").click()
    desk.page.get_by_label("Kind", exact=True).select_option(label="Question or suggestion")
    expect(desk.page).to_have_url(re.compile(r"box=to_accept&kind=qr_suggest"))
    expect(desk.page.locator(".nothing")).to_contain_text("No case fits these filters.")
    desk.page.get_by_role("button", name="Keep as a view").click()
    desk.page.get_by_label("Name of the view").fill("Questions")
    desk.page.get_by_role("button", name="Save").click()
    expect(desk.rail.get_by_role("link", name="Questions")).to_be_visible()
    desk.page.get_by_role("button", name="Drop all filters").click()
    expect(desk.row("Found by its number")).to_be_visible()
    desk.rail.get_by_role("link", name="Questions").click()
    expect(desk.page.locator(".nothing")).to_be_visible()
