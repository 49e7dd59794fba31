"""What can be said: every sentence people are told, under a name that settings know it by. The rooms that say them register them."""

from collections.abc import Mapping
from dataclasses import dataclass

from fengqiao.base.words import Words

OFFICER, REPORTER = "officer", "reporter"


@dataclass(frozen=True, slots=True)
class Event:
    """One occasion to tell somebody something: whom, and the sentence as delivered."""

    key: str
    audience: str
    sentence: Words


_by_key: dict[str, Event] = {}
_by_sentence: dict[str, Event] = {}


def register(audience: str, sentences: Mapping[str, Words]) -> None:
    """Name sentences; harmless when done twice. A name that stands for another sentence is a mistake of the code."""
    for key, sentence in sentences.items():
        known = _by_key.setdefault(key, Event(key, audience, sentence))
        if known.sentence != sentence:
            raise ValueError(f"two messages are called {key}")
        _by_sentence[str(sentence)] = known


def every() -> tuple[Event, ...]:
    """Return all occasions: what reporters are told first, then officers, each by name."""
    return tuple(sorted(_by_key.values(), key=lambda event: (event.audience == OFFICER, event.key)))


def named(key: str) -> Event | None:
    """Return one occasion."""
    return _by_key.get(key)


def of_sentence(sentence: str) -> Event | None:
    """Return the occasion on which a sentence is said, if it has a name."""
    return _by_sentence.get(str(sentence))
