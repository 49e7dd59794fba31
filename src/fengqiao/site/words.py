"""The catalogue of texts: collected from the code, merged with what translators wrote, compiled; no system gettext needed.

Each helper of the house writes its Chinese beside its English in `locale/zh_Hans/parts/<area>.csv`; this command collects
what the code marks, merges the parts into `django.po`, and compiles `django.mo`, which is never committed.

    words              collect, merge, compile, and say what is missing
    words --compile    only compile what is there
    words --missing    print what is missing as rows for a part
    words --check      change nothing; fail on anything missing, unused, or said in two ways
"""

import csv
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).parents[1]
PLACE = Path(__file__).parent / "locale" / "zh_Hans"
PARTS = PLACE / "parts"
PO = PLACE / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}
# The fixed header keeps the catalogue the same wherever and whenever it is made.
HEADER = """# Chinese texts of Fengqiao. Made by `./run words` from the code and from parts/*.csv; edit those.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"Language: zh_Hans\\n"

"""


@dataclass(slots=True)
class Findings:
    """What the code marks, what was translated, and where the two differ."""

    marked: dict[str, set[str]] = field(default_factory=dict)
    plurals: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        return sorted(text for text in self.marked if not self.said.get(text))

    @property
    def unused(self) -> list[str]:
        return sorted(text for text in self.said if text not in self.marked)


def main(arguments: list[str]) -> int:
    """Do what the command line says."""
    if "--compile" in arguments:
        compile_catalogue()
        return 0
    found = look()
    if "--missing" in arguments:
        csv.writer(sys.stdout, lineterminator="\n").writerows([text, ""] for text in found.missing)
        return 0
    if "--check" not in arguments:
        write_catalogue(found)
        compile_catalogue()
    return report(found)


def report(found: Findings) -> int:
    """Say what is missing, unused or said in two ways."""
    lines = [f"missing: {text!r} ({', '.join(sorted(found.marked[text])[:2])})" for text in found.missing]
    lines += [f"unused: {text!r}" for text in found.unused]
    lines += [f"said in two ways: {text}" for text in found.twice]
    print(*lines, f"{len(found.marked)} texts, {len(found.missing)} missing, {len(found.unused)} unused", sep="\n")
    return 1 if lines else 0


def look(package: Path = PACKAGE, parts: Path = PARTS) -> Findings:
    """Collect what the code marks and what the parts say."""
    found = Findings()
    for place, text, plural in marked(package):
        found.marked.setdefault(text, set()).add(place)
        if plural:
            found.plurals[text] = plural
    for path, text, said in rows(parts):
        if found.said.setdefault(text, said) != said:
            found.twice.append(f"{text!r}: {found.said[text]!r} and, in {path.name}, {said!r}")
    return found


def rows(parts: Path = PARTS) -> Iterator[tuple[Path, str, str]]:
    """Yield every row of every part."""
    for path in sorted(parts.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield path, row["msgid"], (row["msgstr"] or "").strip()


def marked(package: Path = PACKAGE) -> Iterator[tuple[str, str, str]]:
    """Yield every marked text with the file it stands in, and its plural if it has one."""
    for path in sorted(package.rglob("*")):
        place = path.relative_to(package)
        if path.suffix not in {".py", ".html", ".txt"} or {"tests", "migrations", "static", "locale", "__pycache__"} & set(place.parts):
            continue
        if path.suffix == ".py":
            source = path.read_bytes()
        elif "templates" in place.parts:
            # What is not marked is blanked out by Django; on one line the rest reads as Python.
            source = " ".join(templatize(path.read_text(encoding="utf-8")).split("\n")).strip().encode()
        else:
            continue
        for text, plural in texts(source):
            yield str(place), text, plural


def texts(source: bytes) -> Iterator[tuple[str, str]]:
    """Yield the marked texts of a piece of Python."""
    for _line, message, _comments, _context in extract("python", BytesIO(source), keywords=KEYWORDS, options={"encoding": "utf-8"}):
        text, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
        if text:
            yield text, plural


def write_catalogue(found: Findings) -> None:
    """Write the catalogue, in the order of the texts, so that a change of one is a change of one line."""
    catalogue = Catalog(locale="zh_Hans", fuzzy=False)
    for text in sorted(found.marked):
        said = found.said.get(text, "")
        places: list[Any] = [(place, None) for place in sorted(found.marked[text])]  # a place without a line moves no catalogue
        if text in found.plurals:
            catalogue.add((text, found.plurals[text]), (said,), locations=places)
        else:
            catalogue.add(text, said, locations=places)
    PO.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, catalogue, width=0, omit_header=True, include_lineno=False)
    PO.write_text(HEADER + out.getvalue().decode(), encoding="utf-8")


def compile_catalogue() -> None:
    """Compile the catalogue, the parts being newer than it."""
    sources = [path for path in (PO, *PARTS.glob("*.csv"), Path(__file__)) if path.exists()]
    if MO.exists() and all(path.stat().st_mtime <= MO.stat().st_mtime for path in sources):
        return
    catalogue = Catalog(locale="zh_Hans")
    if PO.exists():
        with PO.open("rb") as lines:
            catalogue = read_po(lines, locale="zh_Hans")
    overlay(catalogue, ((text, said) for _path, text, said in rows()))
    PO.parent.mkdir(parents=True, exist_ok=True)
    half = MO.with_suffix(f".{os.getpid()}")
    with half.open("wb") as out:
        write_mo(out, catalogue)
    half.replace(MO)


def overlay(catalogue: Catalog, said: Iterable[tuple[str, str]]) -> None:
    """Let what the parts say stand over what the catalogue says."""
    for text, translation in said:
        message = catalogue.get(text)
        if not translation:
            continue
        if message is None:
            catalogue.add(text, translation)
        else:
            message.string = (translation,) if message.pluralizable else translation
