"""A real server and a real browser for tests: what a person would meet, on a free port, against the tests' database."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from fengqiao.site.accounts import PASSWORD as DEMO_PASSWORD
from fengqiao.site.browser import QUIET, sign_in
from fengqiao.site.browser import program as browser_program
from fengqiao.testing import Ground, renew

__all__ = ["DEMO_PASSWORD", "SITE_SECRET", "Site", "browser", "chromium", "serving", "shared_site", "sign_in", "site"]

if TYPE_CHECKING:  # The tests of the pure floors need no browser and do not wait for one to load.
    from playwright.sync_api import Browser, BrowserContext

SITE_SECRET = "for-tests-only"


@dataclass(frozen=True, slots=True)
class Site:
    """A running site."""

    address: str
    process: subprocess.Popen[bytes]

    def __str__(self) -> str:
        return self.address


@pytest.fixture
def site(real_db: Ground) -> Iterator[Site]:
    """A web server of its own over this test's database; `str(site)` is its address without a last slash."""
    with serving(real_db.app_url) as made:
        yield made


@pytest.fixture(scope="module")
def shared_site(django_db_setup: None, django_db_blocker: pytest.FixtureRequest, ground: Ground) -> Iterator[Site]:
    """One server and one database for all tests of a file, whose tests must not mind each other's cases."""
    with django_db_blocker.unblock(), serving(ground.app_url) as made:  # type: ignore[attr-defined]
        yield made
        renew(ground)


@contextmanager
def serving(app_url: str) -> Iterator[Site]:
    """Serve a database on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = {
        **os.environ,
        "FENGQIAO_MODE": "test",  # as in the tests, passwords are hashed the fast way
        "DATABASE_URL": app_url,
        "FENGQIAO_POOL": "4",
        "FENGQIAO_SECRET_KEY": SITE_SECRET,
    }
    told.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    command = [sys.executable, "-m", "uvicorn", "fengqiao.site.asgi:app", "--port", str(port), "--log-level", "warning"]
    process = subprocess.Popen([*command, "--no-access-log", "--no-proxy-headers", "--timeout-graceful-shutdown", "1"], env=told)
    try:
        made = Site(f"http://127.0.0.1:{port}", process)
        _wait_for(made)
        yield made
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(site: Site, patience: float = 30.0) -> None:
    began = time.monotonic()
    while True:
        try:
            with urlopen(f"{site.address}/api/openapi.json", timeout=5):
                return
        except OSError:
            if site.process.poll() is not None or time.monotonic() - began > patience:
                raise
            time.sleep(0.1)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """The machine's Chromium, started once."""
    program = browser_program()
    if program is None:
        pytest.skip("Chromium is not installed: ./run test installs it as root, or says what is missing")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def browser(chromium: "Browser", site: Site) -> "Iterator[BrowserContext]":
    """A fresh Chinese browser window on the site; open pages with `browser.new_page()`, addresses may be relative."""
    context = chromium.new_context(
        base_url=site.address, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()
