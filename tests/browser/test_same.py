"""E3.7: what was reported twice is pointed out with its reasons; a person merges, after being told what follows."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
Sit = Callable[..., Any]


def test_a_dispatcher_merges_what_was_reported_twice(sit: Sit) -> None:
    desk = sit("dispatcher")
    desk.file("The cover by the north gate of the market is loose", category="0504", address="North gate")
    second = desk.file("Loose cover at the market, north gate", category="0504", address="North gate")
    desk.page.goto(f"/desk/cases/{second}")
    same = desk.page.get_by_role("region", name="Perhaps the same")
    expect(same.get_by_role("link", name="The cover by the north gate")).to_be_visible()
    expect(same).to_contain_text("Similar words")
    same.get_by_role("button", name="Merge into this one").click()
    expect(same).to_contain_text("whoever reported it follows the other one")
    same.get_by_role("button", name="Merge into this one").click()
    expect(desk.case).to_contain_text("Merged")
    expect(same).to_have_count(0)
