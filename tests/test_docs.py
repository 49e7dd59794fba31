"""The docs say what the code has: modules, settings, permissions, events."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "fengqiao"
DOCS = ROOT / "docs"
MODULES = sorted(path.name for path in (PACKAGE / "modules").iterdir() if (path / "apps.py").exists())
HEADINGS = ("## What it is for", "## When a case is closed", "## The loop")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def sources() -> dict[Path, str]:
    return {path: read(path) for path in PACKAGE.rglob("*.py") if "tests" not in path.parts}


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_page_with_the_same_headings(module):
    page = DOCS / "modules" / f"{module}.md"
    assert page.exists(), f"write {page.relative_to(ROOT)}"
    assert [heading for heading in HEADINGS if heading not in read(page)] == []


def test_every_setting_is_documented_and_every_documented_setting_exists():
    used = {name for text in sources().values() for name in re.findall(r'"(FENGQIAO_[A-Z_]+|DATABASE_(?:OWNER_)?URL)"', text)}
    documented = set(re.findall(r"^\| `([A-Z_]+)` ", read(DOCS / "reference" / "settings.md"), re.MULTILINE))
    assert used - documented == set(), "not documented"
    assert documented - used == set(), "documented but gone"


def test_every_permission_is_documented():
    from fengqiao.access.seeds import table

    page = read(DOCS / "reference" / "permissions.md")
    known = set(re.findall(r"`([a-z_0-9:]+)`", page))
    held = {permission for post in table() for permission in post.permissions}
    # A move is documented once, whatever the kind of case it is given for.
    assert sorted(name for name in held if name not in known and name.partition(":")[2] not in known) == []


def test_every_event_is_documented():
    from fengqiao.cases.terms import RequestKind
    from fengqiao.loop.alphabet import EVERY_MOVE

    page = read(DOCS / "reference" / "events.md")
    topics = [*EVERY_MOVE, *(f"{verb}_{kind}" for kind in RequestKind for verb in ("ask", "answer"))]
    assert [topic for topic in topics if f"| `{topic}` |" not in page] == []


def test_every_command_is_documented():
    from fengqiao.site.cli import COMMANDS

    page = read(DOCS / "reference" / "commands.md")
    assert [name for name in COMMANDS if f"`{name}`" not in page] == []


def test_no_link_between_pages_is_broken():
    broken = []
    for page in (*ROOT.glob("*.md"), *DOCS.rglob("*.md")):
        for target in re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", read(page)):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []


def test_no_page_and_no_lock_names_a_registry_or_a_machine():
    hosts = [line for line in read(ROOT / "requirements.lock").splitlines() if "://" in line]
    assert hosts == []
    lock = ROOT / "web" / "package-lock.json"
    assert not lock.exists() or '"resolved"' not in read(lock)


def test_every_picture_of_the_docs_is_taken_by_the_command_and_small():
    from fengqiao.site.pictures import PICTURES

    pages = [ROOT / "README.md", ROOT / "README.zh.md", *DOCS.rglob("*.md")]
    shown = {name for page in pages for name in re.findall(r"\]\([./a-z]*pictures/([a-z]+)\.png\)", read(page))}
    assert shown == {one.name for one in PICTURES}, "a picture nobody takes, or nobody shows"
    assert {path.stem for path in (DOCS / "pictures").iterdir()} == shown
    assert [path.name for path in (DOCS / "pictures").iterdir() if path.stat().st_size > 200_000] == []
