"""Tables that people fill in: what is wrong in one is named by row and column, in the reader's language."""

from fengqiao.base.errors import Invalid
from fengqiao.base.words import Translate, Words, _

NO_NUMBER = _("“{value}” is no number")
NO_KIND = _("there is no kind of matter “{value}”")


class BadCell(Invalid):
    """A cell that cannot be used; ``why`` is a sentence with holes of its own."""

    message = _("Row {row}, column “{column}”: {why}")

    def say(self, translate: Translate = str) -> str:
        """Return the sentence with the reason in it, both in the translator's language."""
        why = self.facts.get("why")
        told = why.say(translate, self.facts) if isinstance(why, Words) else str(why)
        return self.message.say(translate, {**self.facts, "why": told})
