"""E3: a town dispatcher's day at the desk, in a real browser; with --full also on a telephone and in Chinese."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.duty.jobs import catch_up
from fengqiao.base.clock import now
from fengqiao.cases.jobs import relay, sweep
from fengqiao.kits.notices.models import Notice, Told

pytestmark = [pytest.mark.browser, pytest.mark.looks]
Sit = Callable[..., Any]
SHOTS = os.environ.get("FENGQIAO_SHOTS", "")


def worker_passes(at: datetime | None = None) -> None:
    """Do what the worker does a moment later: publish what happened, and tell people of it."""
    while relay(at or now()) or catch_up(at or now()):
        pass


def clean(desk: Any, name: str) -> None:
    """Clean for a screen reader, and no wider than the screen."""
    if SHOTS:
        desk.page.screenshot(path=Path(SHOTS) / f"e3-{name}-{desk.look}.png", full_page=True)
    found = Axe().run(desk.page)
    assert found.violations_count == 0, found.generate_report()
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= desk.look.width


def test_a_dispatcher_comes_to_four_desks_and_an_inbox_by_the_colour_of_the_clock(sit: Sit) -> None:
    desk = sit("dispatcher")
    desk.file("Cable across the footpath", category="0509")
    desk.file("Bench without a plank", category="0505")
    desk.box("to_accept")
    desks = desk.page.get_by_role("group", name=desk.tongue("The four desks")).get_by_role("button")
    expect(desks).to_have_count(4)
    expect(desk.row("Cable across the footpath").locator(".chip")).to_be_visible()
    titles = desk.page.locator("a.line").all_inner_texts()
    first, second = (next(place for place, row in enumerate(titles) if desk.named(title) in row) for title in (
        "Cable across the footpath", "Bench without a plank"))  # fmt: skip
    assert first < second, "what is due first stands first"
    clean(desk, "desks")


def test_a_dispatcher_carries_a_case_from_accept_to_the_order(sit: Sit) -> None:
    desk = sit("dispatcher")
    case = desk.file("Light out at the east gate")
    desk.box("to_accept")
    desk.stands_in("To accept")
    desk.row("Light out at the east gate").click()

    desk.do("Accept")
    desk.said("Done: Accept")
    worker_passes()
    assert [told.sentence for told in Told.objects.filter(about=case)], "whoever reported it was told"
    expect(desk.case).to_contain_text(desk.tongue("Accepted"))

    desk.choose("Triage")
    desk.pick("Kind of matter", "0505")
    expect(desk.next).to_contain_text(desk.tongue("By default limit class S1, confidentiality C1"))
    desk.send()
    desk.said("Done: Triage")
    expect(desk.case).to_contain_text("0505")

    desk.choose("Assign")
    desk.pick("Lead organisation", desk.tongue.body("Power Supply"))
    desk.pick("Assisting organisations", desk.tongue.body("Enforcement"))
    desk.write("Order", "Two hours, please: children pass there.")
    desk.send()
    desk.said("Done: Assign")
    people = desk.case.locator("section[aria-labelledby=people]")
    expect(people).to_contain_text(desk.tongue.body("Power Supply"))
    expect(people).to_contain_text(desk.tongue.body("Enforcement"))
    expect(desk.case.locator("section[aria-labelledby=clocks]")).to_contain_text(desk.tongue.due)
    expect(desk.story.first).to_contain_text("Two hours, please")
    clean(desk, "order")


def test_two_objections_come_back_with_their_reason_and_the_third_goes_to_the_district(sit: Sit) -> None:
    desk, handler = sit("dispatcher"), sit("handler")
    case = desk.file("Whose cable is this")
    desk.move(case, "accept")
    desk.move(case, "triage", category="0505")
    power = desk.organisation(desk.tongue.body("Power"))
    for turn in ("first", "second"):
        desk.move(case, "assign", lead=power)
        handler.open("Whose cable is this", box="to_sign")
        handler.choose("Object")
        handler.write("Why this is not ours", f"A telecom cable, {turn} time")
        handler.send()
        expect(handler.row("Whose cable is this")).to_have_count(0)
        desk.open("Whose cable is this", box="to_assign")
        expect(desk.story.first).to_contain_text(f"A telecom cable, {turn} time")
    desk.move(case, "assign", lead=power)
    handler.open("Whose cable is this", box="to_sign")
    assert not handler.may("Object")
    handler.page.get_by_role("button", name=handler.tongue("Third objection")).click()
    form = handler.case.locator("section[aria-labelledby=requests]")
    handler.write("Why this is not ours", "Still a telecom cable", within=form)
    handler.send(within=form)
    handler.said("Asked: Third objection")
    district = sit("district")
    district.open("Whose cable is this", box="requests")
    expect(district.case.locator("section[aria-labelledby=requests]")).to_contain_text("Still a telecom cable")


def test_a_tough_whistle_calls_three_stations_each_with_a_clock_of_its_own(sit: Sit) -> None:
    desk = sit("dispatcher")
    case = desk.file("Gas bottles in a basement shop")
    desk.move(case, "accept")
    desk.open("Gas bottles in a basement shop")
    desk.page.get_by_role("button", name=desk.tongue("Whistle")).click()
    form = desk.case.locator("section[aria-labelledby=requests]")
    form.get_by_label(desk.tongue("Tough-task whistle: within 1 working day")).check()
    form.get_by_label(desk.tongue("Joint enforcement is needed")).check()
    for station in ("Fire", "Market", "Enforcement"):
        desk.pick("Who must come", desk.tongue.body(station), within=form)
    desk.write("What for", "Clear the basement together", within=form)
    desk.send(within=form)
    desk.said("Asked: Whistle")
    rows = form.locator("li.request")
    expect(rows).to_have_count(3)
    for row in rows.all():
        expect(row.locator(".chip")).to_be_visible()


def test_two_reports_of_one_thing_become_one_case(sit: Sit) -> None:
    desk = sit("dispatcher")
    master = desk.file("Drain blocked on Maple Road")
    double = desk.file("Maple Road drain stinks")
    desk.move(master, "accept")
    desk.open("Maple Road drain stinks")
    desk.choose("Merge")
    desk.pick("Goes on as", desk.named("Drain blocked on Maple Road"))
    desk.send()
    desk.said("Done: Merge")
    desk.open("Drain blocked on Maple Road")
    expect(desk.case.locator("section[aria-labelledby=linked]")).to_contain_text("Maple Road drain stinks")
    assert desk.call("GET", f"/api/cases/{double}")["body"]["state"] == "M"


def test_one_extension_is_granted_and_a_second_refused(sit: Sit) -> None:
    desk, handler = sit("dispatcher"), sit("handler")
    case = desk.file("Lamp post leaning")
    desk.move(case, "accept")
    desk.move(case, "triage", category="0505", sla="S3")
    desk.move(case, "assign", lead=desk.organisation(desk.tongue.body("Power")))
    handler.move(case, "sign")
    handler.move(case, "start", contact="called")
    handler.open("Lamp post leaning")
    form = handler.case.locator("section[aria-labelledby=requests]")
    form.get_by_role("button", name=handler.tongue("Extension")).click()
    handler.write("How many more", "2", within=form)
    handler.write("Reason, told to the reporter", "The post must be ordered", within=form)
    handler.send(within=form)
    handler.said("Asked: Extension")

    desk.open("Lamp post leaning", box="requests")
    asked = desk.case.locator("section[aria-labelledby=requests]")
    asked.get_by_role("button", name=desk.tongue("Answer")).click()
    asked.get_by_label(desk.tongue("Grant"), exact=True).check()
    desk.write("Reason", "Granted once", within=asked)
    desk.send(within=asked)
    desk.said("Answered: Extension")
    expect(desk.case).to_contain_text(desk.tongue("extended 1×"))

    handler.open("Lamp post leaning")
    form.get_by_role("button", name=handler.tongue("Extension")).click()
    handler.write("How many more", "2", within=form)
    handler.write("Reason, told to the reporter", "Once more, please", within=form)
    handler.send(within=form)
    expect(form.get_by_role("alert")).to_be_visible()
    expect(form.get_by_label(handler.tongue("Reason, told to the reporter"))).to_have_value("Once more, please")


def test_a_verified_case_is_closed_with_a_message_to_the_reporter(sit: Sit) -> None:
    desk, handler, worker = sit("dispatcher"), sit("handler"), sit("grid")
    case = desk.file("Manhole cover broken")
    desk.move(case, "accept")
    desk.move(case, "triage", category="0505")
    desk.move(case, "assign", lead=desk.organisation(desk.tongue.body("Power")))
    handler.move(case, "sign")
    handler.move(case, "start", contact="called")
    handler.move(case, "feed_back", outcome="fixed", text="New cover", files=[handler.photo()])
    worker.move(case, "verify_pass", files=[worker.photo()], override_reason="Seen from the window", note="It is new")
    desk.open("Manhole cover broken", box="to_close")
    desk.choose("Close")
    desk.write("Message to the reporter", "The cover was replaced today.")
    desk.send()
    desk.said("Done: Close")
    expect(desk.case.locator(".where")).to_contain_text(desk.tongue("Closed"))


def test_a_case_past_its_limit_wears_a_yellow_card_and_the_reply_is_on_record(sit: Sit) -> None:
    desk = sit("dispatcher")
    case = desk.file("Nobody looked at this yet")
    while sweep(now() + timedelta(days=1, minutes=5)):
        pass
    worker_passes(now() + timedelta(days=1, minutes=5))
    with acting(machine_act("duty", now())):
        heard = Notice.objects.filter(link__contains=case, urgent=True).values_list("person__appointments__post", flat=True)
        assert "town_duty_leader" in heard
    desk.page.goto("/desk/?box=to_accept&colour=yellow")
    expect(desk.row("Nobody looked at this yet").locator(".chip.yellow")).to_contain_text(desk.tongue("Yellow"))
    desk.row("Nobody looked at this yet").click()
    expect(desk.story.filter(has_text=desk.tongue("Yellow card"))).to_have_count(1)
    asked = desk.case.locator("section[aria-labelledby=requests]")
    asked.get_by_role("button", name=desk.tongue("Answer")).click()
    asked.get_by_label(desk.tongue("Grant"), exact=True).check()
    desk.write("Reason", "The window was closed; we are on it.", within=asked)
    desk.send(within=asked)
    desk.said("Answered: Supervision")
    expect(desk.story.first).to_contain_text("The window was closed; we are on it.")
