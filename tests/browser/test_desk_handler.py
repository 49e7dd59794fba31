"""E4: a station handler's orders at the desk, in a real browser; with --full also on a telephone and in Chinese."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from PIL import Image
from playwright.sync_api import expect

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.base.clock import now
from fengqiao.cases.figures import HAPPENED

pytestmark = [pytest.mark.browser, pytest.mark.looks]
Sit = Callable[..., Any]
SHOTS = os.environ.get("FENGQIAO_SHOTS", "")


def order(desk: Any, text: str, **triage: object) -> str:
    """Let the dispatcher send the power station an order."""
    case: str = desk.file(text)
    desk.move(case, "accept")
    desk.move(case, "triage", **{"category": "0505", "sla": "S3", **triage})
    desk.move(case, "assign", lead=desk.organisation(desk.tongue.body("Power")))
    return case


def counted(what: str, case: str) -> int:
    """Count what happened to a case in the words of the figures."""
    with acting(machine_act("figures", now())), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM case_event e JOIN cases c ON c.id = e.case_id WHERE {HAPPENED[what]} AND c.id = %s", [case])
        return int(cursor.fetchone()[0])


def test_a_handler_sees_only_the_orders_of_the_own_organisation_and_signs_one(sit: Sit) -> None:
    desk, handler = sit("dispatcher"), sit("handler")
    case = order(desk, "Wire hangs low")
    assert (counted("named", case), counted("contacted_in_time", case)) == (1, 0)
    desk.file("Not for the power station")
    handler.box("all")
    expect(handler.row("Wire hangs low")).to_be_visible()
    expect(handler.row("Not for the power station")).to_have_count(0)

    handler.open("Wire hangs low", box="to_sign")
    clocks = handler.case.locator("section[aria-labelledby=clocks] li")
    expect(clocks.filter(has_text=handler.tongue("To be signed for"))).not_to_contain_text(handler.tongue("Stopped"))
    handler.do("Sign for")
    expect(clocks.filter(has_text=handler.tongue("To be signed for"))).to_contain_text(handler.tongue("Stopped"))
    expect(clocks.first).not_to_contain_text(handler.tongue("Stopped"))

    handler.choose("Note a contact")
    handler.send()
    handler.said("Done: Note a contact")
    expect(handler.story.first).to_contain_text(handler.tongue("By telephone"))
    assert counted("named", case) == counted("contacted_in_time", case) == 1, "the response rate counts the call"


def test_a_paused_clock_is_frozen_and_a_past_date_is_refused(sit: Sit) -> None:
    desk, handler = sit("dispatcher"), sit("handler")
    case = order(desk, "Pole cracked")
    handler.move(case, "sign")
    handler.move(case, "start", contact="called")
    handler.open("Pole cracked")
    form = handler.case.locator("section[aria-labelledby=requests]")
    form.get_by_role("button", name=handler.tongue("Pause")).click()
    form.get_by_role("radio").first.check()
    form.get_by_label(handler.tongue("Goes on at")).fill("2020-01-01T09:00")
    form.get_by_label(handler.tongue("Goes on at")).blur()
    handler.send(within=form)
    expect(form.get_by_role("alert")).to_be_visible()
    form.get_by_role("button", name=handler.tongue("in 3 d")).click()
    handler.send(within=form)
    handler.said("Asked: Pause")

    before = handle_clock(handler.call("GET", f"/api/cases/{case}")["body"])["used_percent"]
    desk.open("Pole cracked", box="requests")
    asked = desk.case.locator("section[aria-labelledby=requests]")
    asked.get_by_role("button", name=desk.tongue("Answer")).click()
    asked.get_by_label(desk.tongue("Grant"), exact=True).check()
    desk.send(within=asked)
    expect(desk.case.locator(".where")).to_contain_text(desk.tongue("Paused"))

    handler.open("Pole cracked", box="paused")
    expect(handler.case.locator("section[aria-labelledby=clocks]")).to_contain_text(handler.tongue("Paused, not running"))
    handler.do("Resume")
    expect(handler.case.locator("section[aria-labelledby=clocks]")).not_to_contain_text(handler.tongue("Paused, not running"))
    assert handle_clock(handler.call("GET", f"/api/cases/{case}")["body"])["used_percent"] == before


def handle_clock(detail: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(clock for clock in detail["clocks"] if not clock["ended"])
    return found


def test_a_result_needs_evidence_and_whoever_gave_it_may_not_verify_it(sit: Sit, tmp_path: Any) -> None:
    desk, handler, worker = sit("dispatcher"), sit("handler"), sit("grid")
    case = order(desk, "Lamp dark at number 12")
    handler.open("Lamp dark at number 12", box="to_sign")
    handler.do("Sign for")
    handler.choose("Start handling")
    handler.send()
    handler.choose("Report the result")
    handler.next.get_by_label(handler.tongue("Fixed")).check()
    handler.write("What was done", "Lamp replaced")
    if SHOTS:
        handler.page.screenshot(path=Path(SHOTS) / f"e4-result-{handler.look}.png", full_page=True)
    found = Axe().run(handler.page)
    assert found.violations_count == 0, found.generate_report()
    assert handler.page.evaluate("document.documentElement.scrollWidth") <= handler.look.width
    handler.send()
    expect(handler.next.get_by_role("alert").last).to_be_visible()
    expect(handler.next.get_by_label(handler.tongue("What was done"))).to_have_value("Lamp replaced")

    picture = tmp_path / "after.png"
    Image.new("RGB", (8, 8), "white").save(picture)
    handler.next.locator("input[type=file]").set_input_files(picture)
    expect(handler.next.locator("li.picture")).to_contain_text("after.png")
    handler.send()
    expect(handler.case.locator(".where")).to_contain_text(handler.tongue("Result reported"))
    assert not handler.may("Confirm")

    worker.move(case, "verify_fail", reason="It flickers all night")
    handler.open("Lamp dark at number 12")
    expect(handler.story.first).to_contain_text("It flickers all night")
    expect(handler.case).to_contain_text(handler.tongue("reworked 1×"))
    clocks = handler.call("GET", f"/api/cases/{case}")["body"]["clocks"]
    assert len([clock for clock in clocks if not clock["ended"]]) == 1


def test_an_objected_order_leaves_the_list(sit: Sit) -> None:
    desk, handler = sit("dispatcher"), sit("handler")
    order(desk, "Water in the cellar")
    handler.open("Water in the cellar", box="to_sign")
    handler.choose("Object")
    handler.write("Why this is not ours", "Water belongs to the water station")
    handler.send()
    expect(handler.case).to_have_count(0)
    expect(handler.row("Water in the cellar")).to_have_count(0)
    assert re.search(r"/desk/\?box=to_sign", handler.page.url)
