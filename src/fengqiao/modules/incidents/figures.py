"""Which indicators incidents, questions and suggestions offer (handbook C12)."""

from fengqiao.base.words import _
from fengqiao.cases.figures import Figure, Source

KINDS = ("incident", "qr_suggest")

FIGURES = (
    Figure(
        "handled_rate",
        _("Handled so far"),
        _("Accepted in this time and already handled, of all accepted"),
        "accepted_and_handled",
        "accepted",
        KINDS,
        ripens=True,
    ),
    Figure(
        "response_rate",
        _("Answered to in time"),
        _("First contact before a limit ran over, of all accepted from somebody with a name"),
        "contacted_in_time",
        "named",
        KINDS,
        beside="accepted",
        ripens=True,
    ),
    Figure(
        "on_time_rate",
        _("Within the limits"),
        _("Closed with no limit overrun, lawful pauses not counted, of all closed"),
        "closed_on_time",
        "closed",
        KINDS,
    ),
    Figure(
        "satisfaction_rate", _("Satisfied"), _("Four or five stars, of all ratings given"), "satisfied", "rated", KINDS, beside="closed"
    ),
    Figure(
        "rework_rate",
        _("Sent back by the check"),
        _("Results that a check sent back, of all results reported"),
        "reworked",
        "fed_back",
        KINDS,
    ),
    Figure(
        "reopen_rate",
        _("Taken up anew"),
        _("Closed and taken up again, of all closed"),
        "closed_and_reopened",
        "closed",
        KINDS,
        ripens=True,
    ),
    Figure(
        "below_town_share",
        _("Solved in town or village"),
        _("Closed without the district, of all closed"),
        "closed_in_town",
        "closed",
        KINDS,
    ),
)

SOURCES = (
    Source(
        "incident",
        _("Incidents, questions and suggestions"),
        "district_dispatcher",
        _("What residents, patrols, calls and other systems report, and every step since"),
        _("With every event"),
        "cockpit:see",
        KINDS,
    ),
)
