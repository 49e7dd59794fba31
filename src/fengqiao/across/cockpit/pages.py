"""The day in the district, as a page: server-rendered, no script needed, every number a link to its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from fengqiao.access.acting import acting
from fengqiao.access.doors import signed_act_from
from fengqiao.across.cockpit import drawing, policies, queries
from fengqiao.across.cockpit.counting import Counts, Scope
from fengqiao.across.cockpit.measures import Share, median, usual
from fengqiao.across.cockpit.queries import Flow, Row
from fengqiao.base.act import Act
from fengqiao.base.errors import Invalid
from fengqiao.base.words import Words, _
from fengqiao.cases import policies as cases
from fengqiao.cases import reference, registry
from fengqiao.cases.figures import SET_TITLES, Figure
from fengqiao.cases.queries import boxes
from fengqiao.cases.terms import BOX_TITLES, CHANNEL_TITLES, Box
from fengqiao.loop.alphabet import state_of
from fengqiao.people import queries as people

PERIOD = 30
TO_DO = (Box.TO_ACCEPT, Box.TO_TRIAGE, Box.TO_ASSIGN, Box.TO_SIGN, Box.IN_HAND, Box.TO_VERIFY, Box.TO_CLOSE, Box.REQUESTS, Box.PAUSED)
LATE = ("amber", "yellow", "red")
GOING = ("signed", "fed_back", "objected", "sent_back", "asked", "pressed", "raised")


class NoSuchDay(Invalid):
    """The day cannot be read."""

    message = _("This is not a day we know. Write it as 2026-11-25.")


@dataclass(frozen=True, slots=True)
class Number:
    """One figure on the page: its words, its value, its rows, and how it compares."""

    title: str
    value: str
    link: str = ""
    note: str = ""
    mark: str = ""
    spark: tuple[drawing.Column, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """Which day, which ground, and how links are made from it."""

    day: date
    today: date
    scope: Scope

    def rows(self, name: str, **more: str) -> str:
        """Return the address of the rows behind a number."""
        asked = {"date": self.day.isoformat(), "what": name, "area": self.scope.area, **more}
        return f"{reverse('day_rows')}?{urlencode({key: value for key, value in asked.items() if value})}"

    def page(self, day: date) -> str:
        asked = {"date": day.isoformat(), "area": self.scope.area}
        return f"{reverse('day')}?{urlencode({key: value for key, value in asked.items() if value})}"


@never_cache
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """Show a day in four bands."""
    act = signed_act_from(request)
    policies.check_seen(act.actor)
    view = _view(request, act)
    with acting(act):
        counts = queries.counts_of(view.scope, view.day - timedelta(days=PERIOD), view.today)
        flows = queries.flows(counts, view.day, view.today)
        context = {
            "view": view, "as_of": act.at.astimezone(people.zone()), "yesterday": view.page(view.day - timedelta(days=1)),
            "tomorrow": view.page(view.day + timedelta(days=1)) if view.day < view.today else "", "towns": _towns(act, view),
            "flow": flows[-1], "happened": _happened(view, flows), **_spread(view, counts),
            "to_do": _to_do(act, view), "late": _late(view, counts),
            "going": _going(view, counts), "well": _well(view, counts),
            "links": {name: view.rows(name) for name in ("new", "ended", "reopened", "open_then")},
            "period": PERIOD,
        }  # fmt: skip
    return render(request, "cockpit/day.html", context)


@never_cache
@require_GET
def day_rows(request: HttpRequest) -> HttpResponse:
    """Show the cases behind a number."""
    act = signed_act_from(request)
    policies.check_seen(act.actor)
    view = _view(request, act)
    name, extra = request.GET.get("what", "new"), _extra(request)
    since, until = queries.edges(view.day)
    if request.GET.get("days") == str(PERIOD):
        since = until - timedelta(days=PERIOD)
    with acting(act):
        found = queries.rows(view.scope, name, since, until, extra=extra, after=_after(request))
    shown, more = found[: queries.PAGE], ""
    if len(found) > queries.PAGE:
        asked = {key: value for key, value in request.GET.items() if key != "after"}
        more = f"{reverse('day_rows')}?{urlencode({**asked, 'after': f'{shown[-1].at.isoformat()}~{shown[-1].mark}'})}"
    title = SET_TITLES.get(name, Words(name)).say(gettext)
    context = {"view": view, "title": title, "rows": [_row(act, row) for row in shown], "more": more, "back": view.page(view.day)}
    return render(request, "cockpit/rows.html", context)


# --- what was asked -------------------------------------------------------------------------------------------------


def _view(request: HttpRequest, act: Act) -> View:
    today = act.at.astimezone(people.zone()).date()
    asked, area = request.GET.get("date", ""), request.GET.get("area", "")
    try:
        wanted = date.fromisoformat(asked) if asked else today
    except ValueError:
        raise NoSuchDay(fields={"date": str(NoSuchDay.message)}) from None
    if not today.replace(year=2000) <= wanted <= today:
        wanted = today
    return View(wanted, today, Scope.of(act.actor, area if people.area(area) else ""))


def _extra(request: HttpRequest) -> dict[str, str]:
    found = {key: request.GET.get(key, "") for key in ("channel", "category", "hour", "kinds")}
    if found["hour"] and not (found["hour"].isdecimal() and int(found["hour"]) < 24):
        found["hour"] = ""
    return found


def _after(request: HttpRequest) -> tuple[datetime, UUID] | None:
    moment, _mark, id = request.GET.get("after", "").partition("~")
    try:
        return (datetime.fromisoformat(moment), UUID(id)) if id else None
    except ValueError:
        return None


def _towns(act: Act, view: View) -> list[dict[str, Any]]:
    language = get_language() or ""
    seen = [
        row for row in people.towns() if any(low <= row.code < high or row.code <= low < f"{row.code}~" for low, high in act.actor.ranges)
    ]
    return [{"code": row.code, "name": row.called(language), "chosen": row.code == view.scope.area} for row in seen]


# --- the four bands -------------------------------------------------------------------------------------------------


def _happened(view: View, flows: list[Flow]) -> list[Number]:
    """What came and went, beside yesterday, the same day last week, and what is usual."""
    return [
        _compared(view, _("Reported"), "new", [flow.new for flow in flows]),
        _compared(view, _("Ended"), "ended", [flow.ended for flow in flows]),
        _compared(view, _("Taken up again"), "reopened", [flow.reopened for flow in flows]),
    ]


def _compared(view: View, title: Words, name: str, counts: list[int]) -> Number:
    value, yesterday, week = counts[-1], counts[-2], counts[-8]
    told = gettext("yesterday {one}, a week ago {two}").format(one=yesterday, two=week)
    known = usual(counts[:-1])
    if known:
        told = gettext("{told}; usual {low} to {high}").format(told=told, low=known[0], high=known[1])
    labels = [f"{view.day - timedelta(days=len(counts) - 1 - i):%m-%d}" for i in range(len(counts))]
    spark = drawing.columns(list(zip(labels[-14:], counts[-14:], strict=True)), marked=13)
    return Number(title.say(gettext), str(value), view.rows(name), told, spark=tuple(spark))


def _spread(view: View, counts: Counts) -> dict[str, Any]:
    hours, channels, classes = (counts.under(f"new.{of}.", view.day) for of in ("hour", "channel", "class"))
    tree = reference.categories()
    by_channel = [
        (_channel(key), count, view.rows("new", channel=key)) for key, count in sorted(channels.items(), key=lambda pair: -pair[1])
    ]
    by_class = [
        (_class(tree, key), count, view.rows("new", category=key)) for key, count in sorted(classes.items(), key=lambda pair: -pair[1])
    ]
    hourly = drawing.columns([(f"{hour:02}", hours.get(f"{hour:02}", 0)) for hour in range(24)])
    linked = [(column, view.rows("new", hour=str(hour))) for hour, column in enumerate(hourly)]
    return {"by_channel": drawing.bars(by_channel), "by_class": drawing.bars(by_class[:8]), "by_hour": linked}


def _channel(key: str) -> str:
    return CHANNEL_TITLES.get(key, Words(key)).say(gettext)


def _class(tree: Mapping[str, Any], key: str) -> str:
    found = tree.get(key)
    if found is None:
        return gettext("Confidential, kinds not told") if key == "sealed" else gettext("Without a kind")
    return str(found.name_en if (get_language() or "").startswith("en") else found.name)


def _to_do(act: Act, view: View) -> list[Number]:
    """What waits on the desks, now; a day that is over leaves nothing to do."""
    if view.day != view.today:
        return []
    counted = boxes(act.actor)
    # The desk knows the reader's ground, not the one chosen here; a narrower look is a list of its own.
    area = f"&area={view.scope.area}" if view.scope.area else ""
    if area:
        counted = _boxes_within(act, view)
    return [Number(BOX_TITLES[box].say(gettext), str(counted.get(box, 0)), f"/desk/?box={box}{area}") for box in TO_DO]


def _boxes_within(act: Act, view: View) -> dict[str, int]:
    low, high = view.scope.area, f"{view.scope.area}~"
    ranges = tuple((max(low, one), min(high, two)) for one, two in act.actor.ranges if max(low, one) < min(high, two))
    return boxes(replace(act.actor, ranges=ranges)) if ranges else {}


def _late(view: View, counts: Counts) -> list[Number]:
    if view.day != view.today:
        return []
    return [Number(SET_TITLES[name].say(gettext), str(counts.stands(name)), view.rows(name), mark=name) for name in LATE]


def _going(view: View, counts: Counts) -> list[Number]:
    since, until = queries.edges(view.day)
    numbers = [Number(SET_TITLES[name].say(gettext), str(counts.of(name, view.day)), view.rows(name)) for name in GOING]
    for title, name in ((_("Until signed for"), "signed"), (_("Until the result"), "fed_back")):
        hours = queries.hours(view.scope, name, since, until)
        middle = median(hours)
        value = gettext("{hours} h").format(hours=f"{middle:.1f}") if middle is not None else "–"
        note = gettext("median of {count} cases, from the report on").format(count=len(hours))
        numbers.append(Number(title.say(gettext), value, view.rows(name), note))
    return numbers


def _well(view: View, counts: Counts) -> list[Number]:
    """The indicators that modules offer, over thirty days."""
    first = view.day - timedelta(days=PERIOD - 1)
    return [_indicator(view, figure, *queries.share(counts, figure, first, view.day)) for figure in registry.figures()]


def _indicator(view: View, figure: Figure, share: Share, beside: int) -> Number:
    link = view.rows(figure.part, days=str(PERIOD), kinds=",".join(figure.kinds))
    meaning = figure.meaning.say(gettext)
    if share.value is None or share.interval is None:
        return Number(figure.title.say(gettext), "–", link, gettext("{meaning}: none in this time").format(meaning=meaning))
    low, high = share.interval
    told = gettext("{meaning}: {part} of {whole}; 95% between {low}% and {high}%").format(
        meaning=meaning, part=share.part, whole=share.whole, low=round(100 * low), high=round(100 * high)
    )
    if figure.beside:
        told = gettext("{told}; {answered} of {asked} answered").format(told=told, answered=share.whole, asked=beside)
    return Number(figure.title.say(gettext), f"{100 * share.value:.1f}%", link, told)


def _row(act: Act, row: Row) -> dict[str, Any]:
    """Show a line; what lies above C1 shows its number, kind and town only (decision 22)."""
    case = row.case
    shown, language = cases.shown(act.actor, case), get_language() or ""
    loop = registry.loop(case.kind, case.loop_version)
    return {
        "id": case.id, "number": case.number, "title": shown["title"] or loop.title.say(gettext),
        "state": loop.title_of(state_of(case.state)).say(gettext), "area": people.address(shown["area"], language),
        "category": _class(reference.categories(), shown["category"]) if shown["category"] else "", "at": row.at,
        "colour": {1: "amber", 2: "yellow", 3: "red", 4: "upgraded"}.get(case.rung, "") if case.due_at else "",
    }  # fmt: skip


urlpatterns = [path("day/", day, name="day"), path("day/rows/", day_rows, name="day_rows")]
