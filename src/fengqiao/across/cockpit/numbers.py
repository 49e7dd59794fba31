"""The numbers of a day, once for every way they are shown: page, wall, paper and table.

Each has its words, its value with an interval where it has one, the days it is of, what it is compared with, and its rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.utils.translation import gettext

from fengqiao.across.cockpit import counting, drawing, queries, wording
from fengqiao.across.cockpit.baselines import Base
from fengqiao.across.cockpit.counting import Counts, Scope
from fengqiao.across.cockpit.measures import Share, change, difference, mean, quantile, usual
from fengqiao.across.cockpit.queries import Flow
from fengqiao.base.words import Words, _
from fengqiao.cases import registry
from fengqiao.cases.figures import SET_TITLES, Figure

PERIOD = 30
ENOUGH = 100
LATE = ("amber", "yellow", "red", "waiting")
GOING = ("accepted", "assigned", "signed", "fed_back", "objected", "sent_back", "asked", "pressed", "raised")
TIMES: tuple[tuple[str, Words, Words], ...] = (
    ("assigned", _("From the report to the first order"), _("Hours from the report to the first order, natural time")),
    ("signed", _("Until signed for"), _("Hours from the report to the signature, natural time")),
    ("fed_back", _("Until the result"), _("Hours from the report to a reported result, natural time")),
    ("closed", _("Until closed"), _("Hours from the report to the closing, natural time")),
)
Link = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a number is compared with."""

    label: str
    value: str
    change: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """One figure: its words, its value, its rows, and how it compares."""

    key: str
    title: str
    text: str
    value: float | None
    first: date
    last: date
    link: str = ""
    meaning: str = ""
    method: str = ""
    low: float | None = None
    high: float | None = None
    note: str = ""
    mark: str = ""
    beside: tuple[Beside, ...] = ()
    spark: tuple[drawing.Column, ...] = field(default=(), repr=False)

    @property
    def range(self) -> tuple[float, float]:
        """Return where the interval of a share begins, and how wide it is, in a hundred."""
        low, high = self.low or 0.0, self.high or 0.0
        return round(100 * low, 1), round(max(1.0, 100 * (high - low)), 1)


@dataclass(frozen=True, slots=True)
class Duration:
    """How long something took: the middle and the ninth of ten, each between two bounds, over so many days."""

    key: str
    title: str
    meaning: str
    count: int
    days: int
    middle: str
    middle_bounds: str
    most: str
    most_bounds: str
    link: str
    first: date
    values: tuple[float | None, ...] = ()


# --- what has happened ------------------------------------------------------------------------------------------------


def happened(flows: list[Flow], counts: Counts, base: Base | None, link: Link) -> list[Number]:
    """Return what came and went, beside yesterday, a week ago, and the chosen baseline."""
    series = {name: [getattr(flow, name) for flow in flows] for name in ("new", "ended", "reopened")}
    day = flows[-1].day
    numbers = []
    for name, values in series.items():
        beside = [
            _count_beside(gettext("yesterday"), values[-1], values[-2], link(name, day - timedelta(days=1))),
            _count_beside(gettext("a week ago"), values[-1], values[-8], link(name, day - timedelta(days=7))),
        ]
        if base is not None:
            beside.append(_base_beside(name, values[-1], base, link))
        known = usual(values[:-1])
        note = gettext("usual {low} to {high}").format(low=known[0], high=known[1]) if known else ""
        labels = [f"{flow.day:%m-%d}" for flow in flows]
        spark = drawing.columns(list(zip(labels[-14:], values[-14:], strict=True)), marked=13)
        title = SET_TITLES[name].say(gettext)
        numbers.append(
            Number(
                name, title, str(values[-1]), values[-1], day, day, link(name), note=note, beside=tuple(beside), spark=tuple(spark),
                method=gettext("count of events"),
            )
        )  # fmt: skip
    return numbers


def _count_beside(label: str, value: int, other: int, link: str) -> Beside:
    return Beside(label, str(other), _changed(change(value, other)), link)


def _changed(found: tuple[float, float, float] | None) -> str:
    if found is None:
        return ""
    told = [wording.percent(one, signed=True) for one in found]
    return gettext("{change} ({low} to {high})").format(change=told[0], low=told[1], high=told[2])


def _base_beside(name: str, value: int, base: Base, link: Link) -> Beside:
    label = base_label(base)
    count = base.count(name)
    if count is None:
        return Beside(label, "–", gettext("not among the imported figures"))
    daily = gettext("{mean} a day").format(mean=f"{count / base.days:.1f}")
    return Beside(label, daily, _changed(change(value, count, base.days)), link(name, base.first, base.last) if base.own else "")


def base_label(base: Base) -> str:
    """Say a baseline: its name, or from when to when."""
    return base.name or gettext("{first} to {last}").format(first=base.first.isoformat(), last=base.last.isoformat())


# --- what is to do, how it goes ---------------------------------------------------------------------------------------


def late(counts: Counts, day: date, link: Link) -> list[Number]:
    """Return what is nearly due or over, now."""
    return [_counted(name, counts.stands(name), day, link, mark=name if name != "waiting" else "") for name in LATE]


def going(counts: Counts, day: date, link: Link) -> list[Number]:
    """Return how often what was done on the day."""
    return [_counted(name, counts.of(name, day), day, link) for name in GOING]


def _counted(name: str, n: int, day: date, link: Link, mark: str = "") -> Number:
    title = SET_TITLES[name].say(gettext)
    return Number(name, title, str(n), n, day, day, link(name), mark=mark, method=gettext("count of events"))


def durations(scope: Scope, counts: Counts, day: date, link: Link) -> list[Duration]:
    """Return how long things took: of this day, or of so many days that there are a hundred of them, thirty at most."""
    found: dict[int, Counts] = {}
    rows = []
    for name, title, meaning in TIMES:
        days = _days_enough(counts, name, day)
        first = day - timedelta(days=days - 1)
        if days not in found:
            found[days] = counting.counted(scope, first, day, prefix="h.")
        classes = found[days].under(f"h.{name}.", first, day)
        middle, most = quantile(classes, 0.5), quantile(classes, 0.9)
        values = tuple(getattr(one, side) if one else None for one in (middle, most) for side in ("value", "low", "high"))
        rows.append(
            Duration(
                name, title.say(gettext), meaning.say(gettext), sum(classes.values()), days, _hours(values[0]), _bounds(*values[1:3]),
                _hours(values[3]), _bounds(*values[4:6]), link(name, first, day), first, values,
            )
        )  # fmt: skip
    return rows


def _days_enough(counts: Counts, name: str, day: date) -> int:
    return next((days for days in (1, 7) if counts.of(name, day - timedelta(days=days - 1), day) >= ENOUGH), PERIOD)


def _hours(value: float | None) -> str:
    return "–" if value is None else wording.hours(value)


def _bounds(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    return gettext("{low} to {high}").format(low=wording.hours(low), high=wording.hours(high))


def handler_day(scope: Scope, counts: Counts, day: date, link: Link) -> Number:
    """Return how many results a handler reports on a day they report any; nobody is named and nobody is ranked."""
    days = _days_enough(counts, "fed_back", day)
    first = day - timedelta(days=days - 1)
    values = queries.per_handler(scope, *queries.edges(first, day))
    found = mean(values)
    number = Number(
        "per_handler_day", gettext("Results per handler and day"), "–", None, first, day, link("fed_back", first, day),
        gettext("Results reported, per handler and day with any; persons are not told apart"),
        gettext("mean; 95% by a bootstrap of a thousand draws"), note=gettext("none in this time"),
    )  # fmt: skip
    if found is None:
        return number
    told = gettext("95% between {low} and {high}; {count} handler days in {days} days")
    note = told.format(low=f"{found[1]:.1f}", high=f"{found[2]:.1f}", count=len(values), days=days)
    return replace(number, text=f"{found[0]:.1f}", value=found[0], low=found[1], high=found[2], note=note)


# --- how well it went -------------------------------------------------------------------------------------------------


def well(counts: Counts, day: date, base: Base | None, link: Link) -> list[Number]:
    """Return the indicators that modules offer, over thirty days."""
    first = day - timedelta(days=PERIOD - 1)
    return [_indicator(figure, counts, first, day, base, link) for figure in registry.figures()]


def _indicator(figure: Figure, counts: Counts, first: date, day: date, base: Base | None, link: Link) -> Number:
    share, asked = queries.share(counts, figure, first, day)
    meaning = figure.meaning.say(gettext)
    number = Number(
        figure.key, figure.title.say(gettext), "–", None, first, day, link(figure.part, first, day, kinds=",".join(figure.kinds)),
        meaning, gettext("share; 95% by Wilson"), note=gettext("{meaning}: none in this time").format(meaning=meaning),
    )  # fmt: skip
    beside = _indicator_beside(figure, share, counts, first, base, link)
    if share.value is None or share.interval is None:
        return replace(number, beside=beside)
    low, high = share.interval
    told = gettext("{meaning}: {part} of {whole}; 95% between {low}% and {high}%").format(
        meaning=meaning, part=share.part, whole=share.whole, low=round(100 * low), high=round(100 * high)
    )
    if figure.beside:
        told = gettext("{told}; {answered} of {asked} answered").format(told=told, answered=share.whole, asked=asked)
    return replace(number, text=wording.percent(share.value), value=share.value, low=low, high=high, note=told, beside=beside)


def _indicator_beside(figure: Figure, share: Share, counts: Counts, first: date, base: Base | None, link: Link) -> tuple[Beside, ...]:
    """Compare an indicator with the thirty days before, and with the chosen baseline."""
    kinds, begin, end = ",".join(figure.kinds), first - timedelta(days=PERIOD), first - timedelta(days=1)
    before = queries.share(counts, figure, begin, end)[0]
    beside = [_share_beside(gettext("the 30 days before"), share, before, link(figure.part, begin, end, kinds=kinds), figure.ripens)]
    other = base.share(figure) if base is not None else None
    if base is not None and other is not None:
        where = link(figure.part, base.first, base.last, kinds=kinds) if base.own else ""
        beside.append(_share_beside(base_label(base), share, other, where, figure.ripens))
    elif base is not None:
        beside.append(Beside(base_label(base), "–", gettext("not among the imported figures")))
    return tuple(beside)


def _share_beside(label: str, share: Share, other: Share, link: str, ripens: bool) -> Beside:
    found = difference(share, other)
    if other.value is None:
        return Beside(label, "–", "", link)
    if ripens or found is None:
        return Beside(label, wording.percent(other.value), gettext("had more time to ripen") if ripens else "", link)
    told = [f"{100 * one:+.1f}".replace("-", "−") for one in found]
    changed = gettext("{change} points ({low} to {high})").format(change=told[0], low=told[1], high=told[2])
    return Beside(label, wording.percent(other.value), changed, link)
