"""The words of mediation (handbook B10, B13)."""

from enum import StrEnum
from typing import Final

from fengqiao.base.words import Words, _


class Source(StrEnum):
    """How a dispute came to the committee."""

    APPLICATION = "application"
    OWN_MOTION = "own_motion"
    FROM_POLICE = "from_police"
    FROM_PETITION = "from_petition"
    FROM_COURT = "from_court"


class Ending(StrEnum):
    """How a mediation ended (L5 §25)."""

    AGREED = "agreed"
    AGREED_ORALLY = "agreed_orally"
    PARTY_REFUSED = "party_refused"
    GAP_TOO_WIDE = "gap_too_wide"
    UNREACHABLE = "unreachable"
    NOT_SIGNED = "not_signed"
    TIME_OVER = "time_over"


class Side(StrEnum):
    """The two sides of a dispute."""

    APPLICANT = "applicant"
    RESPONDENT = "respondent"


AGREEMENTS: Final = frozenset({Ending.AGREED, Ending.AGREED_ORALLY})

CHOICES: Final[dict[str, Words]] = {
    Source.APPLICATION: _("On application"),
    Source.OWN_MOTION: _("On the committee's own motion"),
    Source.FROM_POLICE: _("Passed on by the police"),
    Source.FROM_PETITION: _("Passed on by the petition office"),
    Source.FROM_COURT: _("Passed on by the court"),
    Ending.AGREED: _("Agreed in writing"),
    Ending.AGREED_ORALLY: _("Agreed by word of mouth"),
    Ending.PARTY_REFUSED: _("A party does not want mediation"),
    Ending.GAP_TOO_WIDE: _("The two sides are too far apart"),
    Ending.UNREACHABLE: _("A party cannot be reached"),
    Ending.NOT_SIGNED: _("A party does not sign what was agreed"),
    Ending.TIME_OVER: _("The time is over"),
    Side.APPLICANT: _("Whoever applied"),
    Side.RESPONDENT: _("The other side"),
}
