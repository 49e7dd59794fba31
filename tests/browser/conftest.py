"""People before the desk, in the words of a person; every act waits until the desk has answered."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from fengqiao.testing_server import Site, sign_in

PATIENCE = 15_000
HOME = "990101001001001"
"""The grid in which the demo's people work."""


class Desk:
    """The desk in one browser window, with one person before it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def rail(self) -> Locator:
        return self.page.get_by_role("navigation")

    @property
    def next(self) -> Locator:
        return self.page.locator("section.next")

    @property
    def case(self) -> Locator:
        return self.page.locator("article.pane")

    @property
    def story(self) -> Locator:
        return self.page.locator("ol.story > li")

    def box(self, key: str) -> None:
        """Open a box of the rail."""
        self.page.goto(f"/desk/?box={key}")
        expect(self.page.locator(".list")).to_have_attribute("aria-busy", "false")

    def row(self, title: str) -> Locator:
        return self.page.locator("a.line").filter(has_text=title)

    def open(self, title: str, box: str = "all") -> None:
        """Open a case by its title."""
        self.box(box)
        self.row(title).first.click()
        expect(self.case.locator("h1")).to_contain_text(title)

    def choose(self, move: str) -> None:
        """Choose one of the possible moves."""
        expect(self.next).to_be_visible()
        choices = self.next.locator(".choices")
        if choices.count():
            choices.get_by_role("button", name=move, exact=True).click()

    def may(self, move: str) -> bool:
        """Whether a move is offered."""
        expect(self.next).to_be_visible()
        offered = [
            *self.next.locator(".choices button").all_inner_texts(),
            *self.next.locator("form button[type=submit]").all_inner_texts(),
        ]
        return move in offered

    def pick(self, label: str, words: str, within: Locator | None = None) -> None:
        """Search and choose in a field that asks the server."""
        field = (within or self.next).get_by_role("combobox", name=label)
        field.focus()
        field.fill(words)
        option = self.page.locator(".el-select-dropdown__item:visible").filter(has_text=words).first
        option.click()
        self.page.keyboard.press("Tab")
        expect(option).to_be_hidden()

    def write(self, label: str, text: str, within: Locator | None = None) -> None:
        """Fill in a field."""
        (within or self.next).get_by_label(label).fill(text)

    def send(self, within: Locator | None = None) -> None:
        """Send the form, confirming what is dangerous, and wait for the answer."""
        form = (within or self.next).locator("form").last
        form.locator("button[type=submit]").click()
        sheet = self.page.locator("dialog[open]")
        if sheet.count():
            sheet.locator("button.grave").click()
        expect(form.locator("button[type=submit]:disabled")).to_have_count(0)

    def do(self, move: str, **fields: str) -> None:
        """Choose a move, fill in its text fields and send it."""
        self.choose(move)
        for label, text in fields.items():
            self.write(label.replace("_", " "), text)
        self.send()

    def said(self, sentence: str) -> None:
        """Expect the desk to say so."""
        expect(self.page.locator(".said")).to_contain_text(sentence)

    def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Ask the API as the person who sits here."""
        script = """async ([method, path, body]) => {
          const me = await (await fetch('/api/me')).json()
          const headers = {'Content-Type': 'application/json', 'X-CSRFToken': me.csrf, 'Idempotency-Key': String(Math.random())}
          const answer = await fetch(path, {method, headers, body: body === null ? undefined : JSON.stringify(body)})
          return {status: answer.status, body: await answer.json()}
        }"""
        answer: dict[str, Any] = self.page.evaluate(script, [method, path, body])
        return answer

    def file(self, text: str, **asked: object) -> str:
        """File an incident through the API; returns its id."""
        answer = self.call("POST", "/api/cases", {"kind": "incident", "asked": {"text": text, "area": HOME, **asked}})
        assert answer["status"] == 201, answer
        case_id: str = answer["body"]["id"]
        return case_id

    def move(self, case_id: str, move: str, **asked: object) -> dict[str, Any]:
        """Make a move through the API, where the move itself is not what the test is about."""
        answer = self.call("POST", f"/api/cases/{case_id}/moves/{move}", {"asked": asked})
        assert answer["status"] == 200, answer
        body: dict[str, Any] = answer["body"]
        return body

    def organisation(self, name: str) -> str:
        """Return the id of an organisation by a part of its name."""
        found: str = self.call("GET", f"/api/organisations?area={HOME}&q={name}")["body"][0]["id"]
        return found

    def photo(self) -> str:
        """Send a small picture; returns its id."""
        script = """async () => {
          const me = await (await fetch('/api/me')).json()
          const canvas = Object.assign(document.createElement('canvas'), {width: 8, height: 8})
          canvas.getContext('2d').fillRect(0, 0, 4, 8)
          const form = new FormData()
          form.append('file', await new Promise((done) => canvas.toBlob(done, 'image/png')), 'spot.png')
          const answer = await fetch('/api/files', {method: 'POST', headers: {'X-CSRFToken': me.csrf}, body: form})
          return (await answer.json()).id
        }"""
        found: str = self.page.evaluate(script)
        return found


Sit = Callable[[str], Desk]


@pytest.fixture
def sit(chromium: Browser, shared_site: Site) -> Iterator[Sit]:
    """Let somebody sit down at a desk of their own: `sit("dispatcher")`. Whatever a script complains of fails the test."""
    contexts, complaints = [], []
    expect.set_options(timeout=PATIENCE)

    def sit_down(username: str, **options: object) -> Desk:
        settings: dict[str, Any] = {"locale": "en-GB", "viewport": {"width": 1440, "height": 900}, **options}
        context = chromium.new_context(base_url=shared_site.address, timezone_id="Asia/Shanghai", reduced_motion="reduce", **settings)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
        sign_in(page, username)
        desk = Desk(page)
        desk.box("all")
        return desk

    yield sit_down
    for context in contexts:
        context.close()
    assert complaints == []
