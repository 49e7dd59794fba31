"""What a person does at the desk, in the words of a person; every act waits until the desk has answered."""

from playwright.sync_api import Locator, Page, expect

PASSWORD = "demo1234"


class Desk:
    """The desk in one browser window, with one person before it."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base.rstrip("/")

    def sign_in(self, username: str) -> "Desk":
        """Sign in and wait for the boxes."""
        self.page.goto(f"{self.base}/sign-in/?next=/desk/")
        self.page.locator("input[name=login]").fill(username)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("input[name=password]").press("Enter")
        expect(self.rail.get_by_role("link").first).to_be_visible()
        return self

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
        self.page.goto(f"{self.base}/desk/?box={key}")
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
        choices = self.next.locator(".choices")
        if choices.count():
            choices.get_by_role("button", name=move, exact=True).click()

    def may(self, move: str) -> bool:
        """Whether a move is offered."""
        expect(self.next).to_be_visible()
        offered = [*self.next.locator(".choices button").all_inner_texts(), *self.next.locator("form button[type=submit]").all_inner_texts()]
        return move in offered

    def pick(self, label: str, words: str, within: Locator | None = None) -> None:
        """Search and choose in a field that asks the server."""
        field = (within or self.next).get_by_role("combobox", name=label)
        field.click()
        field.fill(words)
        self.page.locator(".el-select-dropdown__item:visible").filter(has_text=words).first.click()
        self.page.keyboard.press("Escape") if (within or self.next).locator(".el-select__tags, .el-tag").count() else None

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

    def call(self, method: str, path: str, body: object = None) -> dict:
        """Ask the API as the person who sits here."""
        script = """async ([method, path, body]) => {
          const me = await (await fetch('/api/me')).json()
          const headers = {'Content-Type': 'application/json', 'X-CSRFToken': me.csrf, 'Idempotency-Key': String(Math.random())}
          const answer = await fetch(path, {method, headers, body: body === null ? undefined : JSON.stringify(body)})
          return {status: answer.status, body: await answer.json()}
        }"""
        answer: dict = self.page.evaluate(script, [method, path, body])
        return answer
