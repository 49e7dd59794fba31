"""Text that people see, marked where it is written and translated only where it is shown.

Lower floors know no language: they keep the English sentence as `Words`, and whoever shows it passes a translator.
"""

from collections.abc import Callable, Mapping

Translate = Callable[[str], str]


class Words(str):
    """An English sentence meant for people; a plain `str` is meant for machines."""

    __slots__ = ()

    def say(self, translate: Translate = str, facts: Mapping[str, object] | None = None) -> str:
        """Return the sentence in the translator's language, its `{holes}` filled with facts."""
        text = str(translate(str(self)))
        if not facts:
            return text
        return text.format_map({name: spoken(fact, translate) for name, fact in facts.items()})


def spoken(fact: object, translate: Translate = str) -> str:
    """Say one fact: marked words are translated, everything else stands as it is."""
    return fact.say(translate) if isinstance(fact, Words) else str(fact)


def _(text: str) -> Words:
    """Mark a sentence for the catalogues."""
    return Words(text)
