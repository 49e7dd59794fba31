"""The same seed tells the same life; another seed another."""

import random
from datetime import datetime

from fengqiao.simulation import life
from fengqiao.simulation.cast import Cast
from fengqiao.simulation.pictures import SCENES, picture

NOW = datetime.fromisoformat("2026-11-25T10:00:00+08:00")


def planned(seed):
    """What will happen in a district of this seed, before anything does: all that its figures hang on."""
    stage = Cast(random.Random(seed))
    return [
        (play.at, play.what, play.grid, play.channel, tuple(play.plan), play.slow, play.slowness)
        for play in life._plays(stage, stage.chance, NOW, 96)
    ]


def test_one_seed_plans_one_life_with_the_same_texts_places_moments_and_turns(db):
    assert planned(7) == planned(7)


def test_another_seed_plans_another_life(db):
    one, other = planned(7), planned(8)
    assert sum(first == second for first, second in zip(one, other, strict=False)) < 5


def test_one_seed_draws_one_picture_to_the_byte_for_every_kind():
    for kind in SCENES:
        first, second = (picture(kind, mended=False, chance=random.Random(3)).read() for _time in range(2))
        assert first == second
        assert first != picture(kind, mended=True, chance=random.Random(3)).read()
