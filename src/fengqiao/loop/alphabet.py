"""The one alphabet: 15 states and 26 transitions. Every kind of case is a path through it, and none adds a letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from fengqiao.base.words import Words, _


class State(StrEnum):
    """Where a case stands; the value is its letter."""

    identifier: str
    title: Words  # type: ignore[assignment]  # hides str.title on purpose: a letter needs no title case
    clock: str

    def __new__(cls, letter: str, identifier: str, title: Words, clock: str = "") -> "State":
        member = str.__new__(cls, letter)
        member._value_ = letter
        member.identifier, member.title, member.clock = identifier, title, clock
        return member

    REPORTED = "R", "reported", _("Reported"), "accept"
    ACCEPTED = "A", "accepted", _("Accepted"), "triage"
    TRIAGED = "T", "triaged", _("Triaged"), "assign"
    ASSIGNED = "D", "assigned", _("Assigned"), "sign"
    SIGNED = "S", "signed", _("Signed for"), "handle"
    HANDLING = "H", "handling", _("Being handled"), "handle"
    PAUSED = "P", "paused", _("Paused")
    FED_BACK = "F", "fed_back", _("Result reported"), "verify"
    VERIFIED = "V", "verified", _("Verified"), "close"
    CLOSED = "C", "closed", _("Closed"), "rating"
    ARCHIVED = "Z", "archived", _("Archived"), "retention"
    REJECTED = "X", "rejected", _("Not accepted"), "appeal"
    TRANSFERRED = "O", "transferred", _("Transferred out"), "follow_up"
    MERGED = "M", "merged", _("Merged")
    WITHDRAWN = "W", "withdrawn", _("Withdrawn")


R, A, T, D, S, H = State.REPORTED, State.ACCEPTED, State.TRIAGED, State.ASSIGNED, State.SIGNED, State.HANDLING
P, F, V, C, Z = State.PAUSED, State.FED_BACK, State.VERIFIED, State.CLOSED, State.ARCHIVED
X, O, M, W = State.REJECTED, State.TRANSFERRED, State.MERGED, State.WITHDRAWN  # noqa: E741  the letter of the handbook


def state_of(letter: str) -> State:
    """Return the state of a letter; raises ``ValueError`` for one that is not of the alphabet."""
    return State(letter)  # type: ignore[call-arg]  # an enum is looked up by its value, whatever its __new__ takes


ENDINGS = frozenset({C, X, O, M, W})
ACTIVE = frozenset({R, A, T, D, S, H, P, F, V})

# fmt: off
CLOCK_TITLES: Mapping[str, Words] = MappingProxyType({
    "accept": _("To be accepted"),
    "triage": _("To be triaged"),
    "assign": _("To be assigned"),
    "sign": _("To be signed for"),
    "handle": _("To be handled"),
    "arrive": _("To arrive on site"),
    "fill_in": _("Steps to be filled in"),
    "verify": _("To be verified"),
    "close": _("To be closed"),
    "rating": _("Rating open"),
    "appeal": _("Appeal open"),
    "follow_up": _("To be followed up"),
    "retention": _("Kept until"),
})
# A window closes, but nobody is late when it does: such clocks have no ladder.
WINDOW_CLOCKS = frozenset({"rating", "appeal", "retention"})


class Hand(StrEnum):
    """Whose hand makes a move, seen from the case; which posts that are is data, not here."""

    AREA = "area"
    LEAD = "lead"
    HANDLER = "handler"
    VERIFIER = "verifier"
    REPORTER = "reporter"
    MACHINE = "machine"
    ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class Transition:
    """One way a case may move, or, without a target, something noted on it. No sources means: before it exists."""

    id: str
    move: str
    sources: frozenset[State]
    target: State | None
    hand: Hand
    guards: tuple[str, ...]
    title: Words
    done: Words
    also: tuple[Hand, ...] = ()
    evidence: int = 0
    danger: bool = False

    @property
    def hands(self) -> tuple[Hand, ...]:
        """Everybody whose hand it may be."""
        return (self.hand, *self.also)


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


_HANDLED = _from(R, A, T, D, S, H)

TRANSITIONS: tuple[Transition, ...] = (
    Transition("t01", "report", _from(), R, Hand.ANYONE, (), _("Report"), _("Reported")),
    Transition("t02", "pre_check", _from(R), None, Hand.AREA, ("physical", "from_residents", "not_urgent"),
               _("Check on site first"), _("Checked on site")),
    Transition("t03", "accept", _from(R), A, Hand.AREA, (), _("Accept"), _("Accepted")),
    Transition("t04", "reject", _from(R), X, Hand.AREA, ("reason_given", "remedy_given"), _("Do not accept"),
               _("Not accepted; reason and proper channel told"), danger=True),
    Transition("t05", "merge", _from(R, A, T), M, Hand.AREA, ("master_named", "same_confidentiality"), _("Merge"),
               _("Merged into another case"), danger=True),
    Transition("t06", "triage", _from(A), T, Hand.AREA, ("category_given", "terms_known", "not_lowered"), _("Triage"),
               _("Category, class and level set")),
    Transition("t07", "settle_on_spot", _from(R), F, Hand.AREA, ("spot_ok", "evidence"), _("Settle on the spot"),
               _("Settled on the spot"), evidence=1),
    Transition("t08", "assign", _from(T), D, Hand.AREA, ("lead_named", "lead_not_complained_of"), _("Assign"),
               _("Assigned")),
    Transition("t09", "sign", _from(D), S, Hand.LEAD, (), _("Sign for"), _("Signed for")),
    Transition("t10", "object", _from(D, S), T, Hand.LEAD, ("objection_left", "reason_given"), _("Object"),
               _("Returned with an objection"), also=(Hand.AREA,)),
    Transition("t11", "start", _from(S), H, Hand.HANDLER, ("contact_or_arrival",), _("Start handling"),
               _("Handling began")),
    Transition("t12", "extend", _from(H), None, Hand.AREA, ("extension_left", "not_s0", "reason_given"),
               _("Extend the limit"), _("Limit extended")),
    Transition("t13", "pause", _from(H), P, Hand.AREA, ("pause_reason", "resume_date"), _("Pause"),
               _("Clock stopped")),
    Transition("t13", "resume", _from(P), H, Hand.HANDLER, (), _("Resume"), _("Clock runs again"),
               also=(Hand.AREA, Hand.MACHINE)),
    Transition("t14", "feed_back", _from(H), F, Hand.LEAD, ("result_given", "evidence"), _("Report the result"),
               _("Result reported"), evidence=1),
    Transition("t15", "verify_pass", _from(F), V, Hand.VERIFIER,
               ("verifier_not_complained_of", "checked_somehow", "place_told", "near_enough", "fresh_enough"), _("Confirm"),
               _("Result confirmed")),
    Transition("t16", "verify_fail", _from(F), H, Hand.VERIFIER, ("verifier_not_complained_of", "reason_given"),
               _("Send back"), _("Result not confirmed, sent back")),
    Transition("t17", "close", _from(V), C, Hand.AREA, ("children_closed",), _("Close"), _("Closed, reporter told"),
               also=(Hand.MACHINE,)),
    Transition("t18", "rate", _from(C), None, Hand.REPORTER, ("stars_given", "not_rated_yet", "rating_open"),
               _("Rate"), _("Rated")),
    Transition("t19", "reopen", _from(C), D, Hand.REPORTER, ("reopen_left", "reopen_cause", "reopen_open"),
               _("Handle again"), _("To be handled again"), also=(Hand.AREA,)),
    Transition("t20", "upgrade", _from(A, T, D, S, H), T, Hand.HANDLER, ("level_left", "reason_or_machine"),
               _("Raise one level"), _("Raised one level"), also=(Hand.AREA, Hand.MACHINE)),
    Transition("t21", "transfer", ACTIVE, O, Hand.AREA, ("body_named", "follow_up_date"), _("Transfer out"),
               _("Transferred to an outside body"), also=(Hand.LEAD,), danger=True),
    Transition("t22", "auto_recheck", _from(F), V, Hand.MACHINE, ("by_machine", "samples_normal", "not_sampled"),
               _("Recheck by device"), _("Confirmed by device")),
    Transition("t23", "emergency", _from(R), H, Hand.AREA, ("only_s0",), _("Emergency response"),
               _("Emergency response began"), danger=True),
    Transition("t24", "supervise", ACTIVE, None, Hand.AREA, (), _("Press for completion"), _("Pressed for completion"),
               also=(Hand.MACHINE,)),
    Transition("t25", "withdraw", _HANDLED, W, Hand.REPORTER, ("not_protected", "not_s0", "no_public_danger",
               "reason_given"), _("Withdraw"), _("Withdrawn"), danger=True),
    Transition("t26", "archive", ENDINGS, Z, Hand.MACHINE, ("by_machine", "windows_over", "outcome_known"),
               _("Archive"), _("Archived")),
)

# fmt: on
_EVERYWHERE = frozenset(State) - {Z}

# fmt: off
FACTS: Mapping[str, Transition] = MappingProxyType({fact.move: fact for fact in (
    Transition("f01", "note", _EVERYWHERE, None, Hand.ANYONE, ("text_given",), _("Add a note"), _("Note added")),
    Transition("f02", "contact", ACTIVE, None, Hand.HANDLER, (), _("Note a contact"), _("Reporter contacted"),
               also=(Hand.AREA,)),
    Transition("f03", "arrive", _from(S, H), None, Hand.HANDLER, (), _("Note the arrival"), _("Arrived on site"),
               also=(Hand.AREA,)),
    Transition("f04", "fill_in", _from(H, P, F, V), None, Hand.AREA, ("category_given", "terms_known", "not_lowered",
               "lead_not_complained_of"), _("Fill in the skipped steps"), _("Skipped steps filled in")),
    Transition("f05", "appeal", _from(X, C), None, Hand.REPORTER, ("text_given", "no_appeal_waits", "appeal_open"),
               _("Appeal"), _("Appealed")),
    Transition("f06", "outcome", _from(O), None, Hand.AREA, ("text_given", "outcome_or_next_day"),
               _("Note what became of it"), _("What became of it was noted"), also=(Hand.LEAD,)),
)})

# fmt: on
MOVES: Mapping[str, Transition] = MappingProxyType({each.move: each for each in TRANSITIONS})
EVERY_MOVE: Mapping[str, Transition] = MappingProxyType({**MOVES, **FACTS})
