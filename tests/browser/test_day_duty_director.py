"""What a district duty director does (handbook E7, steps 1, 2, 8 and 10), on a screen and on a phone, in both languages."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection, transaction
from playwright.sync_api import Page, expect

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.duty.jobs import glasses
from fengqiao.audit.models import BreakGlass
from fengqiao.base.clock import now
from fengqiao.kits.notices.models import Notice
from fengqiao.people.models import Person

pytestmark = pytest.mark.browser
Sit = Callable[..., Any]
SHOTS = os.environ.get("FENGQIAO_SHOTS", "")
WAYS = [
    pytest.param(1440, "en-GB", id="a screen, English"),
    pytest.param(390, "zh-CN", id="a phone, Chinese"),
    pytest.param(1440, "zh-CN", id="a screen, Chinese", marks=pytest.mark.slow),
    pytest.param(390, "en-GB", id="a phone, English", marks=pytest.mark.slow),
]
WORDS = {
    "en": {
        "bands": ["What has happened", "What is to do", "How it goes", "How well it went"],
        "answer": "Answer",
        "answered": "Third objection",
        "grant": "Grant",
        "reply": "Reason",
        "lead": "Organisation that leads from now on",
        "market": "Qingxi Market",
        "glass": "Break the glass",
        "reason": "Why it cannot wait",
    },
    "zh": {
        "bands": ["发生什么", "要干什么", "怎么干", "干得怎么样"],
        "answer": "答复",
        "answered": "第三次退件",
        "grant": "同意",
        "reply": "答复理由",
        "lead": "改由哪个单位主办",
        "market": "清溪街道市场监管",
        "glass": "紧急打开",
        "reason": "为什么不能等",
    },
}


def window(width: int, locale: str) -> dict[str, Any]:
    return {"viewport": {"width": width, "height": 900 if width > 1000 else 844}, "locale": locale}


def looked_at(page: Page, name: str) -> None:
    """Expect a page without barriers that fits, and keep a picture for whoever asks."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


@pytest.mark.parametrize(("width", "locale"), WAYS)
def test_the_day_has_four_views_that_add_up_and_every_number_opens_its_list(sit: Sit, width: int, locale: str) -> None:
    desk = sit("director", **window(width, locale))
    for text in ("A lamp is out", "A drain is blocked"):
        sit("dispatcher").file(text)
    page = desk.page
    page.goto("/day/")
    assert page.locator("main h2").all_inner_texts() == WORDS[locale[:2]]["bands"]
    opening, new, reopened, ended, closing = (int(text) for text in page.locator(".sum em").all_inner_texts())
    assert new >= 2
    assert opening + new + reopened - ended == closing
    looked_at(page, f"day-{width}-{locale}")
    links = page.locator("main .figure-main, main .sum a, main .bars a, main .columns a, main .durations a, main .beside a")
    addresses = links.evaluate_all("all => all.map(one => [one.getAttribute('href'), one.textContent])")
    assert len(addresses) > 20
    for address, _text in addresses:
        assert page.request.get(address).status == 200, address
    page.goto(next(address for address, _text in addresses if "what=new" in address))
    expect(page.locator("tbody tr")).to_have_count(min(new, 50))
    looked_at(page, f"day-rows-{width}-{locale}")


@pytest.mark.parametrize(("width", "locale"), WAYS)
def test_the_director_decides_a_third_objection_and_the_order_binds(sit: Sit, width: int, locale: str) -> None:
    words, title = WORDS[locale[:2]], f"Whose duct is this {width} {locale}"
    dispatcher, handler = sit("dispatcher"), sit("handler")
    case = dispatcher.file(title)
    dispatcher.move(case, "accept")
    dispatcher.move(case, "triage", category="0505")
    power, market = dispatcher.organisation("Power"), dispatcher.organisation("Market")
    for reason in ("A telecom duct", "Still a telecom duct"):
        dispatcher.move(case, "assign", lead=power)
        handler.move(case, "object", reason=reason)
    dispatcher.move(case, "assign", lead=power)
    asked = handler.call("POST", f"/api/cases/{case}/requests/objection", {"asked": {"reason": "It never was ours"}})
    assert asked["status"] == 200, asked
    director = sit("director", **window(width, locale))
    director.open(title, box="requests")
    form = director.case.locator("section[aria-labelledby=requests]")
    expect(form).to_contain_text("It never was ours")
    form.get_by_role("button", name=words["answer"], exact=True).click()
    looked_at(director.page, f"objection-{width}-{locale}")
    form.get_by_label(words["grant"], exact=True).check()
    director.pick(words["lead"], words["market"], within=form)
    director.write(words["reply"], "The market office leads", within=form)
    director.send(within=form)
    director.said(words["answered"])
    body = dispatcher.call("GET", f"/api/cases/{case}")["body"]
    assert body["lead"]["id"] == market


@pytest.mark.parametrize(("width", "locale"), WAYS)
def test_a_sealed_case_is_refused_until_the_glass_is_broken_and_the_officer_is_told(sit: Sit, width: int, locale: str) -> None:
    words, title = WORDS[locale[:2]], f"Somebody cries behind the door {width} {locale}"
    case = sit("dispatcher").file(title)
    seal(case)
    director = sit("director", **window(width, locale))
    director.page.goto(f"/desk/cases/{case}?box=all")
    expect(director.page.locator("form.glass")).to_be_visible()
    expect(director.page.locator("body")).not_to_contain_text(title)
    assert director.call("GET", f"/api/cases/{case}")["status"] == 404
    looked_at(director.page, f"glass-{width}-{locale}")
    button = director.page.get_by_role("button", name=words["glass"])
    director.page.get_by_label(words["reason"]).fill("too short")
    expect(button).to_be_disabled()
    director.page.get_by_label(words["reason"]).fill("Neighbours hear a child cry for help now")
    button.click()
    expect(director.case.locator("h1")).to_contain_text(title)
    broken = BreakGlass.objects.get(case_id=case)
    assert broken.reason == "Neighbours hear a child cry for help now"
    assert str(broken.person) == str(Person.objects.get(username="director").pk)
    glasses(now())
    with acting(machine_act("duty", now())):
        told = list(Notice.objects.filter(once=f"glass:{broken.id}").values_list("person__username", "urgent"))
    assert told == [("protector", True)]


@pytest.mark.parametrize("username", ["dispatcher", "handler"])
def test_whoever_may_not_break_the_glass_is_offered_none(sit: Sit, username: str) -> None:
    case = sit("dispatcher").file("Sealed for everybody else")
    seal(case)
    desk = sit(username)
    desk.page.goto(f"/desk/cases/{case}?box=all")
    expect(desk.page.locator(".note.wrong")).to_be_visible()
    expect(desk.page.locator("form.glass")).to_have_count(0)


def seal(case: str) -> None:
    """Put a case into a compartment in which nobody here sits, as the module of such matters will."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE fengqiao_engine")
        cursor.execute("UPDATE cases SET confidentiality = 4, compartment = 'minors' WHERE id = %s", [case])


@pytest.mark.parametrize(("width", "locale"), WAYS[:2])
def test_the_other_pages_of_the_day_have_no_barriers_and_the_slider_obeys_the_keys(sit: Sit, width: int, locale: str) -> None:
    page = sit("director", **window(width, locale)).page
    for address in ("levels/", "registry/", "baselines/", "paper/", "?wall=1"):
        page.goto(f"/day/{address}")
        looked_at(page, f"day-{address.strip('/?').replace('=', '-')}-{width}-{locale}")
    page.goto("/day/replay/?date=2026-11-20&at=09:00")
    looked_at(page, f"replay-{width}-{locale}")
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#moment .sum em").first).to_have_text("09:01")
    expect(slider).to_have_attribute("aria-valuetext", "09:01")
    page.keyboard.press("End")
    expect(page.locator("#moment .sum em").first).to_have_text("24:00")
