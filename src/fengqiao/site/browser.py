"""The machine's browser, for tests, pictures and measurements: where it is, and how one signs in to a demo with it."""

import shutil
from typing import TYPE_CHECKING

from fengqiao.site.accounts import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-dev-shm-usage")


def program() -> str | None:
    """Return where Chromium is, if it is installed."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def sign_in(page: "Page", username: str, password: str = PASSWORD) -> None:
    """Sign in by the form, as one of the demo's accounts."""
    page.goto("/sign-in/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)
