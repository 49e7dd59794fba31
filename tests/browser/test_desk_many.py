"""A dispatcher with many cases: by keys alone, several at once, by desk, with views and standard texts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
Sit = Callable[..., Any]


def test_ten_cases_are_accepted_by_keys_alone(sit: Sit) -> None:
    desk = sit("dispatcher")
    cases = {desk.file(f"Lamp {number} of the long row is out") for number in range(10)}
    desk.page.goto("/desk/?box=to_accept&q=long row")
    expect(desk.page.locator("a.line")).to_have_count(10)
    press = desk.page.keyboard.press
    for _each in range(10):
        press("j")
        press("Enter")
        expect(desk.case.locator("h1")).to_contain_text("of the long row")
        number = desk.case.locator(".number").inner_text()
        press("e")
        expect(desk.next.get_by_label("Note")).to_be_focused()
        press("Control+Enter")
        desk.said("Done: Accept")
        press("Escape")
        expect(desk.case).to_have_count(0)
        expect(desk.page.locator("a.line").filter(has_text=f"{number[14:18]}-{number[18:23]}")).to_have_count(0)
    assert {desk.call("GET", f"/api/cases/{case}")["body"]["state"] for case in cases} == {"A"}
    press("?")
    expect(desk.page.get_by_role("dialog", name="Keys")).to_contain_text("Pick out up to here")


def test_several_are_assigned_together_after_a_moment_in_which_one_may_think_better_of_it(sit: Sit) -> None:
    desk = sit("dispatcher")
    cases = [desk.file(f"Pole {number} of the slanting fence") for number in range(3)]
    for case in cases:
        desk.move(case, "accept")
        desk.move(case, "triage", category="0505")
    desk.page.goto("/desk/?box=to_assign&q=slanting fence")
    expect(desk.page.locator("a.line")).to_have_count(3)
    press = desk.page.keyboard.press
    press("j")
    press("x")
    press("j")
    press("j")
    press("X")
    expect(desk.page.locator(".many")).to_contain_text("3 picked out")
    press("a")
    sheet = desk.page.locator("section.together")
    desk.pick("Lead organisation", "Power Supply", within=sheet)
    sheet.get_by_role("button", name="Assign (3)").click()
    sheet.get_by_role("button", name="Undo").click()
    expect(sheet.get_by_role("alert")).to_contain_text("nothing was sent")
    assert {desk.call("GET", f"/api/cases/{case}")["body"]["state"] for case in cases} == {"T"}

    # Meanwhile somebody else takes one of them: it is told apart, and the others go all the same.
    sit("district").move(cases[1], "assign", lead=desk.organisation("Enforcement"))
    sheet.locator("button[type=submit]").click()
    expect(sheet.locator("li.bad")).to_have_count(1, timeout=30_000)
    expect(sheet).to_contain_text("Done: 2; not done: 1")
    assert {desk.call("GET", f"/api/cases/{case}")["body"]["state"] for case in cases} == {"D"}
    sheet.locator("[data-over]").click()
    expect(desk.page.locator("a.line")).to_have_count(0)


def test_the_four_desks_narrow_the_list_and_a_view_of_it_is_there_on_another_machine(sit: Sit) -> None:
    desk = sit("dispatcher")
    case = desk.file("Meter box hangs open", category="0505")
    desk.move(case, "accept")
    desk.move(case, "triage", category="0505")
    desk.move(case, "assign", lead=desk.organisation("Power"))
    desk.box("to_sign")
    group = desk.page.get_by_role("group", name="The four desks")
    expect(group.locator(".desk")).to_have_count(4)
    expect(group).to_contain_text("counted at")
    group.get_by_role("button", name="Governance desk").click()
    expect(desk.row("Meter box hangs open")).to_have_count(0)
    group.get_by_role("button", name="Public service desk").first.click()
    expect(desk.row("Meter box hangs open")).to_contain_text(re.compile("Power Supply.*(now|ago)", re.IGNORECASE))
    desk.page.get_by_role("button", name="Keep as a view").click()
    desk.page.get_by_label("Name of the view").fill("Service, unsigned")
    desk.page.keyboard.press("Enter")
    desk.said("Kept as")

    elsewhere = sit("dispatcher")
    elsewhere.rail.get_by_role("link", name="Service, unsigned").click()
    expect(elsewhere.row("Meter box hangs open")).to_be_visible()
    elsewhere.rail.get_by_role("button", name="Drop the view “Service, unsigned”").click()
    expect(elsewhere.rail.get_by_role("link", name="Service, unsigned")).to_have_count(0)


def test_a_standard_text_goes_below_what_was_typed_and_a_list_is_taken_away_by_right(sit: Sit) -> None:
    desk, handler = sit("dispatcher"), sit("handler")
    desk.file("Flickering sign at the bridge", address="Bridge Street 8")
    desk.open("Flickering sign at the bridge", box="to_accept")
    desk.choose("Do not accept")
    field = desk.next.get_by_label("What the reporter can do instead")
    field.fill("Dear neighbour,")
    desk.next.get_by_role("button", name=re.compile("Standard texts")).press("Enter")
    desk.next.get_by_role("button", name=re.compile("Not a government matter")).press("Enter")
    expect(field).to_have_value(re.compile("Dear neighbour,\nWhat you reported .*Flickering sign"))

    desk.box("to_accept")
    desk.page.get_by_role("button", name="Take the list away").click()
    with desk.page.expect_download() as taken:
        desk.page.get_by_role("link", name="Text (CSV)").click()
    assert "Flickering sign at the bridge" in taken.value.path().read_text(encoding="utf-8-sig")
    expect(handler.page.get_by_role("button", name="Take the list away")).to_have_count(0)
    assert handler.page.request.get("/api/desk/export").status == 403


def test_the_master_names_both_reporters(sit: Sit) -> None:
    desk = sit("dispatcher")
    master = desk.file("Bench broken in the maple park", name="Zhang", phone="13800000001")
    double = desk.file("Maple park bench in pieces", name="Li", phone="13900000002")
    desk.move(master, "accept")
    desk.move(double, "merge", master=master)
    desk.open("Bench broken in the maple park")
    people = desk.case.locator("section[aria-labelledby=people]")
    expect(people).to_contain_text("Zhang · 138****0001")
    expect(people).to_contain_text("Li · 139****0002 (merged")


SIZES = [(1440, "en-GB", "light")]
ALL_SIZES = [(390, "en-GB", "dark"), (1440, "zh-CN", "dark"), (390, "zh-CN", "light")]


@pytest.mark.parametrize(
    ("width", "locale", "scheme"), [*SIZES, *(pytest.param(*one, marks=pytest.mark.slow) for one in ALL_SIZES)]
)  # fmt: skip
def test_picking_out_passes_axe_and_fits_the_screen(sit: Sit, width: int, locale: str, scheme: str) -> None:
    desk = sit("dispatcher", viewport={"width": width, "height": 850}, locale=locale, color_scheme=scheme)
    desk.file("Two of these for the picture")
    desk.file("Two of these for the picture again")
    desk.page.goto("/desk/?box=to_accept&q=for the picture")
    expect(desk.page.locator("a.line").nth(1)).to_be_visible()
    expect(desk.page.locator(".desk").first).to_be_visible()
    for key in ("j", "x", "j", "x", "e"):
        desk.page.keyboard.press(key)
    expect(desk.page.locator("section.together form")).to_be_visible()
    found = Axe().run(desk.page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
