"""Both languages are complete, nothing is translated that is not shown, and words of the trade are said in one way."""

import csv
import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from fengqiao.site import words
from fengqiao.testing import shared_folder

HOLES = re.compile(r"\{(\w+)\}|%\((\w+)\)s")


@pytest.fixture(scope="module")
def found() -> words.Findings:
    return words.look()


def test_every_text_that_is_shown_has_its_chinese(found):
    assert not found.missing, "add these to a part in site/locale/zh_Hans/parts (./run words --missing prints them)"


def test_nothing_is_translated_that_nobody_shows(found):
    assert not found.unused


def test_one_text_is_translated_in_one_way(found):
    assert not found.twice


def test_a_translation_has_the_same_holes_as_its_text(found):
    wrong = [text for text, said in found.said.items() if said and set(HOLES.findall(text)) != set(HOLES.findall(said))]
    assert not wrong


@pytest.mark.shared_data
def test_words_of_the_trade_are_those_of_the_glossary(found):
    terms: dict[str, set[str]] = {}
    with (shared_folder() / "glossary.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            terms.setdefault(row["en_label"].strip().lower(), set()).add(row["zh"].strip())
    differing = {
        text: said
        for text, said in found.said.items()
        if said and text.lower() in terms and not any(term in said or said in term for term in terms[text.lower()])
    }
    assert not differing


def test_marks_are_found_in_python_and_in_templates(tmp_path: Path):
    room = tmp_path / "room"
    (room / "templates").mkdir(parents=True)
    (room / "errors.py").write_text('from x import _\nA = _("First " "half")\nB = "not marked"\n', encoding="utf-8")
    page = (
        '{% load i18n %}\n<p>it\'s "x" {% translate "Second" %}</p>\n{% blocktranslate with a=b %}Third {{ a }} 100%{% endblocktranslate %}'
    )
    (room / "templates" / "page.html").write_text(page, encoding="utf-8")
    assert {text for _place, text, _plural in words.marked(tmp_path)} == {"First half", "Second", "Third %(a)s 100%%"}


def test_the_compiled_catalogue_speaks_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(words, "MO", tmp_path / "django.mo")
    words.compile_catalogue()
    with (tmp_path / "django.mo").open("rb") as compiled:
        catalogue = read_mo(compiled)
    assert catalogue.get("Sign in").string == "登录"
