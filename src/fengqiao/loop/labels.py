"""The 36 status labels of a live city platform, said of our cases: none of them is a state of its own.

Where others keep one flat list, we have a state, the open side requests, the counts and whoever is looking. This table
derives the one from the other; it serves exchange with such platforms and proves that nothing is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from fengqiao.base.words import Words, _
from fengqiao.loop.alphabet import A, C, D, F, H, R, S, State, T, V, Z
from fengqiao.loop.standing import Standing

Looker = Literal["reporter", "area", "district", "lead", "assisting"]
Outcome = Literal["pending", "granted", "refused"]


@dataclass(frozen=True, slots=True)
class Request:
    """A side request as a label sees it: who asked at which level, who answers at which, and how it stands."""

    kind: str
    status: Outcome = "pending"
    asked_level: str = "town"
    answer_level: str = "town"
    arrived: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A case as somebody sees it; `requests` in the order they were asked."""

    standing: Standing
    requests: tuple[Request, ...] = ()
    looker: Looker = "area"
    rating_open: bool = True

    def asks(self, kind: str = "", **wanted: object) -> bool:
        """Tell whether the newest request (of a kind) is like this."""
        of_kind = [request for request in self.requests if kind in ("", request.kind)]
        return bool(of_kind) and all(getattr(of_kind[-1], name) == value for name, value in wanted.items())


When = Callable[[View], bool]


@dataclass(frozen=True, slots=True)
class Label:
    """One label of the list: its code there, its words, and when it is true of a case."""

    code: int
    title: Words
    when: When = field(repr=False)


def _in(*states: State) -> When:
    return lambda view: view.standing.state in states


def _both(*conditions: When) -> When:
    return lambda view: all(condition(view) for condition in conditions)


def _asks(kind: str = "", **wanted: object) -> When:
    return lambda view: view.asks(kind, **wanted)


def _seen_by(*lookers: Looker) -> When:
    return lambda view: view.looker in lookers


def _owned_at(*levels: str) -> When:
    return lambda view: view.standing.level in levels


def _objected(view: View) -> bool:
    return view.standing.objections > 0


def _again(view: View) -> bool:
    return view.standing.reworks + view.standing.reopens > 0


def _to_be_rated(view: View) -> bool:
    return view.rating_open and view.standing.rating is None


_OPEN = _in(R, A, T, D, S, H, F, V)

# The first that is true is said: answers before questions, questions before states, the narrower before the wider.
# fmt: off
LABELS: tuple[Label, ...] = (
    Label(145, _("Waiting for the city's word on the return"),
          _both(_in(D, S), _asks("objection", status="pending", answer_level="city"))),
    Label(156, _("Return granted by the city"),
          _both(_in(T, D), _asks("objection", status="granted", answer_level="city"))),
    Label(157, _("Return refused by the city"),
          _both(_in(D, S), _asks("objection", status="refused", answer_level="city"))),
    Label(115, _("Returned, to be decided"), _both(_in(D, S), _asks("objection", status="pending"))),
    Label(159, _("Return granted"), _both(_in(T, D), _asks("objection", status="granted"))),
    Label(160, _("Return refused"), _both(_in(D, S), _asks("objection", status="refused"))),
    Label(130, _("Extension under review"),
          _both(_in(S, H), _asks("extension", status="pending", answer_level="district"))),
    Label(142, _("Extension asked for"), _both(_in(S, H), _asks("extension", status="pending"))),
    Label(121, _("District to answer the whistle"),
          _both(_OPEN, _seen_by("district"), _asks("whistle", status="pending"))),
    Label(117, _("Whistle to be answered"),
          _both(_OPEN, _seen_by("lead", "assisting"), _asks("whistle", status="pending"))),
    Label(125, _("Whistle blown by the community"),
          _both(_OPEN, _asks("whistle", status="pending", asked_level="village"))),
    Label(124, _("Whistle blown by the town"), _both(_OPEN, _asks("whistle", status="pending"))),
    Label(123, _("Handling after the whistle"), _both(_in(H), _asks("whistle", status="granted", arrived=True))),
    Label(118, _("Whistle answered"), _both(_in(A, T, D, S, H), _asks("whistle", status="granted"))),
    Label(131, _("Waiting for the city's word"), _both(_OPEN, _asks(status="pending", answer_level="city"))),
    Label(119, _("Waiting for approval"), _both(_in(S, H), _asks(status="pending"))),
    Label(141, _("Request refused"), _both(_in(S, H), _asks(status="refused"))),
    Label(1189, _("Newly sent"), _both(_in(R), _seen_by("reporter"))),
    Label(102, _("To be reviewed"), _in(R)),
    Label(103, _("Order to be written"), _in(A)),
    Label(158, _("Returned, to be assigned again"), _both(_in(T), _objected)),
    Label(100, _("Waiting to be assigned"), _in(T)),
    Label(113, _("Order to be taken"), _both(_in(D), _seen_by("lead"))),
    Label(106, _("Order to be signed for"), _both(_in(D), _seen_by("assisting"))),
    Label(116, _("Assigned to another"), _both(_in(D), _objected)),
    Label(114, _("Dispatched"), _in(D)),
    Label(108, _("Signed for"), _in(S)),
    Label(120, _("Being handled again"), _both(_in(H), _again)),
    Label(104, _("Being handled"), _in(H)),
    Label(126, _("Check by the neighbourhood"), _both(_in(F), _owned_at("village"))),
    Label(132, _("Check by the town"), _both(_in(F), _owned_at("town"))),
    Label(128, _("Check by the city operation centre"), _both(_in(F), _owned_at("district", "city"))),
    Label(105, _("To be checked"), _in(F)),
    Label(143, _("Closing asked for"), _in(V)),
    Label(129, _("To be rated"), _both(_in(C), _to_be_rated)),
    Label(107, _("Case closed"), _in(C, Z)),
)


def label(view: View) -> Label | None:
    """Return what that platform would call the case; paused, merged, withdrawn and the like have no word there."""
    return next((each for each in LABELS if each.when(view)), None)
