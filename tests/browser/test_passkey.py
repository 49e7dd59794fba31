"""Passkeys as second factor: added, used, renamed, lost and removed, with an authenticator that Chromium plays."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from fengqiao.audit.models import SignInLog
from fengqiao.testing import Ground
from fengqiao.testing_server import DEMO_PASSWORD, Site, serving

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("FENGQIAO_SHOTS", "")
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def strict_site(real_db: Ground, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site on which privileged posts need a second factor."""
    monkeypatch.setenv("FENGQIAO_MFA", "yes")
    with serving(real_db.app_url) as made:
        yield made


def window(chromium: Browser, site: Site, *, host: str = "localhost", language: str = "en-GB", width: int = 1440) -> Page:
    """A browser window; a key belongs to a name, and "localhost" is one that browsers trust without a certificate."""
    address = site.address.replace("127.0.0.1", host)
    context = chromium.new_context(base_url=address, locale=language, viewport={"width": width, "height": 900})
    context.set_default_timeout(15_000)
    return context.new_page()


def plugged_in(page: Page) -> Callable[[], object]:
    """Plug in an authenticator; returns what makes it lose all its keys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return lambda: session.send("WebAuthn.clearCredentials", made)


def enter(page: Page, username: str) -> None:
    page.goto("/sign-in/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.locator("main button").first.click()
    page.wait_for_url(lambda address: "/sign-in/" not in address or "/code/" in address)


def leave(page: Page) -> None:
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda address: "/account" not in address)


def clean(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"passkey-{name}.png", full_page=True)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def add(page: Page, name: str) -> None:
    page.goto("/account/second-factor/")
    page.get_by_role("link", name="Add a passkey").click()
    if page.locator("input[name=password]").count():
        page.fill("input[name=password]", DEMO_PASSWORD)
        page.get_by_role("button", name="Continue").click()
    page.fill("input[name=name]", name)
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url(lambda address: "/add/" not in address)


def told(page: Page) -> Any:
    return page.evaluate("async () => (await fetch('/api/me')).json()")


def test_a_passkey_opens_a_privileged_post_and_a_recovery_code_when_it_is_lost(chromium: Browser, strict_site: Site) -> None:
    page = window(chromium, strict_site)
    lose = plugged_in(page)
    enter(page, "privacy")
    page.goto("/account/")
    expect(page.locator("main")).to_contain_text("Your post needs a second factor")
    assert told(page)["needs_mfa"]
    add(page, "My telephone")
    codes = page.locator("#recovery-codes li").all_inner_texts()
    assert len(codes) >= 8, "recovery codes are shown with the first factor"
    assert not told(page)["needs_mfa"], "whoever has just made one has shown it"

    leave(page)
    enter(page, "privacy")
    expect(page.get_by_role("heading", name="Passkey")).to_be_visible()
    clean(page, "sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    assert told(page)["mfa"]
    assert SignInLog.objects.filter(outcome=SignInLog.Outcome.SECOND_FACTOR, detail="passkey added").exists()

    leave(page)
    enter(page, "privacy")
    lose()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("No passkey was shown")
    clean(page, "not-shown")
    page.fill("input[name=code]", codes[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    assert told(page)["mfa"]


def test_passkeys_are_renamed_and_removed_and_the_last_one_closes_the_post_again(chromium: Browser, strict_site: Site) -> None:
    page = window(chromium, strict_site, width=390)
    plugged_in(page)
    enter(page, "privacy")
    add(page, "Old name")
    page.goto("/account/second-factor/")
    clean(page, "list-390")
    page.get_by_role("link", name="Rename: Old name").click()
    page.fill("input[name=name]", "Blue key")
    clean(page, "rename")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Blue key")
    expect(page.locator("main")).not_to_contain_text("Old name")
    page.get_by_role("link", name="Remove: Blue key").click()
    clean(page, "remove")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("main")).to_contain_text("None yet")
    expect(page.get_by_role("heading", name="Recovery codes")).to_have_count(0)
    assert told(page)["needs_mfa"], "with the last one gone the post is closed at once"


@pytest.mark.parametrize(
    ("width", "language", "sentence"), [(390, "zh-CN", "这里不能使用通行密钥"), (1440, "en-GB", "cannot be used here")]
)
def test_where_a_key_could_belong_to_no_name_the_page_says_so(
    chromium: Browser, strict_site: Site, width: int, language: str, sentence: str
) -> None:
    page = window(chromium, strict_site, host="127.0.0.1", language=language, width=width)
    enter(page, "privacy")
    page.goto("/account/second-factor/passkeys/add/")
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text(sentence)
    expect(page.locator("#passkey-add")).to_be_disabled()
    clean(page, f"unable-{width}-{language}")
