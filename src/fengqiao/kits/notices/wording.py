"""Sentences with facts: kept as data, said in the reader's language, and said with less outside the house."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext

from fengqiao.access import catalogue
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.words import Words, _
from fengqiao.kits.notices import texts
from fengqiao.people import queries as people
from fengqiao.people.terms import Level

Facts = Mapping[str, Any]

OUTSIDE = frozenset({"number", "kind", "clock", "town", "organisation", "what", "due", "count"})
"""The holes that may be filled in a text that leaves the house; none of them names a person or says what happened."""

SOMETHING = _("There is a notice for you. Sign in to read it.")
TRY = _("This is a test, made at {due}. If you read it, this way works.")
DIGEST = _("New notices for you: {count}. Sign in to read them.")
DIGEST_REPORTER = _("News about what you reported: {count}. It stands on the pages of your receipts.")


def words(sentence: str) -> dict[str, str]:
    """Return a fact that is translated where it is read."""
    return {"words": str(sentence)}


def organisation(id: UUID | str) -> dict[str, str]:
    """Return a fact that names an organisation in the reader's language."""
    return {"organisation": str(id)}


def area(code: str) -> dict[str, str]:
    """Return a fact that names a piece of ground in the reader's language."""
    return {"area": code}


def person(id: UUID | str) -> dict[str, str]:
    """Return a fact that names an officer."""
    return {"person": str(id)}


def post(key: str) -> dict[str, str]:
    """Return a fact that names a post."""
    return {"post": key}


def moment(at: datetime) -> dict[str, str]:
    """Return a fact that is a time, said in the zone of the district."""
    return {"moment": at.isoformat()}


def many(facts: list[Any]) -> dict[str, list[Any]]:
    """Return several facts as one, said one after the other."""
    return {"many": facts}


def say(sentence: str, facts: Facts, language: str, *, channel: str = "", at: datetime | None = None) -> str:
    """Say a sentence in the language that is active (`language` is its name), by the words that stood `at` a moment."""
    if not sentence:
        return ""
    said = filled(facts, language)
    text = texts.own(sentence, language, channel, at)
    return Words(sentence).say(gettext, said) if text is None else text.format_map(defaultdict(str, said))


def filled(facts: Facts, language: str) -> dict[str, str]:
    """Return what each placeholder becomes in the language that is active."""
    return {name: _said(fact, language) for name, fact in facts.items()}


def say_outside(sentence: str, facts: Facts, language: str, *, quiet: bool = False, channel: str = "", at: datetime | None = None) -> str:
    """Say a sentence for a text that leaves the house: what may not be said there becomes a sentence that says nothing."""
    text = texts.own(sentence, language, channel, at) or sentence
    if quiet or not set(texts.HOLES.findall(text)) <= OUTSIDE:
        return gettext(SOMETHING)
    return say(sentence, {name: _outside(name, fact) for name, fact in facts.items()}, language, channel=channel, at=at)


def filled_outside(sentence: str, facts: Facts, language: str, *, quiet: bool = False) -> dict[str, str]:
    """Return what fills a text that leaves the house; nothing where nothing may be said."""
    if quiet or not set(texts.HOLES.findall(sentence)) <= OUTSIDE:
        return {}
    return {
        name: text
        for name, text in filled({name: _outside(name, fact) for name, fact in facts.items()}, language).items()
        if name in OUTSIDE
    }


def _outside(name: str, fact: Any) -> Any:
    if isinstance(fact, dict) and "area" in fact:
        town = people.above(fact["area"], Level.TOWN)
        return {"area": town.code if town else ""}
    return "" if isinstance(fact, dict) and "person" in fact else fact


def _said(fact: Any, language: str) -> str:
    if not isinstance(fact, dict):
        return str(fact)
    (sort, value), *_rest = fact.items()
    return str(SAYING[sort](value, language))


def _organisation(id: str, language: str) -> str:
    try:
        return people.organisation(id).called(language)
    except FengqiaoError:
        return ""


def _area(code: str, language: str) -> str:
    row = people.area(code)
    return row.called(language) if row else ""


def _moment(text: str, language: str) -> str:
    return date_format(datetime.fromisoformat(text).astimezone(people.zone()), "m-d H:i")


def _many(facts: list[Any], language: str) -> str:
    return ("、" if language.startswith("zh") else ", ").join(_said(fact, language) for fact in facts)


SAYING: dict[str, Callable[[Any, str], str]] = {
    "words": lambda value, language: gettext(value) if value else "",
    "organisation": _organisation,
    "area": _area,
    "person": people.person_named,
    "post": lambda value, language: catalogue.post(value).title_in(language),
    "moment": _moment,
    "many": _many,
}
