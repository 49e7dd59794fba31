"""The words of the trade that every kind of case shares."""

from enum import StrEnum

from fengqiao.base.words import Words, _


class Box(StrEnum):
    """The inboxes of a desk: what waits for which next move."""

    TO_ACCEPT = "to_accept"
    TO_TRIAGE = "to_triage"
    TO_ASSIGN = "to_assign"
    TO_SIGN = "to_sign"
    IN_HAND = "in_hand"
    TO_VERIFY = "to_verify"
    TO_CLOSE = "to_close"
    REQUESTS = "requests"
    PAUSED = "paused"
    CLOSED = "closed"
    ALL = "all"


BOX_STATES: dict[Box, str] = {
    Box.TO_ACCEPT: "R", Box.TO_TRIAGE: "A", Box.TO_ASSIGN: "T", Box.TO_SIGN: "D", Box.IN_HAND: "SH", Box.TO_VERIFY: "F",
    Box.TO_CLOSE: "V", Box.PAUSED: "P", Box.CLOSED: "CZXOMW", Box.REQUESTS: "", Box.ALL: "",
}  # fmt: skip

BOX_TITLES: dict[Box, Words] = {
    Box.TO_ACCEPT: _("To accept"),
    Box.TO_TRIAGE: _("To triage"),
    Box.TO_ASSIGN: _("To assign"),
    Box.TO_SIGN: _("To sign for"),
    Box.IN_HAND: _("In hand"),
    Box.TO_VERIFY: _("To verify"),
    Box.TO_CLOSE: _("To close"),
    Box.REQUESTS: _("Requests"),
    Box.PAUSED: _("Paused"),
    Box.CLOSED: _("Ended"),
    Box.ALL: _("All"),
}

COLOURS = ("on_time", "amber", "yellow", "red", "upgraded")

COLOUR_TITLES: dict[str, Words] = {
    "on_time": _("On time"),
    "amber": _("Nearly due"),
    "yellow": _("Overdue"),
    "red": _("Seriously overdue"),
    "upgraded": _("Upgraded"),
    "paused": _("Clock stopped"),
    "none": _("No clock"),
}

CHANNEL_TITLES: dict[str, Words] = {
    "grid": _("Grid worker"),
    "qr": _("QR code"),
    "snap": _("Snapshot"),
    "window": _("Window"),
    "agent": _("Agency point"),
    "hotline": _("12345 hotline"),
    "police_call": _("110 call"),
    "iot": _("Sensor"),
    "model": _("Warning model"),
    "volunteer": _("Volunteer"),
    "guard": _("School guard"),
    "doctor": _("Doctor"),
    "court": _("Court"),
    "batch": _("Import"),
    "api": _("Another system"),
    "desk": _("Desk"),
}


class Reject(StrEnum):
    """Why a report is not accepted (B2: redirect list; L29 §11)."""

    EMERGENCY = "emergency"
    IN_PROCEDURE = "in_procedure"
    REPEAT = "repeat"
    OTHER_AREA = "other_area"
    NOT_COMPETENT = "not_competent"
    UNCLEAR = "unclear"


REJECT_TITLES: dict[str, Words] = {
    Reject.EMERGENCY: _("A matter for 110, 119, 120 or 122: passed on at once"),
    Reject.IN_PROCEDURE: _("Already in court, arbitration, review or petition"),
    Reject.REPEAT: _("Reported before, nothing new: the progress is told instead"),
    Reject.OTHER_AREA: _("Belongs to another district"),
    Reject.NOT_COMPETENT: _("Not a matter for the government"),
    Reject.UNCLEAR: _("Place or matter cannot be made out, and nobody to ask"),
}


class Outcome(StrEnum):
    """How a handling ended: honest close reasons, since closed is not always fixed."""

    FIXED = "fixed"
    ANSWERED = "answered"
    NOT_OURS = "not_ours"
    CANNOT = "cannot"
    NOT_FOUND = "not_found"


OUTCOME_TITLES: dict[str, Words] = {
    Outcome.FIXED: _("Fixed"),
    Outcome.ANSWERED: _("Answered"),
    Outcome.NOT_OURS: _("Not ours: it says whose"),
    Outcome.CANNOT: _("Cannot be done: it says why"),
    Outcome.NOT_FOUND: _("Not found on the spot"),
}


class Elsewhere(StrEnum):
    """What became of a case at an outside body."""

    SETTLED = "settled"
    SUIT = "suit"
    ARBITRATION = "arbitration"
    NONE = "none"
    UNKNOWN = "unknown"


ELSEWHERE_TITLES: dict[str, Words] = {
    Elsewhere.SETTLED: _("Settled there"),
    Elsewhere.SUIT: _("Now before a court"),
    Elsewhere.ARBITRATION: _("Now before an arbitration commission"),
    Elsewhere.NONE: _("Nothing came of it"),
    Elsewhere.UNKNOWN: _("Not known yet: somebody asks again"),
}


class RequestKind(StrEnum):
    """What may be asked beside the main state (decision 7)."""

    EXTENSION = "extension"
    PAUSE = "pause"
    ASSISTANCE = "assistance"
    SUPERVISION = "supervision"
    WHISTLE = "whistle"
    OBJECTION = "objection"
    APPEAL = "appeal"


REQUEST_TITLES: dict[str, Words] = {
    RequestKind.EXTENSION: _("Extension"),
    RequestKind.PAUSE: _("Pause"),
    RequestKind.ASSISTANCE: _("Assistance"),
    RequestKind.SUPERVISION: _("Supervision"),
    RequestKind.WHISTLE: _("Whistle"),
    RequestKind.OBJECTION: _("Third objection"),
    RequestKind.APPEAL: _("Appeal"),
}
