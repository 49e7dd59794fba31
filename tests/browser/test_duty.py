"""Duty before a real browser: a notice reaches the handler's bell, and the pages have no barriers on a phone or a screen."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.duty.jobs import catch_up
from fengqiao.base.clock import now
from fengqiao.cases import jobs
from fengqiao.kits.notices.models import Notice
from fengqiao.people import queries
from fengqiao.people.models import Shift
from fengqiao.testing_server import Site, sign_in

pytestmark = pytest.mark.browser
Sit = Callable[..., Any]
SHOTS = os.environ.get("FENGQIAO_SHOTS", "")
WAYS = [(390, "zh-CN", "light"), (390, "en-GB", "dark"), (1440, "zh-CN", "dark"), (1440, "en-GB", "light")]


def on_duty() -> Shift:
    """Return the turn of the room that runs now."""
    at = now()
    here = Shift.objects.select_related("person").filter(organisation__code="990101001-room", post="town_dispatcher")
    return here.get(starts__lte=at, ends__gt=at)


def looked_at(page: Page, name: str) -> None:
    """Expect a page without barriers that fits, and keep a picture for whoever asks."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_an_order_rings_the_handlers_bell_and_leads_to_the_case(sit: Sit) -> None:
    desk, handler = sit("dispatcher"), sit("handler")
    case = desk.file("Wire hangs low")
    desk.move(case, "accept")
    desk.move(case, "triage", category="0505", sla="S3")
    desk.move(case, "assign", lead=desk.organisation("Power"))
    jobs.relay(now())
    catch_up(now())
    handler.page.goto("/desk/")
    bell = handler.page.locator(".bell")
    expect(bell.locator(".count")).to_have_text("1")
    bell.locator("button").first.click()
    looked_at(handler.page, "bell-1440")
    bell.get_by_role("link", name="New order").click()
    expect(handler.case.locator("h1")).to_contain_text("Wire hangs low")
    expect(bell.locator(".count")).to_have_count(0)
    expect(bell.get_by_text("Rota and handover")).to_have_count(0)


def test_the_pages_of_duty_have_no_barriers_and_need_no_script(chromium: Browser, shared_site: Site) -> None:
    shift = on_duty()
    following = Shift.objects.select_related("person").get(organisation=shift.organisation, post=shift.post, starts=shift.ends)
    signed = ""
    for width, language, scheme in WAYS:
        screen = {"viewport": {"width": width, "height": 900}, "timezone_id": "Asia/Shanghai"}
        context = chromium.new_context(base_url=shared_site.address, locale=language, color_scheme=scheme, **screen)
        page = context.new_page()
        sign_in(page, shift.person.username)
        name = f"{width}-{language[:2]}"
        page.goto("/duty/")
        page.locator("#text").fill("Water stands at the crossing; barriers are set.")
        page.locator("section[aria-labelledby=log] button").click()
        looked_at(page, f"duty-{name}")
        if not signed:
            page.goto("/duty/handover/")
            looked_at(page, f"handover-{name}")
            page.locator("#remarks").fill("清溪路口积水，已设围挡")
            page.locator("main button").click()
            signed = page.url
        page.goto(signed)
        looked_at(page, f"record-{name}")
        context.close()
    context = chromium.new_context(base_url=shared_site.address, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in/")
    sign_in(page, following.person.username)
    page.goto("/duty/")
    page.get_by_role("link", name="Read and sign").click()
    page.get_by_role("button", name="I have read it and take over").click()
    expect(page.get_by_text("as signed")).to_be_visible()
    context.close()


def test_an_overdue_case_shows_yellow_the_leader_is_told_and_the_reply_is_recorded(sit: Sit) -> None:
    """E3.9, with the ladder climbed by the sweeper."""
    desk, handler = sit("dispatcher"), sit("handler")
    case = desk.file("Lamp out for days")
    desk.move(case, "accept")
    desk.move(case, "triage", category="0505", sla="S3")
    desk.move(case, "assign", lead=desk.organisation("Power"))
    late, leader = now(), ""
    while not leader:
        late += timedelta(hours=2)
        jobs.sweep(late)
        jobs.relay(late)
        with acting(machine_act("test", late)):
            leader = next((str(one.person_id) for one in Notice.objects.filter(sentence__startswith="Yellow card")), "")
    assert leader in {row.id for row in queries.on_duty(queries.organisation_by_code("990101001-office").id, "town_duty_leader", late)}
    desk.open("Lamp out for days")
    expect(desk.page.locator("ol.story")).to_contain_text("Yellow card")
    handler.open("Lamp out for days")
    asked = handler.case.locator("section[aria-labelledby=requests]")
    asked.get_by_role("button", name="Answer").click()
    asked.get_by_label("Grant", exact=True).check()
    asked.get_by_label("Reason").fill("The part arrives tomorrow; done by Friday.")
    handler.send(within=asked)
    expect(handler.page.locator("ol.story")).to_contain_text("The part arrives tomorrow")
