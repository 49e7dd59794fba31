"""The page of bricks shows every one of them, by day and by night, and everybody can read it."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
Sit = Callable[..., Any]


def test_the_bricks_pass_axe_by_day_and_by_night_on_a_telephone_and_at_a_desk(sit: Sit) -> None:
    desk = sit("dispatcher", locale="zh-CN")
    for scheme in ("light", "dark"):
        for width in (390, 1440):
            desk.page.set_viewport_size({"width": width, "height": 850})
            desk.page.emulate_media(color_scheme=scheme)
            desk.page.goto("/desk/bricks")
            expect(desk.page.locator("main.bricks .chip")).to_have_count(6)
            found = Axe().run(desk.page).response["violations"]
            assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], (scheme, width)
            assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (scheme, width)
