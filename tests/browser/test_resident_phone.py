"""A cheap telephone, a bad network, and no script: nothing typed is lost, little is sent, and nobody's photo is shown to others."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Response, Route, expect

from fengqiao.testing_server import Site

pytestmark = pytest.mark.browser
TELEPHONE = {"width": 390, "height": 844}
MOST_BYTES = 100_000


@pytest.fixture
def phone(chromium: Browser, site: Site) -> Iterator[Page]:
    context = chromium.new_context(base_url=str(site), locale="zh-CN", timezone_id="Asia/Shanghai", viewport=TELEPHONE)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def scriptless(chromium: Browser, site: Site) -> Iterator[Page]:
    context = chromium.new_context(base_url=str(site), locale="en-GB", viewport=TELEPHONE, java_script_enabled=False)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def held_sideways(tmp_path: Path) -> Path:
    """A photo as a telephone writes it: lying on its side, with a note how it was held and where; its sky (red) is up when turned."""
    shot = Image.new("RGB", (2400, 1800), "#204060")
    shot.paste("#d02020", (0, 0, 300, 1800))
    notes = Image.Exif()
    notes[0x0112] = 6  # turn right to see it upright
    notes[0x8825] = {1: "N", 2: (29.0, 43.0, 1.0), 3: "E", 4: (120.0, 25.0, 1.0)}
    path = tmp_path / "sideways.jpg"
    shot.save(path, "JPEG", quality=95, exif=notes)
    return path


def go_on(page: Page) -> None:
    page.click("button[name=go]")


def sent_of(page: Page) -> str:
    expect(page.locator("[data-code]")).to_be_visible()
    return page.inner_text("[data-number]")


def broken(status: int) -> Callable[[Route], None]:
    """A house that answers what is sent with a fault, or (0) a network that breaks off."""

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif status:
            route.fulfill(status=status, body="broken")
        else:
            route.abort("connectionreset")

    return answer


def kept_of(page: Page, number: str) -> Image.Image:
    """The one photo of a report, as the house kept it."""
    page.goto(f"/query/{number}/")
    photos = page.locator("ol.story img")
    expect(photos).to_have_count(1)
    return Image.open(BytesIO(page.request.get(str(photos.get_attribute("src")).split("?")[0]).body()))


def test_a_photo_is_made_small_upright_and_without_place_on_the_telephone(phone: Page, officers: Any, held_sideways: Path) -> None:
    phone.goto(f"/q/{officers.code()}/defect/0505/")
    phone.fill("[name=text]", "路灯不亮")
    phone.set_input_files("[name=photo]", held_sideways)
    expect(phone.locator("[data-said]")).to_contain_text("照片 1 张")
    small = phone.evaluate("""async () => {
      const file = document.querySelector('[data-photos]').files[0]
      const image = await createImageBitmap(file), canvas = new OffscreenCanvas(image.width, image.height)
      const pen = canvas.getContext('2d')
      pen.drawImage(image, 0, 0)
      const bytes = new Uint8Array(await file.arrayBuffer()), text = String.fromCharCode(...bytes.slice(0, 4000))
      return {width: image.width, height: image.height, size: file.size, exif: text.includes('Exif'),
              sky: [...pen.getImageData(600, 30, 1, 1).data], ground: [...pen.getImageData(600, 1500, 1, 1).data]}
    }""")
    assert (small["width"], small["height"]) == (1200, 1600)
    assert small["sky"][0] > 150
    assert small["ground"][0] < 80
    assert not small["exif"]
    assert small["size"] < held_sideways.stat().st_size
    for _step in range(3):
        go_on(phone)
    assert kept_of(phone, sent_of(phone)).size == (1200, 1600)


def test_without_script_the_photo_is_sent_as_it_is_and_cleaned_here(scriptless: Page, officers: Any, held_sideways: Path) -> None:
    scriptless.goto(f"/q/{officers.code()}/defect/0505/")
    scriptless.fill("[name=text]", "The street lamp is out")
    scriptless.set_input_files("[name=photo]", held_sideways)
    for _step in range(3):
        go_on(scriptless)
    kept = kept_of(scriptless, sent_of(scriptless))
    assert kept.size == (1800, 2400)
    assert not kept.getexif()


def test_what_was_typed_outlives_reload_dead_network_and_error_until_the_receipt(phone: Page, officers: Any) -> None:
    token = officers.code()
    address = f"/q/{token}/defect/0505/"
    phone.goto(address)
    phone.fill("[name=text]", "三楼走廊的灯一直闪")
    phone.reload()
    expect(phone.locator("[name=text]")).to_have_value("三楼走廊的灯一直闪")
    expect(phone.locator("[data-said]")).to_contain_text("您上次写的内容还在")

    phone.context.set_offline(True)
    go_on(phone)
    expect(phone.locator("[data-said]")).to_contain_text("现在没有网络")
    expect(phone.locator("[name=text]")).to_have_value("三楼走廊的灯一直闪")
    phone.context.set_offline(False)
    expect(phone.locator("[data-said]")).to_contain_text("网络恢复了")

    for status in (0, 500):  # the network says it is there, and is not; the house has a fault
        phone.route("**" + address, broken(status))
        with phone.expect_event("framenavigated" if status else "requestfailed"):
            phone.locator("button[name=go]").click(no_wait_after=True)
        phone.unroute("**" + address)
        phone.goto(f"/q/{token}/")
        phone.get_by_role("link", name="继续上次没写完的").click()
        expect(phone.locator("[name=text]")).to_have_value("三楼走廊的灯一直闪")

    go_on(phone)
    phone.fill("[name=address]", "三单元门口")
    phone.goto(address)
    go_on(phone)
    expect(phone.locator("[name=address]")).to_have_value("三单元门口")
    go_on(phone)
    go_on(phone)
    assert officers.sees(number=sent_of(phone))[0].address == "三单元门口"
    phone.goto(address)
    expect(phone.locator("[name=text]")).to_have_value("")
    expect(phone.locator("[data-said]")).to_be_hidden()


def test_a_lost_answer_makes_no_second_report_even_when_the_words_were_changed(phone: Page, officers: Any) -> None:
    address = f"/q/{officers.code()}/defect/0505/"
    phone.goto(address)
    phone.fill("[name=text]", "门口的灯不亮")
    go_on(phone)
    go_on(phone)
    kept = phone.evaluate("localStorage.getItem('fengqiao-draft')")
    go_on(phone)
    number = sent_of(phone)
    phone.evaluate("(kept) => localStorage.setItem('fengqiao-draft', kept)", kept)  # as if the receipt had never arrived
    phone.goto(address)
    phone.fill("[name=text]", "门口的灯不亮，两天了")
    for _step in range(4):
        if phone.locator("[data-code]").count():
            break
        go_on(phone)
    assert sent_of(phone) == number
    expect(phone.get_by_role("status")).to_contain_text("之前已经收到")
    assert len(officers.sees(category="0505")) == 1


def test_nothing_is_kept_where_somebody_may_be_watching_and_the_quick_way_out_drops_all(phone: Page, officers: Any) -> None:
    token = officers.code()
    phone.goto(f"/q/{token}/complaint/0907/")
    assert phone.locator("[data-leave]").count() == 1
    if phone.locator("[name=text]").count():
        phone.fill("[name=text]", "老板拖着工资还威胁我们")
    assert phone.evaluate("localStorage.getItem('fengqiao-draft')") is None
    phone.goto(f"/q/{token}/defect/0505/")
    phone.fill("[name=text]", "灯不亮")
    phone.goto("/help-now/")
    phone.route("https://www.baidu.com/**", lambda route: route.fulfill(body="elsewhere"))
    phone.click("[data-leave]")
    phone.wait_for_url("https://www.baidu.com/")
    phone.goto(str(officers.site_address) + f"/q/{token}/defect/0505/")
    expect(phone.locator("[name=text]")).to_have_value("")


def test_is_it_one_of_these_shows_a_drawing_how_far_and_how_old_but_no_words_and_no_photo(
    phone: Page, officers: Any, clean: Any, held_sideways: Path
) -> None:
    address = f"/q/{officers.code()}/defect/0505/"
    phone.goto(address)
    phone.fill("[name=text]", "二号楼门口路灯不亮，王阿姨摔了一跤")
    phone.set_input_files("[name=photo]", held_sideways)
    expect(phone.locator("[data-said]")).to_contain_text("照片 1 张")
    for _step in range(3):
        go_on(phone)
    first = sent_of(phone)
    phone.context.clear_cookies()
    phone.goto(address)
    phone.fill("[name=text]", "二号楼门口路灯不亮")
    go_on(phone)
    go_on(phone)
    near = phone.locator(".near")
    expect(near).to_have_count(1)
    expect(near).to_contain_text("米")
    expect(near).to_contain_text("刚刚")
    assert "王阿姨" not in near.inner_text()
    assert near.locator("svg.drawn").bounding_box()["width"] > 40
    assert near.locator("img").count() == 0
    clean(phone)
    near.get_by_role("button").click()
    expect(phone.locator("[data-number]")).to_have_text(first)
    assert len(officers.sees(category="0505")) == 1


@pytest.mark.parametrize(
    ("outcome", "words", "told"),
    [
        ("not_ours", "不属本单位", "这盏灯归小区物业，已转告 0577 的物业"),
        ("cannot", "无法办理", "产权不清，须先由业主大会决定"),
        ("fixed", "已解决", "换了灯泡"),
    ],
)
def test_a_close_is_honest_about_whether_it_is_fixed(phone: Page, officers: Any, outcome: str, words: str, told: str) -> None:
    phone.goto(f"/q/{officers.code()}/defect/0505/")
    phone.fill("[name=text]", "路灯不亮")
    for _step in range(3):
        go_on(phone)
    number = sent_of(phone)
    officers.does("dispatcher", number, "send_out", category="0505", lead=officers.town["power"])
    officers.finish(number, told, outcome=outcome)
    phone.goto(f"/query/{number}/")
    result = phone.locator("section[aria-labelledby=result]")
    expect(result).to_contain_text(told)
    expect(result.locator("strong")).to_contain_text(words)


def test_what_is_not_taken_in_says_why_and_what_to_do_at_the_top(phone: Page, officers: Any, clean: Any) -> None:
    phone.goto(f"/q/{officers.code()}/defect/0505/")
    phone.fill("[name=text]", "邻区的路灯不亮")
    for _step in range(3):
        go_on(phone)
    number = sent_of(phone)
    officers.does("dispatcher", number, "reject", reason="other_area", remedy="请拨打邻区 12345")
    phone.goto(f"/query/{number}/")
    expect(phone.locator("section[aria-labelledby=why-not]")).to_contain_text("请拨打邻区 12345")
    clean(phone)


def test_one_press_leads_whoever_is_afraid_to_a_number(scriptless: Page, officers: Any) -> None:
    scriptless.goto(f"/q/{officers.code()}/")
    scriptless.get_by_role("link", name="I am afraid, or somebody is in danger").click()
    call = scriptless.get_by_role("link", name="A crime that is happening now")
    assert call.get_attribute("href") == "tel:110"
    assert call.bounding_box()["height"] >= 64
    assert scriptless.locator("[data-leave]").is_visible()


def test_no_step_of_a_report_weighs_more_than_a_hundred_kilobytes(phone: Page, officers: Any) -> None:
    heard: list[Response] = []
    phone.on("response", lambda answer: heard.append(answer))

    def weighed() -> int:
        phone.wait_for_load_state("networkidle")
        total = sum(len(one.body()) for one in heard if one.status == 200)
        heard.clear()
        return total

    token, weights = officers.code(), {}
    for step, address in (("landing", f"/q/{token}/"), ("kinds", f"/q/{token}/complaint/"), ("what", f"/q/{token}/defect/0505/")):
        phone.context.clear_cookies()
        phone.goto(address)
        weights[step] = weighed()
    phone.fill("[name=text]", "路灯不亮")
    for step in ("where", "who", "receipt"):
        go_on(phone)
        phone.locator("#map > summary").click() if step == "where" and phone.locator("#map:not([open])").count() else None
        weights[step] = weighed()
    assert max(weights.values()) < MOST_BYTES, weights
    assert min(weights.values()) > 1000, "nothing was weighed"
