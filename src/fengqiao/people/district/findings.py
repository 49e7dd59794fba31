"""What a check found: where, and one sentence that says what is wrong and what would be right."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from fengqiao.base.words import Translate, Words, _, spoken

PLACE = _("{file}, row {row}, column “{column}”: {sentence}")
PLACE_ROW = _("{file}, row {row}: {sentence}")
PLACE_FEATURE = _("{file}, feature {row}: {sentence}")
PLACE_FILE = _("{file}: {sentence}")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong (`grave`) or only worth knowing."""

    file: str
    row: int
    column: str
    sentence: Words
    facts: dict[str, object] = field(default_factory=dict)
    grave: bool = True

    def say(self, translate: Translate = str) -> str:
        """Return where and what, in the reader's language."""
        facts = {name: spoken(fact, translate) for name, fact in self.facts.items()}
        sentence = self.sentence.say(translate, facts or None)
        place = PLACE_FILE if not self.row else PLACE_FEATURE if self.column == "feature" else PLACE if self.column else PLACE_ROW
        return place.say(translate, {"file": self.file, "row": self.row, "column": self.column, "sentence": sentence})


def grave(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that keep a district from being written."""
    return [finding for finding in findings if finding.grave]
