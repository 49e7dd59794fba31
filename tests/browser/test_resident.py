"""E1: a resident with a telephone, no account and the code in the stairwell; and the story that is told of it."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from fengqiao.access import catalogue
from fengqiao.access.acting import acting
from fengqiao.across.intake import services as intake
from fengqiao.across.intake.terms import Spot
from fengqiao.base.act import Act, Actor, ActorKind
from fengqiao.base.clock import now
from fengqiao.base.ids import new_id
from fengqiao.cases import forms, registry
from fengqiao.cases import services as cases
from fengqiao.cases.models import Case
from fengqiao.kits.files import services as files
from fengqiao.people import queries as people
from fengqiao.testing_server import sign_in

pytestmark = pytest.mark.browser
TOWN, VILLAGE = "990101001", "990101001001"
TELEPHONE = {"width": 390, "height": 844}


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 480), "#445566").save(out, "JPEG")
    return out.getvalue()


class Officers:
    """Those who carry on what the resident began, by the same services as the desk."""

    def __init__(self) -> None:
        self.town = {row.field: row.id for row in people.organisations(area=TOWN) if row.area == TOWN}
        self.committee = people.organisations(area=VILLAGE, kind="village_committee")[0].id
        self.actors = {
            "dispatcher": self._actor("town_dispatcher", self.town["command"], TOWN),
            "handler": self._actor("station_handler", self.town["power"], TOWN),
            "planner": self._actor("station_handler", self.town["municipal"], TOWN),
            "worker": self._actor("grid_worker", "", VILLAGE),
            "clerk": self._actor("village_clerk", self.committee, VILLAGE),
        }

    def _actor(self, post: str, org: str, area: str) -> Actor:
        me = str(uuid4())
        own = (f"person:{me}", *((f"org:{org}",) if org else ()))
        return Actor(ActorKind.PERSON, me, me, post, org, "town", ((area, area + "~"),), own, (), catalogue.post(post).permissions, post)

    def act(self, who: str) -> Act:
        return Act(new_id(), self.actors[who], now())

    def code(self, label: str = "1幢2单元") -> str:
        act = self.act("clerk")
        with acting(act):
            return intake.make_codes(act, VILLAGE, Spot.STAIRWELL, [label])[0].token

    def does(self, who: str, number: str, move: str, *, photo: bool = False, **said: object) -> None:
        act = self.act(who)
        with acting(act):
            if photo:
                said["files"] = [files.keep(act, SimpleUploadedFile("p.jpg", picture(), "image/jpeg")).id]
            case = Case.objects.get(number=number)
            cases.dispatch(act, case.id, move, forms.asks_of(registry.loop(case.kind), move)(**said))

    def finish(self, number: str, result: str) -> None:
        self.does("handler", number, "sign")
        self.does("handler", number, "start", contact="arrived")
        self.does("handler", number, "feed_back", photo=True, outcome="fixed", text=result)
        self.does("worker", number, "verify_pass", photo=True, override_reason="楼道内收不到定位")
        self.does("dispatcher", number, "close", message="已修好，谢谢您")


@pytest.fixture
def officers(browser: BrowserContext) -> Officers:
    return Officers()


@pytest.fixture
def phone(browser: BrowserContext) -> Iterator[Page]:
    page = browser.new_page()
    page.set_viewport_size(TELEPHONE)
    yield page
    page.close()


@pytest.fixture
def clean() -> Callable[[Page], None]:
    """Every page a resident meets is clean for a screen reader, and fits the telephone."""

    def look(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= page.viewport_size["width"], f"{page.url} is {wide} px wide"

    return look


def go_on(page: Page) -> None:
    page.click("button[name=go]")


def receipt_of(page: Page) -> tuple[str, str]:
    expect(page.locator("[data-code]")).to_be_visible()
    return page.inner_text("[data-number]"), page.inner_text("[data-code]")


def test_a_resident_reports_follows_rates_and_appeals(phone: Page, officers: Officers, clean, tmp_path: Path) -> None:
    shot = tmp_path / "light.jpg"
    shot.write_bytes(picture())

    phone.goto(f"/q/{officers.code()}/")
    expect(phone.locator("h1")).to_have_text(people.area(VILLAGE).name)
    expect(phone.get_by_text("我们记下什么、为什么")).to_be_visible()
    clean(phone)

    phone.get_by_role("link", name="投诉").click()
    expect(phone.get_by_role("link", name="邻里纠纷")).to_be_visible()
    clean(phone)

    phone.get_by_role("link", name="邻里纠纷").click()
    phone.fill("[name=text]", "楼上漏水，说了几次都没用")
    clean(phone)
    go_on(phone)
    clean(phone)
    go_on(phone)
    go_on(phone)
    expect(phone.locator(".wrong [name=name]")).to_be_visible()
    clean(phone)

    phone.select_option("[name=category]", "0505")
    phone.click("button[name=back]")
    phone.click("button[name=back]")
    expect(phone.locator("[name=text]")).to_have_value("楼上漏水，说了几次都没用")
    phone.fill("[name=text]", "一楼的路灯不亮了")
    phone.set_input_files("[name=photo]", shot)
    go_on(phone)
    go_on(phone)
    expect(phone.get_by_text("已附 1 张照片")).to_be_visible()
    expect(phone.locator("[name=category]")).to_have_value("0505")
    go_on(phone)
    number, code = receipt_of(phone)
    clean(phone)

    phone.context.clear_cookies()
    phone.goto("/query/")
    phone.fill("[name=number]", number)
    phone.fill("[name=code]", code)
    clean(phone)
    phone.click("main button")
    expect(phone.locator("[data-state=R]")).to_be_visible()
    assert not any(row.masked_phone and row.masked_phone in phone.inner_text("main") for row in people.persons())
    clean(phone)

    officers.does("dispatcher", number, "send_out", category="0505", lead=officers.town["power"])
    phone.reload()
    expect(phone.locator("[data-state=D]")).to_be_visible()
    expect(phone.locator("dl")).to_contain_text(people.organisation(officers.town["power"]).name)
    expect(phone.locator("dl time")).to_be_visible()

    officers.finish(number, "换了灯泡")
    phone.reload()
    expect(phone.locator("section", has_text="办理结果")).to_contain_text("换了灯泡")
    expect(phone.locator("section img").first).to_be_visible()
    assert phone.evaluate("Array.from(document.images).every((image) => image.loading === 'lazy' || image.naturalWidth > 0)")
    clean(phone)

    phone.check("[name=stars][value='2']")
    phone.fill("form[action*=rate] [name=text]", "晚上又灭了")
    phone.get_by_role("button", name="评价").click()
    phone.fill("form[action*=reopen] [name=reason]", "晚上又灭了")
    phone.get_by_role("button", name="重新办理").click()
    expect(phone.locator("[data-state=D][data-reopens='1']")).to_be_visible()

    officers.finish(number, "换了整盏灯")
    phone.reload()
    phone.check("[name=stars][value='1']")
    phone.get_by_role("button", name="评价").click()
    expect(phone.locator("form[action*=reopen]")).to_have_count(0)
    expect(phone.locator("form[action*=appeal]")).to_be_visible()

    phone.goto(f"/my-data/{number}/")
    expect(phone.locator("dl")).to_contain_text("一楼的路灯不亮了")
    clean(phone)
    phone.check("[name=wish][value=photo]")
    phone.get_by_role("button", name="提交申请").click()
    other, _code = receipt_of(phone)
    assert other != number


def test_stairwell_qr_a_suggestion_is_answered_and_another_is_passed_on(phone: Page, officers: Officers) -> None:
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


def test_the_pages_work_without_script_and_in_english(browser: BrowserContext, site, officers: Officers) -> None:
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


def test_a_clerk_prints_codes_for_a_new_compound_and_withdraws_one(browser: BrowserContext, officers: Officers, clean) -> None:
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
