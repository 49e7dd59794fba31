"""`./run module NAME`: lays out a module that works at once, with its loop, form, test and page.

What it writes is meant to be read and changed; nothing else in the house has to be touched but one line of the settings.
"""

import argparse
import csv
import re
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
ROOT = PACKAGE.parents[1]
ANCHOR = '    "fengqiao.modules.incidents",\n'

FILES = {
    "__init__.py": '''"""{title}: say in one line what this module is for.

A case is *closed* when the work is done, shown, and confirmed by somebody who did not do it.
"""
''',
    "apps.py": '''"""The name of this module."""

from fengqiao.cases import registry


class {camel}Config(registry.ModuleConfig):
    name = "fengqiao.modules.{name}"
    label = "{name}"
''',
    "loop.py": '''"""The path a case of this module takes, and what each move asks."""

from fengqiao.base.words import _
from fengqiao.loop.alphabet import A, C, D, F, H, M, O, P, R, S, T, V, W, X
from fengqiao.loop.definition import PERSON, Loop, Move, Path
from fengqiao.loop.terms import C1
from fengqiao.modules.{name}.schemas import Done

LOOP = Loop(
    key="{name}",
    title=_("{title}"),
    path=Path(R, A, T, D, S, H, F, V, C).may(X, O, M, W, P),
    confidentiality=C1,
    sla="S3",
    verified_by=_("Somebody who did not do the work"),
    moves=(
        Move("feed_back", asks=Done),
        Move("verify_pass", apart_from=(("feed_back", PERSON),)),
    ),
)

LOOPS = (LOOP,)
''',
    "schemas.py": '''"""What the moves of this module ask beyond what every case asks."""

from fengqiao.base.words import _
from fengqiao.cases.schemas import TO_PROVE, Evidence, Line, asked


class Done(Evidence):
    """The result, and who was there."""

    witness: Line = asked(_("Who was there"), default="", purpose=TO_PROVE)
''',
    "services.py": '''"""What people can do here beyond the moves of every case; a function named like a move answers for it."""
''',
    "policies.py": '''"""Which rows may an actor see? Those of every case; nothing is wider here."""
''',
    "tests/__init__.py": "",
    "tests/test_loop.py": '''"""The loop of this module, and that a case of it can be opened."""

import pytest

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine
from fengqiao.base.act import Act
from fengqiao.base.clock import now
from fengqiao.base.ids import new_id
from fengqiao.cases import registry
from fengqiao.cases.schemas import Report
from fengqiao.cases.services import open_case


def test_the_kind_is_known_by_its_name():
    assert registry.loop("{name}").title == "{title}"


@pytest.mark.django_db
def test_a_case_of_this_kind_begins_as_reported():
    act = Act(new_id(), machine("test"), now())
    with acting(act):
        case = open_case(act, "{name}", Report(text="The first one", category="0505", area="990101001001"))
    assert case.state == "R"
''',
}
PAGE = """# {title}

## What it is for

Say it in three sentences: who reports, who handles, what changes for whom.

## When a case is closed

When the work is done, shown, and confirmed by somebody who did not do it.

## The loop

Reported, accepted, triaged, assigned, signed for, handled, result reported, verified, closed. It may be turned away, transferred,
merged, withdrawn and paused. The picture is drawn from the data: see [the loop](../reference/loop.md).

## What it asks

| move | form |
|---|---|
| `feed_back` | `Done`: the result with pictures, and who was there |
"""
CHINESE = {"Who was there": "在场人员", "Somebody who did not do the work": "未经办该事项的人员"}


def main(arguments: list[str]) -> int:
    """Lay out a module."""
    parser = argparse.ArgumentParser(prog="./run module", description="Lay out a new module that works at once.")
    parser.add_argument("name", help="small letters and underscores, such as street_lamps")
    parser.add_argument("--title", help="its English title (default: from the name)")
    parser.add_argument("--title-zh", help="its Chinese title (default: the English one)")
    asked = parser.parse_args(arguments)
    folder = PACKAGE / "modules" / asked.name
    if not re.fullmatch(r"[a-z][a-z_]{1,28}[a-z]", asked.name) or asked.name == "modules":
        print(f"“{asked.name}” is no name for a module: small letters and underscores only, such as street_lamps.", file=sys.stderr)
        return 2
    if folder.exists():
        print(f"There is a module of this name already: {folder.relative_to(ROOT)}.", file=sys.stderr)
        return 2
    title = asked.title or asked.name.replace("_", " ").capitalize()
    _write(folder, asked.name, title)
    _translate(asked.name, {title: asked.title_zh or title, **CHINESE})
    _enter(asked.name)
    for command in (("words",), ("publish",)):
        subprocess.run([sys.executable, "-m", "fengqiao", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    print(f"src/fengqiao/modules/{asked.name}/ works already: ./run, sign in as dispatcher, choose “New case”.")
    print(f"Now read {asked.name}/loop.py, and say in docs/modules/{asked.name}.md what it is for.")
    return 0


def _write(folder: Path, name: str, title: str) -> None:
    facts = {"name": name, "title": title.replace('"', "'"), "camel": "".join(part.capitalize() for part in name.split("_"))}
    for place, text in FILES.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_filled(text, facts), encoding="utf-8")
    page = ROOT / "docs" / "modules" / f"{name}.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(_filled(PAGE, facts), encoding="utf-8")


def _filled(text: str, facts: dict[str, str]) -> str:
    for key, value in facts.items():
        text = text.replace("{" + key + "}", value)
    return text


def _translate(name: str, words: dict[str, str]) -> None:
    """Give the module its Chinese, beside everybody else's."""
    parts = PACKAGE / "site" / "locale" / "zh_Hans" / "parts"
    known = {row[0] for path in parts.glob("*.csv") for row in csv.reader(path.open(encoding="utf-8", newline="")) if row}
    with (parts / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("msgid", "msgstr"))
        writer.writerows((english, chinese) for english, chinese in words.items() if english not in known)


def _enter(name: str) -> None:
    """Write the module's one line into the settings."""
    settings = PACKAGE / "site" / "settings.py"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(ANCHOR, f'{ANCHOR}    "fengqiao.modules.{name}",\n', 1), encoding="utf-8")
