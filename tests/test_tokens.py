"""One hand in all screens: the desk and the server's pages have the same colours, by day and by night."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DESK = (ROOT / "web" / "src" / "shared" / "tokens.css").read_text(encoding="utf-8")
PAGES = (ROOT / "src" / "fengqiao" / "kits" / "web" / "static" / "web" / "page.css").read_text(encoding="utf-8")
SAME = ("ground", "surface", "line", "ink", "quiet", "action", "maple", "on-maple", "amber", "yellow")
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b")


def tokens(css: str, opening: str) -> dict[str, str]:
    """Return the colours of the first block that opens so."""
    begin = css.index(opening)
    return dict(TOKEN.findall(css[begin : css.index("}", begin)]))


NIGHT = (':root[data-theme="dark"] {', ':root:not([data-theme="light"]) {')


@pytest.mark.parametrize(("desk", "page"), [(":root {", ":root {"), *(("html.dark {", page) for page in NIGHT)])
def test_desk_and_pages_have_the_same_colours(desk: str, page: str) -> None:
    ours, theirs = tokens(DESK, desk), tokens(PAGES, page)
    assert {name: ours.get(name) for name in SAME} == {name: theirs.get(name) for name in SAME}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        return sum(share * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
                   for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))  # fmt: skip

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


READ = [
    *((ink, ground) for ink in ("ink", "quiet", "action") for ground in ("ground", "surface", "hover", "picked")),
    ("amber", "amber-wash"), ("yellow", "yellow-wash"), ("red-ink", "red"), ("red-text", "red-wash"), ("good", "good-wash"),
    ("on-maple", "maple"),
]  # fmt: skip


@pytest.mark.parametrize("opening", [":root {", "html.dark {"])
def test_every_ink_can_be_read_on_its_ground(opening: str) -> None:
    found = tokens(DESK, ":root {") | tokens(DESK, opening)
    read = {(ink, ground): round(contrast(found[ink], found[ground]), 2) for ink, ground in READ}
    assert {pair: ratio for pair, ratio in read.items() if ratio < 4.5} == {}
