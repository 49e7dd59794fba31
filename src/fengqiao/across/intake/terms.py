"""The words of intake: where a code hangs, what somebody wants to say, and how a call is filed."""

from enum import StrEnum
from typing import Final

from fengqiao.base.words import Words, _


class Spot(StrEnum):
    """Where a code hangs."""

    COMMUNITY = "community"
    STAIRWELL = "stairwell"
    HOUSE = "house"
    SITE = "site"


SPOT_TITLES: Final[dict[Spot, Words]] = {
    Spot.COMMUNITY: _("Community"),
    Spot.STAIRWELL: _("Stairwell"),
    Spot.HOUSE: _("House"),
    Spot.SITE: _("Building site"),
}


class Aim(StrEnum):
    """What somebody wants to say."""

    DEFECT = "defect"
    COMPLAINT = "complaint"
    INQUIRY = "inquiry"
    SUGGESTION = "suggestion"


AIM_TITLES: Final[dict[Aim, Words]] = {
    Aim.DEFECT: _("Something is broken or dangerous"),
    Aim.COMPLAINT: _("Complaint"),
    Aim.INQUIRY: _("Question"),
    Aim.SUGGESTION: _("Suggestion"),
}

AIM_HELP: Final[dict[Aim, Words]] = {
    Aim.DEFECT: _("A light is out, a wire hangs down, rubbish lies about"),
    Aim.COMPLAINT: _("Somebody or something bothers you: noise, smell, a neighbour, a shop"),
    Aim.INQUIRY: _("How do I apply, where do I go, what does it need"),
    Aim.SUGGESTION: _("What could be better here"),
}


class Consent(StrEnum):
    """How somebody agreed that another files for them (agency_filing)."""

    SIGNED = "signed"
    SPOKEN = "spoken"
    TELEPHONE = "telephone"


CONSENT_TITLES: Final[dict[Consent, Words]] = {
    Consent.SIGNED: _("Signed on paper"),
    Consent.SPOKEN: _("Said so in person"),
    Consent.TELEPHONE: _("Said so by telephone"),
}

# By which way it came in, where an officer files at a desk: the post says it.
CHANNEL_OF_POST: Final[dict[str, str]] = {
    "grid_worker": "grid",
    "grid_assistant": "grid",
    "grid_leader": "grid",
    "grid_supervisor": "grid",
    "microgrid_leader": "grid",
    "intake_clerk": "window",
    "mediation_acceptor": "window",
    "village_clerk": "agent",
    "volunteer": "volunteer",
    "team_leader": "volunteer",
    "guard_volunteer": "guard",
    "school_admin": "guard",
    "medical_reporter": "doctor",
    "court_clerk": "court",
}

# Which classes of the tree are offered first for an aim; the rest stands behind "something else".
AIM_CLASSES: Final[dict[Aim, tuple[str, ...]]] = {
    Aim.DEFECT: ("05", "02", "04", "03", "06"),
    Aim.COMPLAINT: ("06", "08", "11", "07"),
    Aim.INQUIRY: ("10",),
    Aim.SUGGESTION: ("10",),
}

AIM_CATEGORY: Final[dict[Aim, str]] = {Aim.INQUIRY: "1001", Aim.SUGGESTION: "1008"}
AIM_KIND: Final[dict[Aim, str]] = {Aim.INQUIRY: "qr_suggest", Aim.SUGGESTION: "qr_suggest"}

# Kinds about violence, where somebody may be watching: the page has a way out that leaves no trace on the screen.
VIOLENCE: Final = ("1204", "1205", "1206", "0907")
PERSONAL_DATA: Final = "1009"
DATA_REQUEST: Final = "data_request"


# What an organisation deals with, where a rule names the trade and not one body; a district may have others of its own.
TRADE_TITLES: Final[dict[str, Words]] = {
    "civil": _("Civil affairs"),
    "data": _("Data and privacy"),
    "education": _("Education"),
    "emergency": _("Emergency management"),
    "enforcement": _("By-law enforcement"),
    "environment": _("Environment protection"),
    "fire": _("Fire and rescue"),
    "governance": _("Social governance"),
    "health": _("Health care"),
    "housing": _("Housing and property"),
    "justice": _("Justice administration"),
    "labour": _("Labour and social security"),
    "market": _("Market supervision"),
    "mediation": _("People's mediation"),
    "municipal": _("Roads and lamps"),
    "petition": _("Petitions office"),
    "office": _("Town office"),
    "police": _("Police station"),
    "power": _("Power supply"),
    "sanitation": _("Street cleaning"),
    "transport": _("Transport"),
    "village": _("Village or community"),
    "water": _("Water supply"),
}


class Filed(StrEnum):
    """What became of one row of an imported list."""

    OPENED = "opened"
    KNOWN = "known"
    WRONG = "wrong"
    REDIRECTED = "redirected"
