"""`./run pictures`: the pictures of README and tour, taken from a demo that this command starts; so they never go stale."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

from fengqiao.site import browser as machine

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PLACE = Path(__file__).parents[3] / "docs" / "pictures"
PATIENCE = 180.0
COLOURS = 128


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: whose screen, how wide, in which language, and what is opened before it is taken."""

    name: str
    path: str
    account: str = ""
    width: int = 1440
    height: int = 900
    language: str = "zh-CN"
    waits_for: str = "main"
    opens: str = ""


PICTURES = (
    Picture("desk", "/desk/", "dispatcher", waits_for=".list[aria-busy=false] a.line", opens="a.line"),
    Picture("start", "/", width=390, height=780),
    Picture("report", "/report/990101001001001/", width=390, height=780),
    Picture("day", "/day/", "director", height=1000),
    Picture("map", "/map/", "director", height=1000),
    Picture("village", "/village/", "clerk", width=390, height=780),
    Picture("duty", "/duty/", "director"),
    Picture("settings", "/settings/", "admin", language="en-GB"),
    Picture("stories", "/stories/", language="en-GB"),
)


def main(arguments: list[str]) -> int:
    """Take all pictures, or those named; `--address URL` takes them from a demo that runs already."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        program = None
    else:
        program = machine.program()
    if program is None:
        print("Pictures need the browser of the tests: use ./run pictures.", file=sys.stderr)
        return 3
    address = arguments[arguments.index("--address") + 1] if "--address" in arguments[:-1] else ""
    names = [name for name in arguments if not name.startswith("--") and name != address]
    if unknown := set(names) - {one.name for one in PICTURES}:
        print(f"There is no picture named {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    with _demo(address) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(machine.QUIET))
        for one in PICTURES:
            if not names or one.name in names:
                _take(browser, site, one)
                print(f"docs/pictures/{one.name}.png")
        browser.close()
    return 0


def _take(browser: "Browser", site: str, one: Picture) -> None:
    context = browser.new_context(
        base_url=site, locale=one.language, timezone_id="Asia/Shanghai", reduced_motion="reduce",
        viewport={"width": one.width, "height": one.height},
    )  # fmt: skip
    page = context.new_page()
    if one.account:
        machine.sign_in(page, one.account)
    page.goto(one.path, wait_until="load")
    page.locator(one.waits_for).first.wait_for()
    if one.opens:
        page.locator(one.opens).first.click()
        page.locator("article.pane h1").wait_for()
    page.evaluate("document.fonts.ready")
    raw = page.screenshot()
    context.close()
    _keep(raw, PLACE / f"{one.name}.png")


def _keep(raw: bytes, place: Path) -> None:
    """Write a picture small: a screen has few colours."""
    from PIL import Image

    place.parent.mkdir(exist_ok=True)
    Image.open(BytesIO(raw)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(place, optimize=True)


@contextmanager
def _demo(address: str) -> Iterator[str]:
    """Yield the address of a demo: the one that runs, or one of our own that ends with us."""
    if address:
        yield address.rstrip("/")
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="fengqiao-pictures-") as folder:
        words: list[Any] = [sys.executable, "-m", "fengqiao", "demo", "--port", str(port), "--data", folder]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        try:
            yield _answering(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _answering(site: str, process: "subprocess.Popen[bytes]") -> str:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        if process.poll() is not None:
            break
        try:
            urlopen(site, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.5)
        else:
            return site
    raise SystemExit("The demo for the pictures did not start; ./run demo says why.")
