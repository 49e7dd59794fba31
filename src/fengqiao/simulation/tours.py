"""A tour for each persona of the demo: the screens of their day, and what they do there."""

from dataclasses import dataclass
from typing import Final

from fengqiao.base.words import Words, _


@dataclass(frozen=True, slots=True)
class Stop:
    """One screen: its address, its name, and what this person does there."""

    address: str
    title: Words
    what: Words


DESK, NEW, MAP = _("The desk"), _("New case"), _("Map")
DAY, DUTY, ACCOUNT = _("A day in the district"), _("Duty"), _("Your account and post")

ON_MAP: Final = Stop("/desk/map", MAP, _("See where the cases you may read lie: counted from far, as points from near."))
ON_DUTY: Final = Stop("/duty/", DUTY, _("Look up who has duty."))
POST: Final = Stop("/account/", ACCOUNT, _("See which posts you hold; with several, choose the one you act in."))
QUIET: Final = Stop("/account/quiet-hours/", _("Quiet hours"), _("Choose the hours in which messages should not disturb you."))
SECOND: Final = Stop("/account/second-factor/", _("Second factor"), _("Protect the account with a code from an app or with a passkey."))
SESSIONS: Final = Stop("/account/sessions/", _("Sessions"), _("See where you are signed in, and end what is not yours."))
CODES: Final = Stop(
    "/codes/", _("Codes to scan"), _("Make codes for stairwells and squares, print them, and withdraw a code that is lost.")
)
HANDOVER: Final = Stop("/duty/handover/", _("Hand over"), _("At the end of a turn write down what is still open for whoever comes next."))
THE_DAY: Final = Stop("/day/", DAY, _("Read the day in figures; press a figure to see the cases behind it."))
REPLAY: Final = Stop("/day/replay/", _("Replay the day"), _("Go through a day again and see how it came about."))
LEVELS: Final = Stop("/day/levels/", _("Who solved it"), _("See at which level matters were solved."))
SOURCES: Final = Stop("/day/registry/", _("Where figures come from"), _("Look up how a figure is counted before you rely on it."))
BASELINES: Final = Stop(
    "/day/baselines/", _("Baselines"), _("Look at figures of an earlier period or of another place, to compare a day with.")
)
PAPER: Final = Stop("/day/paper/", _("The day on paper"), _("Print the day for a meeting."))


def _desk(what: Words) -> Stop:
    return Stop("/desk/", DESK, what)


def _new(what: Words) -> Stop:
    return Stop("/desk/new/incident", NEW, what)


STATION: Final = (
    _desk(_("Sign for the orders that have come, go there, and report the result with a photo.")),
    ON_MAP,
    _new(_("Report what you come across on the way, even if it is not yours to mend.")),
    ON_DUTY,
    QUIET,
)

TOURS: Final[dict[str, tuple[Stop, ...]]] = {
    "grid": (
        _new(_("Report what you see on your round: write it down, take a photo, tap the place.")),
        _desk(_("Find the cases of your grid. When somebody says a matter is mended, look and confirm, or say that it is not.")),
        ON_MAP,
        ON_DUTY,
        QUIET,
    ),
    "dispatcher": (
        _desk(_("Begin with what is late. Accept, triage and assign in one form; close when the result has been checked.")),
        _new(_("Take down what somebody tells you by telephone.")),
        ON_MAP,
        CODES,
        ON_DUTY,
        HANDOVER,
    ),
    "handler": STATION,
    "enforcement": STATION,
    "clerk": (
        Stop("/village/", _("The village's desk"), _("See which messages wait for you, and answer them or pass them on.")),
        _new(_("Write down what a neighbour tells you at the door.")),
        _desk(_("Open a case to read its whole story, and add a note.")),
        CODES,
        ON_DUTY,
    ),
    "window": (
        _new(_("Take down a report at the window while the person stands before you; give them the receipt.")),
        _desk(_("Accept what has come in, or say why it cannot be taken in.")),
        Stop("/query/", _("Look up a receipt"), _("Show people how to follow their matter with number and code, without an account.")),
        CODES,
        ON_DUTY,
    ),
    "director": (
        THE_DAY,
        REPLAY,
        _desk(_("Step in where a matter is stuck: urge it, hand it to somebody else, or raise it a level.")),
        ON_MAP,
        Stop("/duty/", DUTY, _("See who has duty, and name a substitute when somebody falls out.")),
        Stop("/settings/", _("Settings"), _("Change kinds of matter, deadlines and rules of the district; every change is kept.")),
    ),
    "district": (
        _desk(_("Take what a town cannot settle alone, and assign it to the department that can.")),
        THE_DAY,
        ON_MAP,
        ON_DUTY,
        LEVELS,
    ),
    "leader": (
        THE_DAY,
        _desk(_("Read what weighs in your town; urge a matter, or declare an emergency.")),
        ON_MAP,
        ON_DUTY,
        PAPER,
    ),
    "supervisor": (
        _desk(_("Find what is late, urge it, and open a case again when it was closed too soon.")),
        THE_DAY,
        LEVELS,
        REPLAY,
        SOURCES,
    ),
    "auditor": (
        _desk(_("An auditor does not work on cases; the desk shows no more than the post may read. The trail has no screen yet.")),
        ON_DUTY,
        POST,
        SECOND,
        SESSIONS,
    ),
    "privacy": (
        _desk(_("Take up requests of people about their own data, and answer them in time.")),
        Stop("/my-data/", _("My data"), _("See what a resident sees when they ask which of their data is kept.")),
        Stop("/privacy/", _("Privacy"), _("Read what the house promises to residents.")),
        POST,
        SECOND,
    ),
    "admin": (
        Stop("/settings/persons/", _("Persons and their posts"), _("Add people, give them posts, block an account.")),
        Stop("/settings/posts/", _("Posts and what they may do"), _("Look up what each post may do.")),
        Stop("/settings/health/", _("Health of the system"), _("See whether everything runs, and what does not.")),
        Stop("/settings/deliveries/", _("Messages sent"), _("See which messages did not arrive, and send them again.")),
        Stop("/settings/changes/", _("History"), _("See who changed which setting, and when.")),
    ),
    "analyst": (
        THE_DAY,
        BASELINES,
        REPLAY,
        SOURCES,
        ON_MAP,
    ),
    "mediator": (
        _desk(_("Take up the disputes given to you: hear both sides, write down what they agreed on.")),
        ON_MAP,
        ON_DUTY,
        QUIET,
        POST,
    ),
}
"""By the account that takes the tour."""
