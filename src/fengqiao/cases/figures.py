"""Indicators (handbook C12): each is a share of what happened, and the rows behind both of its numbers can be listed.

What is counted is what happened: a condition on an event ``e`` and its case ``c``. So a number of thirty days is the sum of
the numbers of its days, a count can be kept by day, and whoever lists by the same words lists exactly what was counted. What
stands now (open, overdue) is a condition on ``c`` alone. Modules offer ``FIGURES``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fengqiao.base.words import Words, _
from fengqiao.loop.alphabet import ACTIVE

OPEN: Final = "".join(sorted(ACTIVE))
IS_OPEN: Final = f"c.state = ANY('{{{','.join(OPEN)}}}')"


def made(*moves: str) -> str:
    """Return the condition that the event is one of these moves."""
    return f"e.move = ANY('{{{','.join(moves)}}}')"


def first(*moves: str) -> str:
    """Return the condition that the event is the case's first of these moves."""
    before = "SELECT 1 FROM case_event b WHERE b.case_id = e.case_id AND b.seq < e.seq AND b.move = ANY"
    return f"{made(*moves)} AND NOT EXISTS ({before}('{{{','.join(moves)}}}'))"


def followed_by(*moves: str) -> str:
    """Return the condition that one of these moves was made with the event or since."""
    return f"EXISTS (SELECT 1 FROM case_event l WHERE l.case_id = e.case_id AND l.seq >= e.seq AND l.move = ANY('{{{','.join(moves)}}}'))"


def answered(move: str, *among: str) -> str:
    """Return the condition that, of these moves, the next after the event is this one."""
    later = f"l.case_id = e.case_id AND l.seq > e.seq AND l.move = ANY('{{{','.join((move, *among))}}}')"
    return f"(SELECT l.move FROM case_event l WHERE {later} ORDER BY l.seq LIMIT 1) = '{move}'"


def crossed(*, into_open: bool) -> str:
    """Return the condition that with the event the case ended, or was taken up again."""
    source, target = f"position(e.source in '{OPEN}') > 0", f"position(e.target in '{OPEN}') > 0"
    return f"e.source <> '' AND NOT {source} AND {target}" if into_open else f"e.source <> '' AND {source} AND NOT {target}"


def late(*clocks: str) -> str:
    """Return the condition that one of these clocks had run over when the event happened."""
    names = ",".join(clocks)
    return f"EXISTS (SELECT 1 FROM case_rung r WHERE r.case_id = c.id AND r.rung >= 2 AND r.at <= e.at AND r.clock = ANY('{{{names}}}'))"


def in_time(clocks: tuple[str, ...], *moves: str) -> str:
    """Return the condition that one of these moves was made since the event, before any of these clocks had run over."""
    names, wanted = ",".join(clocks), ",".join(moves)
    over = f"SELECT 1 FROM case_rung r WHERE r.case_id = l.case_id AND r.rung >= 2 AND r.at <= l.at AND r.clock = ANY('{{{names}}}')"
    since = f"l.case_id = e.case_id AND l.seq > e.seq AND l.move = ANY('{{{wanted}}}')"
    return f"EXISTS (SELECT 1 FROM case_event l WHERE {since} AND NOT EXISTS ({over}))"


NAMED: Final = "EXISTS (SELECT 1 FROM case_reporter n WHERE n.case_id = c.id AND NOT n.anonymous)"
TAKEN: Final = ("accept", "emergency", "settle_on_spot")
DONE: Final = ("feed_back", "settle_on_spot")

HAPPENED: Final[Mapping[str, str]] = {
    "new": "e.source = ''",
    "ended": crossed(into_open=False),
    "reopened": crossed(into_open=True),
    "accepted": first(*TAKEN),
    "accepted_and_handled": f"{first(*TAKEN)} AND {followed_by(*DONE, 'close')}",
    "named": f"{first(*TAKEN)} AND {NAMED}",
    "contacted_in_time": f"{first(*TAKEN)} AND {NAMED} AND {in_time(('sign', 'handle'), 'contact', 'start', 'arrive')}",
    "assigned": first("assign"),
    "signed": made("sign"),
    "objected": made("object"),
    "fed_back": made(*DONE),
    "reworked": f"{made(*DONE)} AND {answered('verify_fail', 'verify_pass', 'close', *DONE)}",
    "sent_back": made("verify_fail"),
    "closed": made("close"),
    "closed_on_time": f"{made('close')} AND NOT {late('accept', 'sign', 'handle')}",
    "closed_in_village": f"{made('close')} AND c.level = ANY('{{microgrid,grid,village}}')",
    "closed_in_town": f"{made('close')} AND c.level <> ALL('{{district,city,province}}')",
    "closed_by_town": f"{made('close')} AND c.level = 'town'",
    "closed_by_district": f"{made('close')} AND c.level = ANY('{{district,city,province}}')",
    "closed_and_reopened": f"{made('close')} AND {answered('reopen', 'close')}",
    "rated": made("rate"),
    "satisfied": f"{made('rate')} AND c.rating >= 4",
    "pressed": made("supervise"),
    "raised": made("upgrade"),
    "asked": "starts_with(e.move, 'ask_')",
}

STANDS: Final[Mapping[str, str]] = {
    "open": IS_OPEN,
    "amber": f"{IS_OPEN} AND c.rung = 1",
    "yellow": f"{IS_OPEN} AND c.rung = 2",
    "red": f"{IS_OPEN} AND c.rung >= 3",
    "waiting": f"{IS_OPEN} AND c.pending <> '{{}}'",
}

# Nobody counts it: it follows from what is open now and what came and went since (or, listed, from each case's last event).
OPEN_THEN: Final = (
    "c.created_at < %(until)s AND (SELECT e.target FROM case_event e WHERE e.case_id = c.id AND e.at < %(until)s "
    f"ORDER BY e.seq DESC LIMIT 1) = ANY('{{{','.join(OPEN)}}}')"
)
SETS: Final = frozenset((*HAPPENED, *STANDS, "open_then"))


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
    ripens: bool = False
    """Whether it grows after its days are over, so that younger days cannot be compared with older ones."""

    def __post_init__(self) -> None:
        unknown = {self.part, self.whole, self.beside or self.whole} - set(HAPPENED)
        if unknown:
            raise ValueError(f"{self.key} counts what is not defined: {sorted(unknown)}")


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures or a layer come from: who answers for it, how fresh it is, and who sees it. Modules offer ``SOURCES``.

    ``kinds`` are the kinds of case that it is made of: when the last of them came in says whether it is silent.
    """

    key: str
    title: Words
    owner: str
    origin: Words
    refresh: Words
    permission: str
    kinds: tuple[str, ...] = ()
    layer: bool = False


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
    "named": _("Accepted, from somebody with a name"),
    "contacted_in_time": _("Accepted, and contacted within the limits"),
    "assigned": _("Assigned"),
    "signed": _("Signed for"),
    "objected": _("Returned with an objection"),
    "fed_back": _("Result reported"),
    "reworked": _("Result reported and sent back"),
    "sent_back": _("Sent back"),
    "closed": _("Closed"),
    "closed_on_time": _("Closed within the limits"),
    "closed_in_village": _("Closed by the village"),
    "closed_in_town": _("Closed by town or village"),
    "closed_by_town": _("Closed by the town"),
    "closed_by_district": _("Closed by the district"),
    "closed_and_reopened": _("Closed and handled again"),
    "rated": _("Rated"),
    "satisfied": _("Rated four or five stars"),
    "pressed": _("Reminders and cards"),
    "raised": _("Raised one level"),
    "asked": _("Side requests"),
}
