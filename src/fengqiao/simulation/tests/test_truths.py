"""What is planted in the invented life can be found in it, and only where it was planted."""

import math
import random
from datetime import datetime, timedelta

import pytest

from fengqiao.cases.models import Case
from fengqiao.people import queries as people
from fengqiao.simulation import life, ways
from fengqiao.simulation.cast import Cast, organisation
from fengqiao.simulation.cast import grids as grids_of
from fengqiao.simulation.play import Play, written
from fengqiao.simulation.truths import truths

NOW = datetime.fromisoformat("2026-11-25T10:00:00+08:00")
NIGHT = (22, 23, 0, 1, 2, 3)


def ratio(here, there, exposed_here=1.0, exposed_there=1.0):
    """The ratio of two rates with its 95 % interval (log-normal, half a count added to each)."""
    here, there = here + 0.5, there + 0.5
    middle, spread = math.log(here / exposed_here * exposed_there / there), 1.96 * math.sqrt(1 / here + 1 / there)
    return math.exp(middle - spread), math.exp(middle + spread)


@pytest.fixture
def plays(db):
    """Several hundred matters as planned, without telling them."""
    return life._plays(Cast(random.Random(7)), 7, NOW, 600)


def count(plays, kind, grids, hours=range(24), since=60, until=0):
    return sum(
        play.what.category == kind
        and play.grid in grids
        and play.at.astimezone(people.zone()).hour in hours
        and NOW - timedelta(days=since) <= play.at < NOW - timedelta(days=until)
        for play in plays
    )


QUIET, OTHER = "990101006", "990101007"  # two towns where nothing is planted


def test_covers_of_one_batch_fail_on_their_streets_and_not_in_another_town(plays):
    grids, quiet, other = truths()["covers"].places, grids_of(QUIET), grids_of(OTHER)
    assert ratio(count(plays, "0504", grids), count(plays, "0504", quiet), len(grids), len(quiet))[0] > 1
    low, high = ratio(count(plays, "0504", quiet), count(plays, "0504", other), len(quiet), len(other))
    assert low < 1 < high


def test_covers_fail_more_and_more(plays):
    grids = truths()["covers"].places
    assert ratio(count(plays, "0504", grids, since=23), count(plays, "0504", grids, since=46, until=23))[0] > 1


def test_a_building_site_is_loud_by_night_in_its_village_and_not_in_another(plays):
    grids, quiet, other = truths()["site"].places, grids_of(QUIET), grids_of(OTHER)
    day = [hour for hour in range(24) if hour not in NIGHT]
    loud = count(plays, "0601", grids, NIGHT)
    assert ratio(loud, count(plays, "0601", quiet, NIGHT), len(grids), len(quiet))[0] > 1
    assert ratio(loud, count(plays, "0601", grids, day), len(NIGHT), len(day))[0] > 1
    low, high = ratio(count(plays, "0601", quiet, NIGHT), count(plays, "0601", other, NIGHT), len(quiet), len(other))
    assert low < 1 < high


def late(place, clock):
    """How many of 300 matters led by an organisation pass a limit."""
    chance = random.Random(f"{place}:{clock}")
    stage, lead = Cast(chance), organisation(*place)
    play = Play(stage, chance, NOW, written()[0], f"{place[0]}001001", "qr", held=Case(lead=lead))
    found = 0
    for _matter in range(300):
        # As in a told life, now and then any organisation is late.
        play.slow, play.slowness = (clock, 1.2) if chance.random() < 0.1 else ("", 0.0)
        found += ways.pace(play, clock) > 1
    return found


@pytest.mark.parametrize("clock", ["sign", "handle"])
def test_one_station_passes_its_limits_and_others_of_its_trade_and_town_do_not(db, clock):
    town, trade = truths()["station"].places
    others = [late(("990101002", trade), clock), late((town, "municipal"), clock)]
    assert all(ratio(late((town, trade), clock), other)[0] > 1 for other in others)
    low, high = ratio(*others)
    assert low < 1 < high


def test_a_slow_station_is_not_slow_with_what_it_does_not_do(db):
    assert late(truths()["station"].places, "verify") == pytest.approx(30, abs=20)


def test_every_place_that_is_named_exists(db):
    assert all(people.area(place) for truth in truths().values() if truth.written for place in truth.places)
    assert organisation(*truths()["station"].places)
