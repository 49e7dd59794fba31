"""The words of the screens: both languages say everything, and nothing that no screen says (decision 30)."""

import json
import re
from pathlib import Path

WEB = Path(__file__).parents[1] / "web" / "src"
PLAIN = re.compile(r"\bt\(\s*'([^'`]+)'")
EITHER = re.compile(r"\bt\([^'`]*\?\s*'([^']+)'\s*:\s*'([^']+)'")
BUILT = re.compile(r"\bt\(`([^`$]+)\$\{")


def catalogue(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((WEB / "locales" / f"{language}.json").read_text(encoding="utf-8"))
    return found


def said() -> tuple[set[str], set[str]]:
    """Return the keys that screens say, and the beginnings of keys that they put together."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(WEB.rglob("*")) if path.suffix in {".vue", ".ts"})
    keys = set(PLAIN.findall(text)) | {key for pair in EITHER.findall(text) for key in pair}
    return keys, set(BUILT.findall(text))


def test_both_languages_have_the_same_keys() -> None:
    assert list(catalogue("zh-Hans")) == list(catalogue("en"))


def test_every_sentence_has_the_same_holes_in_both_languages() -> None:
    chinese, english = catalogue("zh-Hans"), catalogue("en")
    holes = re.compile(r"\{(\w+)\}")
    assert {key for key in english if set(holes.findall(english[key])) != set(holes.findall(chinese[key]))} == set()


def test_every_word_a_screen_says_is_in_the_catalogue() -> None:
    keys, beginnings = said()
    known = catalogue("en")
    assert keys - set(known) == set()
    assert {one for one in beginnings if not any(key.startswith(one) for key in known)} == set()


def test_no_word_is_left_that_no_screen_says() -> None:
    keys, beginnings = said()
    assert {key for key in catalogue("en") if key not in keys and not key.startswith(tuple(beginnings))} == set()


def test_the_chinese_is_chinese_and_the_english_is_not() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    assert {key for key, sentence in catalogue("en").items() if han.search(sentence)} == set()
    neutral = {"time.joint", "comma", "people.since", "suggestion.joint", "map.and", "map.by"}
    assert {key for key, sentence in catalogue("zh-Hans").items() if key not in neutral and not han.search(sentence)} == set()
