"""The words of requests about personal data: what is wanted, and how it was decided."""

from enum import StrEnum
from typing import Final

from fengqiao.base.words import Words, _
from fengqiao.cases.erasing import NOTED, Part


class Wish(StrEnum):
    """What somebody wants done with their data."""

    PHOTO = "photo"
    CONTACT = "contact"
    CORRECT = "correct"
    COPY = "copy"
    ALL = "all"
    WHY = "why"


class Decision(StrEnum):
    """How the privacy officer decided; what is refused is refused for a reason of the law (L9 §44-50)."""

    DELETED = "deleted"
    CORRECTED = "corrected"
    HANDED_OVER = "handed_over"
    STILL_NEEDED = "still_needed"
    KEPT_BY_LAW = "kept_by_law"
    NOT_THEIRS = "not_theirs"


CHOICES: Final[dict[str, Words]] = {
    Wish.PHOTO: _("Delete a photo"),
    Wish.CONTACT: _("Delete my name and telephone"),
    Wish.CORRECT: _("Correct something"),
    Wish.COPY: _("Give me a copy"),
    Wish.ALL: _("Delete everything that may be deleted"),
    Wish.WHY: _("Explain to me what was done with it"),
    Decision.DELETED: _("Granted: it is deleted"),
    Decision.CORRECTED: _("Granted: it is corrected"),
    Decision.HANDED_OVER: _("Granted: handed over or explained"),
    Decision.STILL_NEEDED: _("Refused: the matter is still being dealt with, and it is needed for that"),
    Decision.KEPT_BY_LAW: _("Refused: the law makes us keep it until its time is over"),
    Decision.NOT_THEIRS: _("Refused: it is about somebody else, or nothing is kept"),
    Part.PHOTOS: _("The photos of the report"),
    Part.CONTACT: _("Name and telephone"),
    Part.REPORT: _("What whoever reported said, showed and where, with name and telephone"),
    Part.EVERYTHING: _("Everything that was said in the case, also by officers"),
    **NOTED,
}
