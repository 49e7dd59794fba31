"""What each state means for whoever waits, in one plain sentence."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext

from fengqiao.across.intake.queries import Status
from fengqiao.base.words import Words, _

MEANS: Final[Mapping[str, Words]] = {
    "R": _("It has arrived. Somebody reads it and decides who takes it."),
    "A": _("It was taken in. Next it is decided what it is and how fast it must go."),
    "T": _("Next it is named who deals with it."),
    "D": _("{who} was asked to deal with it and must say that they have it."),
    "S": _("{who} has it and will begin."),
    "H": _("{who} is working on it."),
    "P": _("It waits for something from outside, and goes on by itself afterwards."),
    "F": _("{who} reported a result. Somebody else now looks whether it is right."),
    "V": _("Somebody else looked, and it is right. Next you are told, and it is closed."),
    "C": _("It is finished."),
    "Z": _("It was finished some time ago and is kept as long as the law asks."),
    "X": _("It was not taken in. Why, and what you can do instead, stands here."),
    "O": _("A body outside deals with it now. We ask there how it ended, and tell you here."),
    "M": _("It goes on together with another report. You are told how that one ends."),
    "W": _("You withdrew it."),
}
SOMEBODY = _("An office")


def meaning(found: Status) -> str:
    """Say what the state of a matter means."""
    said = MEANS.get(found.case.state)
    return said.say(gettext, {"who": found.lead or gettext(SOMEBODY)}) if said else ""
