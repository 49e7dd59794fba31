"""E1: a resident with a telephone, no account and the code in the stairwell; and the story that is told of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fengqiao.people import queries as people
from fengqiao.testing_server import Site, sign_in

pytestmark = pytest.mark.browser
VILLAGE = "990101001001"
TELEPHONE = {"width": 390, "height": 844}
WAYS = [
    pytest.param(390, "zh-CN", id="a phone, Chinese"),
    pytest.param(1440, "en-GB", id="a screen, English", marks=pytest.mark.slow),
    pytest.param(390, "en-GB", id="a phone, English", marks=pytest.mark.slow),
    pytest.param(1440, "zh-CN", id="a screen, Chinese", marks=pytest.mark.slow),
]
WORDS = {
    "zh": {
        "kept": "我们记下什么、为什么", "complaint": "投诉", "dispute": "邻里纠纷", "attached": "已附 1 张照片", "result": "办理结果",
        "rate": "评价", "again": "重新办理", "ask": "提交申请", "means": "已经收到",
    },
    "en": {
        "kept": "What we keep, and why", "complaint": "Complaint", "dispute": "Between neighbours", "attached": "1 photo is attached",
        "result": "The result", "rate": "Rate", "again": "Handle it again", "ask": "Send the request",
        "means": "It has arrived",
    },
}  # fmt: skip


def go_on(page: Page) -> None:
    page.click("button[name=go]")


def receipt_of(page: Page) -> tuple[str, str]:
    expect(page.locator("[data-code]")).to_be_visible()
    return page.inner_text("[data-number]"), page.inner_text("[data-code]")


@pytest.fixture
def phone(browser: BrowserContext) -> Iterator[Page]:
    page = browser.new_page()
    page.set_viewport_size(TELEPHONE)
    yield page
    page.close()


@pytest.mark.parametrize(("width", "locale"), WAYS)
def test_a_resident_reports_follows_rates_and_appeals(
    chromium: Browser, site: Site, officers: Any, clean: Any, tmp_path: Path, width: int, locale: str
) -> None:
    words, english = WORDS[locale[:2]], locale.startswith("en")
    context = chromium.new_context(base_url=str(site), locale=locale, timezone_id="Asia/Shanghai", viewport={"width": width, "height": 844})
    context.set_default_timeout(10_000)
    phone, shot = context.new_page(), tmp_path / "light.jpg"
    Image.new("RGB", (640, 480), "#445566").save(shot)
    village = people.area(VILLAGE)

    phone.goto(f"/q/{officers.code()}/")  # step 1
    expect(phone.locator("h1")).to_have_text(village.name_en if english else village.name)
    expect(phone.get_by_text(words["kept"])).to_be_visible()
    clean(phone)

    phone.get_by_role("link", name=words["complaint"]).click()  # step 2
    expect(phone.get_by_role("link", name=words["dispute"], exact=True)).to_be_visible()
    clean(phone)

    phone.get_by_role("link", name=words["dispute"], exact=True).click()  # step 3
    phone.fill("[name=text]", "楼上漏水，说了几次都没用")
    clean(phone)
    go_on(phone)
    clean(phone)
    go_on(phone)
    go_on(phone)
    expect(phone.locator(".wrong [name=name]")).to_be_visible()
    clean(phone)

    phone.select_option("[name=category]", "0505")  # step 4
    phone.click("button[name=back]")
    phone.click("button[name=back]")
    expect(phone.locator("[name=text]")).to_have_value("楼上漏水，说了几次都没用")
    phone.fill("[name=text]", "一楼的路灯不亮了")
    phone.set_input_files("[name=photo]", shot)
    go_on(phone)
    go_on(phone)
    expect(phone.get_by_text(words["attached"])).to_be_visible()
    expect(phone.locator("[name=category]")).to_have_value("0505")
    go_on(phone)
    number, code = receipt_of(phone)
    clean(phone)

    phone.context.clear_cookies()  # step 5
    phone.goto("/query/")
    phone.fill("[name=number]", number)
    phone.fill("[name=code]", code)
    clean(phone)
    phone.click("main button")
    expect(phone.locator("[data-state=R]")).to_be_visible()
    expect(phone.locator("main")).to_contain_text(words["means"])
    assert not any(row.masked_phone and row.masked_phone in phone.inner_text("main") for row in people.persons())
    clean(phone)

    officers.does("dispatcher", number, "send_out", category="0505", lead=officers.town["power"])  # step 6
    phone.reload()
    expect(phone.locator("[data-state=D]")).to_be_visible()
    station = people.organisation(officers.town["power"])
    expect(phone.locator("dl")).to_contain_text(station.called("en" if english else "zh-hans"))
    expect(phone.locator("dl time")).to_be_visible()

    officers.finish(number, "换了灯泡")  # step 7
    phone.reload()
    expect(phone.locator("section", has_text=words["result"])).to_contain_text("换了灯泡")
    expect(phone.locator("section img").first).to_be_visible()
    assert phone.evaluate("Array.from(document.images).every((image) => image.loading === 'lazy' || image.naturalWidth > 0)")
    clean(phone)

    phone.check("[name=stars][value='2']")  # step 8
    phone.fill("form[action*=rate] [name=text]", "晚上又灭了")
    phone.get_by_role("button", name=words["rate"], exact=True).click()
    phone.fill("form[action*=reopen] [name=reason]", "晚上又灭了")
    clean(phone)
    phone.get_by_role("button", name=words["again"]).click()
    expect(phone.locator("[data-state=D][data-reopens='1']")).to_be_visible()

    officers.finish(number, "换了整盏灯")  # step 9
    phone.reload()
    phone.check("[name=stars][value='1']")
    phone.get_by_role("button", name=words["rate"], exact=True).click()
    expect(phone.locator("form[action*=reopen]")).to_have_count(0)
    expect(phone.locator("form[action*=appeal]")).to_be_visible()
    clean(phone)

    phone.goto(f"/my-data/{number}/")  # step 10
    expect(phone.locator("dl")).to_contain_text("一楼的路灯不亮了")
    clean(phone)
    phone.check("[name=wish][value=photo]")
    phone.get_by_role("button", name=words["ask"]).click()
    other, _code = receipt_of(phone)
    assert other != number
    context.close()


def test_stairwell_qr_a_suggestion_is_answered_and_another_is_passed_on(phone: Page, officers: Any) -> None:
    token = officers.code("3幢1单元")

    def suggest(text: str) -> str:
        phone.goto(f"/q/{token}/")
        phone.get_by_role("link", name="建议").click()
        phone.fill("[name=text]", text)
        go_on(phone)
        go_on(phone)
        go_on(phone)
        return receipt_of(phone)[0]

    first, second = suggest("楼道里加一排晾衣杆"), suggest("小区门口加一个公交站")
    officers.does("clerk", first, "answer", text="下周一起商量位置，三单元先装。")
    officers.does("clerk", second, "pass_on", reason="居民多次提出，社区无权设站，请街道研究")
    officers.does("dispatcher", second, "assign", lead=officers.town["municipal"])
    phone.goto(f"/query/{first}/")
    expect(phone.locator("main")).to_contain_text("下周一起商量位置")
    phone.goto(f"/query/{second}/")
    expect(phone.locator("[data-state=D]")).to_be_visible()
    officers.does("planner", second, "sign")
    officers.does("planner", second, "start", contact="written")
    officers.does("planner", second, "feed_back", outcome="answered", text="已列入明年公交线路调整。")
    officers.does("clerk", second, "deliver", review="答复清楚，有时间")
    phone.reload()
    expect(phone.locator("section", has_text="办理结果")).to_contain_text("已列入明年公交线路调整")


def test_the_pages_work_without_script_and_in_english(browser: BrowserContext, site, officers: Any) -> None:
    plain = browser.browser.new_context(base_url=str(site), java_script_enabled=False, locale="en-GB", viewport=TELEPHONE)
    page = plain.new_page()
    page.goto(f"/q/{officers.code()}/")
    page.get_by_role("link", name="Something is broken").click()
    page.get_by_role("link", name="Manhole cover").click()
    page.fill("[name=text]", "The cover is loose")
    go_on(page)
    page.get_by_text("Show it on the map").click()
    page.click("input[type=image]", position={"x": 150, "y": 60})
    expect(page.locator("input[type=image]")).to_be_visible()
    go_on(page)
    go_on(page)
    number, _code = receipt_of(page)
    page.get_by_role("link", name="See how far it is").click()
    expect(page.locator("h1")).to_have_text("Reported")
    assert number in page.url
    plain.close()


def test_a_clerk_prints_codes_for_a_new_compound_and_withdraws_one(browser: BrowserContext, officers: Any, clean) -> None:
    page = browser.new_page()
    sign_in(page, "clerk")
    page.goto("/codes/")
    clean(page)
    page.locator("details", has_text="生成场所码").locator("summary").click()
    page.select_option("[name=area]", VILLAGE)
    page.fill("[name=labels]", "\n".join(f"{n}幢" for n in range(1, 11)))
    page.get_by_role("button", name="生成并打印").click()
    expect(page.locator(".stickers > li")).to_have_count(10)
    clean(page)
    token = page.locator(".stickers > li").first.locator(".number").inner_text()
    page.goto(f"/codes/poster/{token}/")
    expect(page.locator(".poster svg")).to_be_visible()
    clean(page)

    resident = browser.browser.new_context(base_url=browser.pages[0].url.split("/codes")[0], locale="zh-CN", viewport=TELEPHONE)
    reader = resident.new_page()
    reader.goto(f"/q/{token}/")
    expect(reader.locator("h1")).to_have_text(people.area(VILLAGE).name)

    page.goto("/codes/")
    row = page.locator("tr", has_text=token)
    row.locator("summary").click()
    row.locator("[name=why]").fill("换新的牌子")
    row.get_by_role("button", name="停用").click()
    expect(page.locator("tr", has_text=token)).to_contain_text("换新的牌子")
    reader.reload()
    expect(reader.locator("main")).to_contain_text("这个码已停用")
    resident.close()
