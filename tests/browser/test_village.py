"""What a village's clerk does in a day (handbook E9; the codes of step 7 are printed in `test_resident`), on a phone and on a screen."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from fengqiao.access.acting import acting
from fengqiao.access.doors import anonymous
from fengqiao.base.act import Act
from fengqiao.base.clock import now
from fengqiao.base.ids import new_id
from fengqiao.cases import numbers, services
from fengqiao.cases.models import Case
from fengqiao.cases.schemas import Report
from fengqiao.people.yunxi.staff import HOME_VILLAGE
from fengqiao.testing_server import SITE_SECRET

pytestmark = pytest.mark.browser
Sit = Callable[..., Any]
WAYS = [
    pytest.param(390, "zh-CN", id="a phone, Chinese"),
    pytest.param(1440, "en-GB", id="a screen, English", marks=pytest.mark.slow),
    pytest.param(390, "en-GB", id="a phone, English", marks=pytest.mark.slow),
    pytest.param(1440, "zh-CN", id="a screen, Chinese", marks=pytest.mark.slow),
]
WORDS = {
    "zh": {
        "answer": "答复", "pass_on": "评估后报街道", "quarrel": "这是一起纠纷", "hand_over": "交调解员", "tell": "说明延迟原因",
        "texts": "常用语", "wrong": "请检查标出的地方", "shrunk": "此事项涉密", "nothing": "本村社没有相关事项",
    },
    "en": {
        "answer": "Answer", "pass_on": "Assess and pass on to the town", "quarrel": "It is a quarrel", "hand_over": "Hand to a mediator",
        "tell": "Say why it takes longer", "texts": "Standard texts", "wrong": "Please check what is marked", "shrunk": "confidential",
        "nothing": "Nothing of this in your village",
    },
}  # fmt: skip


def sent(text: str, category: str, area: str = HOME_VILLAGE) -> Case:
    """A message from a code on a wall."""
    act = Act(new_id(), anonymous(new_id().hex), now(), "qr")
    with acting(act):
        return services.open_case(act, "qr_suggest", Report(text=text, category=category, area=area + "001"), level="village")


def looked_at(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def acts(page: Page) -> int:
    page.goto("/village/")
    return int(page.locator("[data-acts]").get_attribute("data-acts") or 0)


def resident_reads(page: Page, case: Case) -> Page:
    """Open the receipt's page in a browser of its own."""
    reader = page.context.browser.new_context(base_url=page.url.split("/village")[0], locale="zh-CN").new_page()
    reader.goto("/query/")
    reader.fill("[name=number]", case.number)
    reader.fill("[name=code]", numbers.receipt_code(case.number))
    reader.press("[name=code]", "Enter")
    expect(reader.locator("h1[data-state]")).to_be_visible()
    return reader


@pytest.mark.parametrize(("width", "locale"), WAYS)
def test_a_clerk_answers_passes_on_hands_over_and_the_day_adds_up(sit: Sit, settings: Any, width: int, locale: str) -> None:
    settings.SECRET_KEY = SITE_SECRET  # receipts are made here as the site makes them
    words = WORDS[locale[:2]]
    page = sit("clerk", viewport={"width": width, "height": 844}, locale=locale).page
    before = acts(page)
    question, suggestion = sent("老年卡在哪里办？", "1001"), sent("建议小区门口加一个公交站", "1008")
    quarrel, slow = sent("楼上天天半夜拖椅子，再不管我要动手了", "1003"), sent("健身器材什么时候换？", "1001")
    elsewhere = sent("隔壁村的事", "1001", area="990101001002")

    page.goto("/village/")
    expect(page.locator("#content")).to_contain_text("老年卡在哪里办")
    looked_at(page)

    page.locator("ul.rows a", has_text="老年卡在哪里办").first.click()
    looked_at(page)
    page.get_by_role("link", name=words["answer"], exact=True).click()
    page.locator("details summary").first.click()
    page.locator("details ul.rows a").first.click()
    field = page.locator("textarea[name=text]")
    assert field.input_value()
    field.fill("")
    page.locator("form button.main").last.click()
    expect(page.locator(".summary")).to_contain_text(words["wrong"])
    looked_at(page)
    field.fill("带身份证到社区一楼，当场办好。")
    page.locator("form button.main").last.click()
    expect(page.locator(".note.good")).to_be_visible()
    expect(resident_reads(page, question).locator("#content")).to_contain_text("带身份证到社区一楼")

    page.goto(f"/village/{suggestion.id}/")
    page.get_by_role("link", name=words["pass_on"]).click()
    page.fill("textarea[name=reason]", "居民多次提出，社区无权设站，请街道研究")
    page.locator("form button.main").last.click()
    expect(page.locator(".note.good")).to_be_visible()
    expect(resident_reads(page, suggestion).locator("#content")).to_contain_text("社区无权设站")

    page.goto(f"/village/{quarrel.id}/")
    page.get_by_role("link", name=words["quarrel"]).click()
    page.locator("form button.main").last.click()
    expect(page.locator(".summary")).to_be_visible()
    page.fill("[name=name]", "王秀英")
    page.fill("[name=phone]", "13800000000")
    page.locator("form button.main").last.click()
    page.get_by_role("link", name=words["hand_over"]).click()
    page.locator("input[name=lead]").first.check()
    looked_at(page)
    dispute = page.url.split("/village/")[1].split("/")[0]
    page.locator("form button.main").last.click()
    expect(page.locator(".note.good")).to_be_visible()
    page.goto(f"/village/{dispute}/")
    expect(page.locator(".note").last).to_contain_text(words["shrunk"])
    expect(page.locator("#content")).not_to_contain_text("半夜拖椅子")
    mediator = sit("mediator")
    assert dispute in [row["id"] for row in mediator.call("GET", "/api/cases?box=to_sign")["body"]["items"]]

    page.goto(f"/village/{slow.id}/")
    page.get_by_role("link", name=words["tell"]).click()
    page.fill("textarea[name=note]", "新器材月底到货，到了就换")
    page.locator("form button.main").last.click()
    expect(page.locator(".note.good")).to_be_visible()
    expect(resident_reads(page, slow).locator("#content")).to_contain_text("新器材月底到货")

    page.goto("/village/")
    page.fill("[name=q]", elsewhere.number)
    page.press("[name=q]", "Enter")
    expect(page.locator("#content")).to_contain_text(words["nothing"])
    assert page.goto(f"/village/{elsewhere.id}/").status == 404

    assert acts(page) == before + 6  # answered, passed on, converted (with the dispute it opened), handed over, told
    lines = [int(one) for one in page.locator("td.number").all_inner_texts()]
    assert sum(lines) == before + 6
