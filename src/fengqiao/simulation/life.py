"""Sixty days of an invented district: what people reported, and what became of it, told through the same services."""

import heapq
import logging
import multiprocessing
import random
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import count

from django.db import connection

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.intake import services as intake
from fengqiao.across.intake.models import ReportCode
from fengqiao.across.intake.terms import Spot
from fengqiao.base.clock import now
from fengqiao.base.errors import FengqiaoError
from fengqiao.cases import numbers, reference
from fengqiao.cases.models import Case
from fengqiao.people import queries as people
from fengqiao.people.yunxi.staff import HOME_VILLAGE, QINGXI
from fengqiao.simulation import cast, truths, ways
from fengqiao.simulation.cast import Cast
from fengqiao.simulation.play import Play, Written, written
from fengqiao.simulation.volumes import Moments

log = logging.getLogger("fengqiao.simulation")

DAYS = 60
MATTERS = 300
HANDS = 2
SEED = 990101

# What happens beside the plain way, and how often in a thousand matters.
BESIDE: tuple[tuple[int, tuple[str, ...]], ...] = (
    (60, ("rate_low", "reopen")), (30, ("rate_low", "reopen", "rework", "appeal")), (60, ("precheck", "rate")), (35, ("reject",)),
    (30, ("withdraw",)), (50, ("object",)), (20, ("object", "object", "third")), (55, ("extension", "rate")), (40, ("pause",)),
    (30, ("assistance", "assisted")), (35, ("supervision",)), (35, ("whistle", "rate")), (15, ("part",)), (20, ("upgrade",)),
    (20, ("transfer",)), (60, ("rework", "rate")), (60, ("contact", "on_site", "rate")), (200, ("rate",)),
)  # fmt: skip
SLOW = (("accept", 60), ("sign", 50), ("handle", 130), ("verify", 60), ("close", 40), ("", 660))
LATE = ((0.85, 35), (1.2, 30), (1.7, 20), (2.2, 15))


def populate(at: datetime | None = None, seed: int = SEED, matters: int = MATTERS, hands: int = HANDS) -> int:
    """Fill an empty district with life up to a moment; one that has any case is left alone. Returns how many were told."""
    until = at or now()
    with acting(machine_act("simulation", until)):
        if Case.objects.exists():
            return 0
    stage = Cast(random.Random(seed))
    _hang_codes(stage, until)
    plays = _plays(stage, seed, until, matters)
    if hands < 2 or connection.in_atomic_block:
        return _hurriedly(plays, until)
    return _side_by_side(plays, until, hands)


def _hurriedly(plays: list[Play], until: datetime) -> int:
    """Tell it without waiting for the disk: nobody's life hangs on the last second of an invented one."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        return tell(plays, until)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def _side_by_side(plays: list[Play], until: datetime, hands: int) -> int:
    """Let several processes tell it, each its own towns: matters of two towns never meet."""
    towns = sorted({play.town for play in plays}, key=lambda town: -sum(play.town == town for play in plays))
    loads: list[list[Play]] = [[] for _hand in range(hands)]
    for town in towns:
        min(loads, key=len).extend(play for play in plays if play.town == town)
    connection.close()  # a connection is not shared across a fork
    context = multiprocessing.get_context("fork")
    others = [context.Process(target=_hand, args=(load, until)) for load in loads[1:]]
    for other in others:
        other.start()
    told = _hand(loads[0], until)
    for other, load in zip(others, loads[1:], strict=True):
        other.join()
        if other.exitcode:
            raise ChildProcessError(f"A part of the invented life ended early ({other.exitcode}).")
        told += len(load)
    return told


def _hand(plays: list[Play], until: datetime) -> int:
    numbers.forget()  # serial numbers that are held belong to one process
    return _hurriedly(plays, until)


def tell(plays: list[Play], until: datetime) -> int:
    """Let all matters happen in the order of time, side by side, up to a moment."""
    order = count()
    waiting = [(play.at, next(order), play) for play in plays]
    heapq.heapify(waiting)
    refused = 0
    while waiting:
        moment, _number, play = heapq.heappop(waiting)
        play.climb(min(moment, until))
        if moment > until:
            continue
        play.at = moment
        try:
            ways.step(play)
        except FengqiaoError as error:
            refused += 1
            log.warning("%s in state %s: %s", play.what.category, play.held.state if play.held else "-", error)
            continue
        for next_play in (play, *play.parts):
            following = ways.when(next_play) or until + timedelta(days=1)
            heapq.heappush(waiting, (following, next(order), next_play))
        play.parts.clear()
    return len(plays) - refused


def _plays(stage: Cast, seed: int, until: datetime, matters: int) -> list[Play]:
    """Return what will happen, each with its moment, its place and its turns.

    Each matter has a chance of its own, so that a life is the same however many processes tell it.
    """
    found: list[Play] = []
    texts, shuffled = list(written()), random.Random(seed)
    for number in range(matters):
        if number % len(texts) == 0:
            shuffled.shuffle(texts)
        chance, what = random.Random(f"{seed}:{number}"), texts[number % len(texts)]
        truth = truths.planted(chance)
        if truth is not None:
            what = chance.choice(truth.written)
            found.append(one(stage.led_by(chance), chance, what, truth.moment(chance, what.category, until), chance.choice(truth.places)))
            continue
        play = one(stage.led_by(chance), chance, what, _moment(chance, seed, what.category, until))
        found.append(play)
        urgent = reference.category(play.what.category)
        if number % 8 == 0 and not urgent.public_danger and urgent.sla != "S0":
            # What nobody has touched for a while: these are the coloured ones on the desk.
            play.at = until - timedelta(days=0.02 + 5 * chance.random() ** 2.5)
            play.plan.append(f"stall_{chance.choice('RATDSHHFV')}")
        elif number % 24 == 5 and play.plan and play.what.category[:2] != "10":
            play.at, play.plan, play.slow = until - timedelta(days=chance.uniform(5, 9)), ["pause"], ""
        if chance.random() < 0.05 and play.what.category[:2] != "10" and reference.category(play.what.category).sla != "S0":
            found.append(_again(play))
    return found


def one(stage: Cast, chance: random.Random, what: Written, at: datetime, grid: str = "") -> Play:
    """Return a matter as it may happen: where, by which channel, and with which turns."""
    town = QINGXI if chance.random() < 0.5 else chance.choice([row.code for row in people.towns()])
    channel = chance.choice(what.channels)
    grids = cast.grids(town)
    grid = grid or chance.choice(grids[:4] if town == QINGXI and chance.random() < 0.3 else grids)
    play = Play(stage, chance, _office(at) if channel in ("window", "grid") else at, what, grid, channel)
    category = reference.category(what.category)
    if category.loop == "qr_suggest":
        play.plan = chance.choices(([], ["pass_on"], ["convert"], ["rate"]), (40, 18, 4, 38))[0][:]
    elif channel == "grid" and category.spot_ok and stage.has(grid, "grid_assistant") and chance.random() < 0.6:
        play.plan = ["spot"]
    elif category.sla == "S0":
        play.plan = ["fill_in"]
    else:
        play.plan = list(chance.choices([turns for _weight, turns in BESIDE], [weight for weight, _turns in BESIDE])[0])
    play.slow = chance.choices([name for name, _weight in SLOW], [weight for _name, weight in SLOW])[0]
    play.slowness = chance.choices([share for share, _weight in LATE], [weight for _share, weight in LATE])[0] * chance.uniform(0.98, 1.1)
    return play


def _again(first: Play) -> Play:
    """Return the same matter as somebody else reports it a little later."""
    later = first.at + timedelta(minutes=first.chance.uniform(5, 90))
    return Play(first.cast, first.chance, later, first.what, first.grid, "qr", ["merge"], master=first)


def _moment(chance: random.Random, seed: int, category: str, until: datetime) -> datetime:
    """Return when something is reported: by hour, weekday, holiday and weather, and more of late than long ago."""
    days = chance.choices((3, 14, DAYS), (18, 22, 60))[0]
    return moments(seed, until, days).before(chance, category)


@lru_cache(maxsize=8)
def moments(seed: int, until: datetime, days: int) -> Moments:
    """Return how likely every kind of matter is on each of the last days."""
    return Moments.of(seed, until, days, sorted({one.category for one in written()}))


def _office(at: datetime) -> datetime:
    """Return the moment itself in office hours, else one after the next opening."""
    return people.calendar().add_working(at, 60)


def _hang_codes(stage: Cast, until: datetime) -> None:
    """Hang the demo's codes in the home village."""
    if ReportCode.objects.exists():
        return
    clerk = cast.act(stage.of(HOME_VILLAGE, "village_clerk"), until - timedelta(days=DAYS))
    with acting(clerk):
        intake.make_codes(clerk, HOME_VILLAGE, Spot.STAIRWELL, [f"{house}幢{stair}单元" for house in (1, 2, 3) for stair in (1, 2)])
        intake.make_codes(clerk, HOME_VILLAGE, Spot.COMMUNITY, ["便民服务中心"])
