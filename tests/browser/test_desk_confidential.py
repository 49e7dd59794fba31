"""A confidential case opens only for a stated purpose, and what was stated is in the log (handbook C4)."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from fengqiao.audit.models import AccessLog

pytestmark = pytest.mark.browser
Sit = Callable[..., Any]


def test_a_confidential_case_asks_what_it_is_read_for_and_notes_it(sit: Sit) -> None:
    desk = sit("dispatcher")
    case = desk.file("Three months without wages at the shoe workshop", category="0901", name="A. Worker", phone="13900000000")
    desk.page.goto(f"/desk/cases/{case}?box=all")
    ask = desk.case.locator("form").first
    expect(ask).to_contain_text("This case is confidential")
    expect(desk.case).not_to_contain_text("Three months without wages")
    ask.get_by_label("Something else").fill("薪资协调会")
    ask.get_by_role("button", name="Open").click()
    expect(desk.case).to_contain_text("Three months without wages")
    assert AccessLog.objects.filter(case_id=case, purpose="薪资协调会", post="town_dispatcher").exists()


def test_a_usual_purpose_is_one_press(sit: Sit) -> None:
    desk = sit("dispatcher")
    case = desk.file("No contract, no wages at the packing hall", category="0901", name="B. Worker", phone="13900000001")
    desk.page.goto(f"/desk/cases/{case}?box=all")
    desk.case.get_by_role("button", name="To triage or assign it").click()
    expect(desk.next).to_contain_text("Accept")
