"""Indicators (handbook C12): each is a share of cases, and the rows behind both of its numbers can be listed.

A set is a condition on the rows of ``cases c`` between ``%(since)s`` and ``%(until)s``. Modules offer ``FIGURES``; whoever
shows them counts the two sets and opens their rows by the same words, so that a number and its list cannot differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fengqiao.base.words import Words, _
from fengqiao.loop.alphabet import ACTIVE

OPEN: Final = "".join(sorted(ACTIVE))
IS_OPEN: Final = f"c.state = ANY('{{{','.join(OPEN)}}}')"


def happened(*moves: str, also: str = "") -> str:
    """Return the condition that one of these moves was made in the time."""
    made = ",".join(moves)
    return f"c.id IN (SELECT e.case_id FROM case_event e WHERE e.at >= %(since)s AND e.at < %(until)s AND e.move = ANY('{{{made}}}'){also})"


def crossed(*, into_open: bool) -> str:
    """Return the condition that the case ended, or was taken up again, in the time."""
    source, target = f"position(e.source in '{OPEN}') > 0", f"position(e.target in '{OPEN}') > 0"
    ways = f" AND e.source <> '' AND NOT {source} AND {target}" if into_open else f" AND e.source <> '' AND {source} AND NOT {target}"
    return f"c.id IN (SELECT e.case_id FROM case_event e WHERE e.at >= %(since)s AND e.at < %(until)s{ways})"


def late(*clocks: str) -> str:
    """Return the condition that one of these clocks ran over before the time was up."""
    names = ",".join(clocks)
    return (
        f"EXISTS (SELECT 1 FROM case_rung r WHERE r.case_id = c.id AND r.rung >= 2 AND r.at < %(until)s AND r.clock = ANY('{{{names}}}'))"
    )


HANDLED: Final = happened("feed_back", "settle_on_spot", "close")
CLOSED: Final = happened("close")

SETS: Final[Mapping[str, str]] = {
    "new": "c.created_at >= %(since)s AND c.created_at < %(until)s",
    "ended": crossed(into_open=False),
    "reopened": crossed(into_open=True),
    "open": IS_OPEN,
    "open_then": (
        "c.created_at < %(until)s AND (SELECT e.target FROM case_event e WHERE e.case_id = c.id AND e.at < %(until)s "
        f"ORDER BY e.seq DESC LIMIT 1) = ANY('{{{','.join(OPEN)}}}')"
    ),
    "amber": f"{IS_OPEN} AND c.rung = 1",
    "yellow": f"{IS_OPEN} AND c.rung = 2",
    "red": f"{IS_OPEN} AND c.rung >= 3",
    "waiting": f"{IS_OPEN} AND c.pending <> '{{}}'",
    "accepted": happened("accept", "emergency", "settle_on_spot"),
    "accepted_and_handled": f"{happened('accept', 'emergency', 'settle_on_spot')} AND {HANDLED}",
    "signed": happened("sign"),
    "objected": happened("object"),
    "fed_back": happened("feed_back", "settle_on_spot"),
    "reworked": f"{happened('feed_back', 'settle_on_spot')} AND {happened('verify_fail')}",
    "sent_back": happened("verify_fail"),
    "closed": CLOSED,
    "closed_on_time": f"{CLOSED} AND NOT {late('accept', 'sign', 'handle')}",
    "closed_in_town": f"{CLOSED} AND c.level <> ALL('{{district,city}}')",
    "closed_and_reopened": f"{CLOSED} AND {happened('reopen')}",
    "rated": happened("rate"),
    "satisfied": f"{happened('rate')} AND c.rating >= 4",
    "pressed": happened("supervise"),
    "raised": happened("upgrade"),
    "asked": (
        "c.id IN (SELECT q.case_id FROM case_request q WHERE q.asked_at >= %(since)s AND q.asked_at < %(until)s)"
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator: so many of these are also those."""

    key: str
    title: Words
    meaning: Words
    part: str
    whole: str
    kinds: tuple[str, ...] = ()
    beside: str = ""

    def __post_init__(self) -> None:
        unknown = {self.part, self.whole, self.beside or self.whole} - set(SETS)
        if unknown:
            raise ValueError(f"{self.key} counts what is not defined: {sorted(unknown)}")


SET_TITLES: Final[Mapping[str, Words]] = {
    "new": _("Reported"),
    "ended": _("Ended"),
    "reopened": _("Taken up again"),
    "open": _("Open"),
    "open_then": _("Open in the evening"),
    "amber": _("Nearly due"),
    "yellow": _("Overdue"),
    "red": _("Seriously overdue or raised"),
    "waiting": _("Requests waiting for an answer"),
    "accepted": _("Accepted"),
    "accepted_and_handled": _("Accepted and handled"),
    "signed": _("Signed for"),
    "objected": _("Returned with an objection"),
    "fed_back": _("Result reported"),
    "reworked": _("Result reported and sent back"),
    "sent_back": _("Sent back"),
    "closed": _("Closed"),
    "closed_on_time": _("Closed within the limits"),
    "closed_in_town": _("Closed by town or village"),
    "closed_and_reopened": _("Closed and handled again"),
    "rated": _("Rated"),
    "satisfied": _("Rated four or five stars"),
    "pressed": _("Reminders and cards"),
    "raised": _("Raised one level"),
    "asked": _("Side requests"),
}
