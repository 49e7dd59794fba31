"""A second district, of another shape than the invented one, from files to its first closed case.

Two towns with villages and no grids, no sub-centre, a zone of its own, outlines as Chinese maps give them; its own kind of
matter, rule, limit, words, persons and posts are set on the settings desk. Everything runs as an operator would run it: the
commands of the manual, one server with its own database, a browser.
"""

import csv
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from fengqiao.people.coordinates import wgs84_to_gcj02
from fengqiao.testing_server import sign_in

from .conftest import PATIENCE, Desk  # noqa: TID252  # the folder is no package

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
ZONE = "Asia/Urumqi"
WEST, SOUTH, SIDE = 86.1, 44.3, 0.02
TOWNS = {"960303100": ("石河镇", "Shihe"), "960303101": ("柳沟乡", "Liugou")}
VILLAGES = {
    "960303100200": ("渠首村", "Canal Head"), "960303100201": ("下游村", "Lower Reach"), "960303101200": ("柳沟村", "Willow Creek"),
}  # fmt: skip
PUMPS = "960303-pumps"
CLOSED_IN_OWN_WORDS = "您说的{number}已经办好了，谢谢。"


def square(place: int) -> list[list[float]]:
    """A village as a Chinese map draws it: bent, so that taken as it stands it would lie half a kilometre off."""
    west, east = WEST + place * SIDE, WEST + (place + 1) * SIDE
    corners = [(west, SOUTH), (east, SOUTH), (east, SOUTH + SIDE), (west, SOUTH + SIDE), (west, SOUTH)]
    return [list(wgs84_to_gcj02(corner)) for corner in corners]


def write_files(folder: Path) -> None:
    """The files of the district: areas as CSV, offices and staff as a workbook with Chinese headings, outlines in GCJ-02."""
    with (folder / "areas.csv").open("w", newline="", encoding="gb18030") as opened:
        table = csv.writer(opened)
        table.writerow(["代码", "层级", "名称", "英文名", "户数"])
        table.writerows([code, "乡镇", name, name_en, ""] for code, (name, name_en) in TOWNS.items())
        table.writerows([code, "村", name, name_en, 300] for code, (name, name_en) in VILLAGES.items())
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = {
        "区县": [["代码", "名称", "英文名", "时区", "坐标系"], ["960303", "北庭县", "Beiting", ZONE, "GCJ02"]],
        "机构": [
            ["代码", "名称", "英文名", "类型", "所属区域", "业务", "开放时间"],
            ["960303-centre", "北庭县社会治理中心", "Beiting Centre", "综治中心", "960303", "", "1-7 00:00-24:00"],
            ["960303100-room", "石河镇指挥室", "Shihe Command Room", "指挥室", "960303100", "", ""],
            [PUMPS, "县灌溉泵站", "Irrigation Pumping Station", "站所", "960303", "irrigation", "周一至周五 10:00-14:00 15:30-19:30"],
        ],
        "人员": [
            ["账号", "姓名", "英文名", "岗位", "所属机构", "任职起"],
            ["chief", "沙管理", "Chief Sha", "sys_admin", "960303-centre", "2026-01-01"],
            ["second", "副管理", "Second Fu", "sys_admin", "960303-centre", "2026-01-01"],
            ["room", "马调度", "Dispatcher Ma", "town_dispatcher", "960303100-room", "2026-01-01"],
        ],
        "工作时间": [["上班", "下班"], ["10:00", "14:00"], ["15:30", "19:30"]],
    }
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / "district.xlsx")
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [square(place)]}}
        for place, code in enumerate(VILLAGES)
    ]
    (folder / "villages.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def environment() -> dict[str, str]:
    """Of this process only what is not ours: the commands find database and settings as an operator's would."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FENGQIAO_", "DATABASE_", "DJANGO_", "PYTEST_"))}
    # The site speaks plain HTTP to this machine only, and nobody here has a second factor yet.
    return {**kept, "FENGQIAO_HTTPS": "no", "FENGQIAO_MFA": "no", "FENGQIAO_HOSTS": "127.0.0.1", "PYTHONUTF8": "1"}


def command(data: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "fengqiao", *words, "--data", str(data)], env=environment(), capture_output=True, text=True, timeout=200,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def served(data: Path) -> Iterator[str]:
    """Serve it as the manual says, until the test is over."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "fengqiao", "serve", "--port", str(port), "--data", str(data), "--workers", "1"]
    process = subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE, text=True)
    try:
        began, line = time.monotonic(), ""
        while "Fengqiao is at" not in line:
            line = process.stdout.readline() if process.stdout else ""
            assert process.poll() is None, "the server ended by itself"
            assert time.monotonic() - began < 120
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout:
            process.stdout.close()


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The served district, and the first passwords of its staff."""
    files, data = tmp_path_factory.mktemp("beiting"), tmp_path_factory.mktemp("data")
    write_files(files)
    command(data, "prepare")
    assert "没有错误" in command(data, "district", str(files), "--check")
    told = command(data, "district", str(files), "--passwords", str(files / "passwords.csv"))
    assert re.search(r"6 areas", told), told
    with (files / "passwords.csv").open(encoding="utf-8-sig", newline="") as opened:
        passwords = {row["username"]: row["password"] for row in csv.DictReader(opened)}
    with served(data) as address:
        yield address, passwords


Enter = Callable[..., Page]


@pytest.fixture
def enter(chromium: Browser, district: tuple[str, dict[str, str]]) -> Iterator[Enter]:
    address, passwords = district
    contexts = []
    expect.set_options(timeout=PATIENCE)

    def come(username: str = "", password: str = "", **options: object) -> Page:
        settings: dict[str, Any] = {"locale": "en-GB", "viewport": {"width": 1440, "height": 900}, **options}
        context = chromium.new_context(base_url=address, timezone_id=ZONE, reduced_motion="reduce", **settings)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        if username:
            sign_in(page, username, password or passwords[username])
        return page

    yield come
    for context in contexts:
        context.close()


def change(page: Page, address: str, **fields: str) -> None:
    """Make a change on the settings desk: tried, then let count from today."""
    page.goto(f"/settings/{address}")
    for name, value in fields.items():
        field = page.locator(f"#id_{name}")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.click("button[value=try]")
    expect(page.locator("#tried")).to_be_visible()
    page.click("button[value=count]")
    expect(page.locator(".note.good")).to_contain_text("counts from now")


def appointed(page: Page, username: str, name: str, post: str, organisation: str) -> str:
    """Make an account with a post on the settings desk; returns its first password."""
    page.goto("/settings/persons/new/")
    page.fill("#id_username", username)
    page.fill("#id_name", name)
    page.select_option("#id_language", "en")
    page.click("main button")
    page.locator("summary", has_text="Appoint").click()
    page.select_option("#id_post", post)
    page.fill("#id_organisation", organisation)
    page.click("button[value=appoint]")
    expect(page.locator(".note.good")).to_contain_text("Appointed")
    page.locator("summary", has_text="New first password").click()
    page.get_by_role("button", name="Give a new first password").click()
    said = page.locator(".note.warn").inner_text()
    return re.search(r": (\S+) —", said)[1]  # type: ignore[index]


def brought_from_a_file(page: Page, folder: Path) -> str:
    """Bring the one who looks afterwards by a file of persons, with a mistake first; returns the first password."""
    page.goto("/settings/persons/file/")
    file = folder / "staff.csv"
    head = "username,name,name_en,language,post,organisation,area,since\n"
    file.write_text(head + "looker,看一看,Looker Kan,en,grid_worker,960303100-room,960303100999,2026-01-01\n", encoding="utf-8")
    page.set_input_files("#id_file", file)
    page.click("button[value=try]")
    expect(page.locator(".note.bad")).to_contain_text("row 2, column “area”: there is no area 960303100999.")
    file.write_text(head + "looker,看一看,Looker Kan,en,grid_worker,960303100-room,960303100,2026-01-01\n", encoding="utf-8")
    page.set_input_files("#id_file", file)
    page.click("button[value=try]")
    page.click("button[value=count]")
    return page.locator("td code").inner_text()


def set_what_is_ours(page: Page, today: str) -> None:
    """A kind of matter, its limit, who takes it, and the words in which its end is told."""
    change(page, "category/new/", code="0599", parent="05", name="水渠堵塞", name_en="Blocked canal", sla="S3", confidentiality="1",
           loop="incident")  # fmt: skip
    change(page, "limit/new/", sla="S3", clock="handle", category="0599", amount="3", unit="working_day")
    change(page, "message/of/reporter_close/zh-hans/", text=CLOSED_IN_OWN_WORDS)
    page.goto("/routing/")
    page.locator("details > summary").first.click()
    table = page.locator("[name=table]").input_value()
    head, _break, rest = table.partition("\n")
    rule = {
        "position": "5",
        "category": "0599",
        "level": "town",
        "organisation": PUMPS,
        "note": "水渠归泵站",
        "note_en": "Canals are the pumps'",
    }
    page.fill("[name=table]", "\n".join((head, ",".join(rule.get(name, "") for name in head.split(",")), rest)))
    page.fill("[name=since]", today)
    page.click("button[value=try]")
    page.click("button[value=count]")
    expect(page.locator(".note.good")).to_contain_text("rules count from")


def reported(phone: Page) -> tuple[str, str]:
    """Report from a telephone, in Chinese: town, village, aim, kind, words; returns number and code."""
    phone.goto("/report/")
    for name in (TOWNS["960303100"][0], VILLAGES["960303100200"][0], "投诉"):
        phone.get_by_role("link", name=name).first.click()
    link = phone.get_by_role("link", name="水渠堵塞")
    if not link.first.is_visible():
        phone.locator("details > summary").last.click()
    link.first.click()
    phone.fill("[name=text]", "渠首闸门下面堵了，水漫到路上")
    while phone.locator("button[name=go]").count():
        phone.click("button[name=go]")
        phone.wait_for_load_state()
    return phone.inner_text("[data-number]"), phone.inner_text("[data-code]")


def test_a_district_of_another_shape_goes_from_files_to_its_first_closed_case(
    enter: Enter, district: tuple[str, dict[str, str]], tmp_path: Path
) -> None:
    shot = tmp_path / "canal.png"
    Image.new("RGB", (64, 48), "#556677").save(shot)
    today = datetime.now(ZoneInfo(ZONE)).date().isoformat()

    chief = enter("chief")
    set_what_is_ours(chief, today)
    handler = appointed(chief, "pumps1", "水站长", "station_handler", PUMPS)
    looker = brought_from_a_file(chief, tmp_path)
    chief.goto("/settings/changes/")
    expect(chief.locator("main")).to_contain_text("Chief Sha")

    phone = enter(locale="zh-CN", viewport={"width": 390, "height": 844})
    number, _code = reported(phone)
    assert number.startswith("960303100"), "the number names the town"

    desk = Desk(enter("room"))
    desk.open("渠首闸门")
    desk.choose("Accept, triage and assign")
    desk.pick("Kind of matter", "0599")
    desk.pick("Lead organisation", "Irrigation")
    desk.send()
    expect(desk.case.locator(".where")).to_contain_text("Assigned")

    pumps = Desk(enter("pumps1", handler))
    pumps.open("渠首闸门")
    pumps.do("Sign for")
    pumps.choose("Start handling")
    pumps.send()
    clock = pumps.case.locator("section[aria-labelledby=clocks]")
    expect(clock.get_by_role("listitem").filter(has_text="To be handled")).to_contain_text("limit 3 working days")
    expect(pumps.page.locator("html")).to_have_attribute("data-zone", ZONE)
    pumps.choose("Report the result")
    pumps.next.get_by_label("Fixed").check()
    pumps.write("What was done", "闸门已清理")
    pumps.next.locator("input[type=file]").set_input_files(shot)
    expect(pumps.next.locator("li.picture")).to_contain_text("canal.png")
    pumps.send()

    eyes = Desk(enter("looker", looker))
    eyes.open("渠首闸门")
    eyes.choose("Confirm")
    eyes.write("What the reporter says", "水退了")
    eyes.send()
    expect(eyes.case.locator(".where")).to_contain_text("Verified")

    desk.open("渠首闸门")
    desk.do("Close", Message_to_the_reporter="已修好")
    expect(desk.case.locator(".where")).to_contain_text("Closed")

    # A hundred metres beyond the border of two villages: were the outlines not straightened, it would lie in the first.
    beyond, lat = WEST + SIDE + 100 / 79_700, SOUTH + SIDE / 2
    filed = desk.call("POST", "/api/cases", {"kind": "incident", "asked": {"text": "树倒在渠里", "place": {"lon": beyond, "lat": lat}}})
    assert (filed["status"], filed["body"].get("area_title")) == (201, "Lower Reach, Shihe"), filed

    told, began = CLOSED_IN_OWN_WORDS.replace("{number}", number), time.monotonic()
    phone.goto(f"/query/{number}/")
    expect(phone.locator("main")).to_contain_text("闸门已清理")
    while told not in (phone.locator("main").text_content() or "") and time.monotonic() - began < 30:
        phone.reload()  # the worker tells within a second or two
    expect(phone.locator("main")).to_contain_text(told)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
