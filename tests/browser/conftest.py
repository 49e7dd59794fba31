"""People before the desk, in the words of a person; every act waits until the desk has answered."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext, override
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from fengqiao.access import catalogue
from fengqiao.access.acting import acting
from fengqiao.across.intake import services as intake
from fengqiao.across.intake.terms import Spot
from fengqiao.base.act import Act, Actor, ActorKind
from fengqiao.base.clock import now
from fengqiao.base.ids import new_id
from fengqiao.cases import forms, registry
from fengqiao.cases import services as cases
from fengqiao.cases.models import Case
from fengqiao.kits.files import services as files
from fengqiao.people import queries as people
from fengqiao.testing_server import Site, sign_in

PATIENCE = 15_000
NARROW = 768
HOME = "990101001001001"
"""The grid in which the demo's people work."""
TOWN, VILLAGE = "990101001", "990101001001"


LOCALES = Path(__file__).parents[2] / "web" / "src" / "locales"


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody sits before the desk: how wide it is, and in which language."""

    width: int = 1440
    locale: str = "en-GB"

    def __str__(self) -> str:
        return f"{self.width}-{self.locale[:2]}"


def _told_in(width: int, locale: str) -> Any:
    each = Look(width, locale)
    return pytest.param(each, id=str(each), marks=() if each == Look() else pytest.mark.slow)


LOOKS = [_told_in(width, locale) for locale in ("en-GB", "zh-CN") for width in (1440, 390)]
"""All four; those beside the first run with --full."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tell the tests of a file marked `looks` in all four."""
    if metafunc.definition.get_closest_marker("looks"):
        metafunc.parametrize("look", LOOKS, indirect=True)


class Tongue:
    """What the screens and the server say, in the language of a window: tests name it in English."""

    def __init__(self, locale: str) -> None:
        self.chinese, self.screens, self.patterns = locale.startswith("zh"), {}, []
        if self.chinese:
            english, chinese = (json.loads((LOCALES / f"{name}.json").read_text(encoding="utf-8")) for name in ("en", "zh-Hans"))
            for key, said in english.items():
                self.screens[said] = chinese[key]
                if "{" in said:
                    found = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(said))
                    self.patterns.append((re.compile(found), chinese[key]))
            # What says more of its own is meant rather than what is nearly all hole.
            self.patterns.sort(key=lambda pair: -len(re.sub(r"\(.*?\)", "", pair[0].pattern)))

    def __call__(self, text: str) -> str:
        """Say a text in the language of the window; what nobody has translated stays as it is."""
        if not self.chinese:
            return text
        return str(self.screens[text]) if text in self.screens else self._with_something(text) or self.move(text)

    def move(self, text: str) -> str:
        """Say what the server says: of a word that has two meanings, the one of the trade."""
        if not self.chinese:
            return text
        with override("zh-hans"):
            return gettext(text)

    def _with_something(self, text: str) -> str:
        for pattern, chinese in self.patterns:
            if found := pattern.fullmatch(text):
                return str(chinese.format(**{name: self.move(value) for name, value in found.groupdict().items()}))
        return ""

    def body(self, part: str) -> str:
        """Say a part of an organisation's name."""
        return BODIES[part] if self.chinese else part

    @property
    def due(self) -> re.Pattern[str]:
        """How a moment is written: day of the week, day, month, hour."""
        return re.compile(r"\d+月\d+日 周. \d\d:\d\d" if self.chinese else r"due \w{3} \d+ \w{3} \d\d:\d\d")


BODIES = {"Power": "供电", "Power Supply": "供电", "Enforcement": "执法", "Fire": "消防", "Market": "市场"}


class Desk:
    """The desk in one browser window, with one person before it."""

    def __init__(self, page: Page, look: Look | None = None) -> None:
        self.page, self.look = page, look or Look()
        self.tongue = Tongue(self.look.locale)

    def named(self, title: str) -> str:
        """Return a title as it stands in this test's look: the same story is told in each, and they share a database."""
        return title if self.look == Look() else f"{title} ({self.look})"

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

    def stands_in(self, box: str) -> None:
        """Expect the rail to show in which box one is; on a telephone it is opened first."""
        if self.look.width < NARROW:
            self.page.get_by_role("button", name=self.tongue("Open the boxes")).click()
        link = self.rail.get_by_role("link", name=self.tongue(box))
        expect(link).to_have_attribute("aria-current", "page")
        if self.look.width < NARROW:
            link.click()
            expect(link).to_be_hidden()

    def row(self, title: str) -> Locator:
        return self.page.locator("a.line").filter(has_text=re.compile(rf"{re.escape(self.named(title))}(?! \(\d)"))

    def open(self, title: str, box: str = "all") -> None:
        """Open a case by its title."""
        self.box(box)
        self.row(title).first.click()
        expect(self.case.locator("h1")).to_contain_text(self.named(title))

    def choose(self, move: str) -> None:
        """Choose one of the possible moves."""
        expect(self.next).to_be_visible()
        choices = self.next.locator(".choices")
        if choices.count():
            choices.get_by_role("button", name=self.tongue.move(move), exact=True).click()

    def may(self, move: str) -> bool:
        """Whether a move is offered."""
        expect(self.next).to_be_visible()
        offered = [
            *self.next.locator(".choices button").all_inner_texts(),
            *self.next.locator("form button[type=submit]").all_inner_texts(),
        ]
        return self.tongue.move(move) in offered

    def pick(self, label: str, words: str, within: Locator | None = None) -> None:
        """Search and choose in a field that asks the server."""
        field = (within or self.next).get_by_role("combobox", name=self.tongue(label))
        field.focus()
        field.fill(words)
        option = self.page.locator(".el-select-dropdown__item:visible").filter(has_text=words).first
        option.click()
        self.page.keyboard.press("Tab")
        expect(option).to_be_hidden()

    def write(self, label: str, text: str, within: Locator | None = None) -> None:
        """Fill in a field."""
        (within or self.next).get_by_label(self.tongue(label)).fill(text)

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
        expect(self.page.locator(".said")).to_contain_text(self.tongue(sentence))

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
        answer = self.call("POST", "/api/cases", {"kind": "incident", "asked": {"text": self.named(text), "area": HOME, **asked}})
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
def look(request: pytest.FixtureRequest) -> Look:
    """The look that a test is told in."""
    found: Look = getattr(request, "param", Look())
    return found


@pytest.fixture
def sit(chromium: Browser, shared_site: Site, look: Look) -> Iterator[Sit]:
    """Let somebody sit down at a desk of their own: `sit("dispatcher")`. Whatever a script complains of fails the test."""
    contexts, complaints = [], []
    expect.set_options(timeout=PATIENCE)

    def sit_down(username: str, **options: object) -> Desk:
        settings: dict[str, Any] = {"locale": look.locale, "viewport": {"width": look.width, "height": 900}, **options}
        context = chromium.new_context(base_url=shared_site.address, timezone_id="Asia/Shanghai", reduced_motion="reduce", **settings)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
        sign_in(page, username)
        desk = Desk(page, look)
        desk.box("all")
        return desk

    yield sit_down
    for context in contexts:
        context.close()
    assert complaints == []


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 480), "#445566").save(out, "JPEG")
    return out.getvalue()


class Officers:
    """Those who carry on what the resident began, by the same services as the desk."""

    def __init__(self, site_address: str = "") -> None:
        self.site_address = site_address
        self.town = {row.field: row.id for row in people.organisations(area=TOWN) if row.area == TOWN}
        self.committee = people.organisations(area=VILLAGE, kind="village_committee")[0].id
        self.actors = {
            "dispatcher": self._actor("town_dispatcher", self.town["command"], TOWN),
            "handler": self._actor("station_handler", self.town["power"], TOWN),
            "planner": self._actor("station_handler", self.town["municipal"], TOWN),
            "worker": self._actor("grid_worker", "", VILLAGE),
            "clerk": self._actor("village_clerk", self.committee, VILLAGE),
        }

    def _actor(self, post: str, org: str, area: str) -> Actor:
        me = str(uuid4())
        own = (f"person:{me}", *((f"org:{org}",) if org else ()))
        return Actor(ActorKind.PERSON, me, me, post, org, "town", ((area, area + "~"),), own, (), catalogue.post(post).permissions, post)

    def act(self, who: str) -> Act:
        return Act(new_id(), self.actors[who], now())

    def code(self, label: str = "1幢2单元") -> str:
        act = self.act("clerk")
        with acting(act):
            return intake.make_codes(act, VILLAGE, Spot.STAIRWELL, [label])[0].token

    def does(self, who: str, number: str, move: str, *, photo: bool = False, **said: object) -> None:
        act = self.act(who)
        with acting(act):
            if photo:
                said["files"] = [files.keep(act, SimpleUploadedFile("p.jpg", picture(), "image/jpeg")).id]
            case = Case.objects.get(number=number)
            cases.dispatch(act, case.id, move, forms.asks_of(registry.loop(case.kind), move)(**said))

    def sees(self, model: Any = Case, **wanted: object) -> list[Any]:
        """What the town's command room finds."""
        with acting(self.act("dispatcher")):
            return list(model.objects.filter(**wanted))

    def finish(self, number: str, result: str, outcome: str = "fixed") -> None:
        self.does("handler", number, "sign")
        self.does("handler", number, "start", contact="arrived")
        self.does("handler", number, "feed_back", photo=True, outcome=outcome, text=result)
        self.does("worker", number, "verify_pass", photo=True, override_reason="楼道内收不到定位")
        self.does("dispatcher", number, "close", message="已修好，谢谢您")


@pytest.fixture
def officers(site: Site) -> Officers:
    return Officers(site.address)


@pytest.fixture
def clean() -> Callable[[Page], None]:
    """Every page a resident meets is clean for a screen reader, and fits the telephone."""

    def look(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= page.viewport_size["width"], f"{page.url} is {wide} px wide"

    return look
