"""What people wait for: residents' pages on a cheap telephone, the first rows of the desk, the day page; prints a table.

.venv/bin/python bench/screens.py [--address http://127.0.0.1:8000] [--rounds 5]

Measures a running demo (`./run demo`) in the machine's Chromium: first paint and transfer at a quarter of this machine's speed
(CDP CPU throttling 4x), everything fetched anew; the desk cold (nothing cached) and warm (opened again); the day page's server
time as the browser sees it, medians. Bytes are counted twice: as they stand, and as gzip would send them.
"""

import argparse
import gzip
import statistics
import sys
import time
from collections.abc import Callable
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from fengqiao.site import browser as machine

TELEPHONE = {"width": 390, "height": 844}
SLOWER = 4
AREA = "990101001001"
RESIDENT = {
    "start": "/",
    "community": f"/report/{AREA}/",
    "kinds": f"/report/{AREA}/complaint/",
    "report": f"/report/{AREA}/defect/0505/",
    "look up": "/query/",
}
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
BYTES, PAINT, COLD, WARM, DAY = 100_000, 1000, 2000, 300, 200


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with urlopen(asked.address, timeout=30) as answer:
        answer.read()
    rows = ["| what | measured | aim |", "|---|---|---|"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.program(), args=list(machine.QUIET))
        rows += _resident(browser, asked.address, asked.rounds)
        rows += _desk(browser, asked.address, asked.rounds)
        browser.close()
    sys.stdout.write("\n".join(rows) + "\n")
    return 0


def _resident(browser: Browser, address: str, rounds: int) -> list[str]:
    return [_one_page(browser, address, name, place, rounds) for name, place in RESIDENT.items()]


def _one_page(browser: Browser, address: str, name: str, place: str, rounds: int) -> str:
    paints, heard = [], []
    for _round in range(rounds):
        context = browser.new_context(base_url=address, locale="zh-CN", viewport=TELEPHONE)
        page = context.new_page()
        heard = _listen(page)
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(place, wait_until="networkidle")
        paints.append(page.evaluate(PAINTED))
        bodies = [one.body() for one in heard if one.ok]
        context.close()
    plain, packed = sum(map(len, bodies)), sum(len(gzip.compress(body)) for body in bodies)
    paint = statistics.median(paints)
    return (
        f"| resident, {name}: {len(bodies)} files | {plain / 1000:.1f} kB ({packed / 1000:.1f} kB as gzip), first paint {paint:.0f} ms "
        f"| {BYTES / 1000:.0f} kB, {PAINT} ms: {_met(plain < BYTES and paint < PAINT)} |"
    )


def _listen(page: Page) -> list[Response]:
    heard: list[Response] = []
    page.on("response", lambda answer: heard.append(answer))
    return heard


def _desk(browser: Browser, address: str, rounds: int) -> list[str]:
    cold, warm = [], []
    context = _signed_in(browser, address, "dispatcher")
    for _round in range(rounds):
        fresh = browser.new_context(base_url=address, locale="zh-CN", storage_state=context.storage_state())
        page = fresh.new_page()
        cold.append(_until(page, lambda page=page: page.goto("/desk/?box=all")))
        warm.append(_until(page, lambda page=page: page.reload(wait_until="commit")))
        fresh.close()
    context.close()
    director = _signed_in(browser, address, "director")
    page = director.new_page()
    page.goto("/day/")
    waits = []
    for _round in range(max(rounds, 9)):
        answer = page.goto("/day/")
        assert answer is not None, "the day page did not answer"
        times = answer.request.timing
        waits.append(times["responseStart"] - times["requestStart"])
    director.close()
    return [
        _row("desk, first rows, cold", statistics.median(cold), COLD),
        _row("desk, first rows, opened again", statistics.median(warm), WARM),
        _row("day page, wait for the server", statistics.median(waits), DAY),
    ]


def _signed_in(browser: Browser, address: str, username: str) -> BrowserContext:
    context = browser.new_context(base_url=address, locale="zh-CN")
    page = context.new_page()
    machine.sign_in(page, username)
    page.close()
    return context


def _until(page: Page, go: Callable[[], object]) -> float:
    began = time.perf_counter()
    go()
    page.locator("a.line").first.wait_for()
    return (time.perf_counter() - began) * 1000


def _row(what: str, took: float, aim: int) -> str:
    return f"| {what} | {took:.0f} ms | {aim} ms: {_met(took < aim)} |"


def _met(yes: bool) -> str:
    return "met" if yes else "not met"


if __name__ == "__main__":
    raise SystemExit(main())
