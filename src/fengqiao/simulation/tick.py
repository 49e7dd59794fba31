"""While the demo runs, every now and then something happens: somebody reports, somebody signs, somebody has a look."""

import random
from datetime import datetime
from functools import cache

from django.conf import settings

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.base.errors import FengqiaoError
from fengqiao.cases.models import Case
from fengqiao.people.yunxi.staff import HOME_VILLAGE
from fengqiao.simulation import life, ways
from fengqiao.simulation.cast import Cast
from fengqiao.simulation.play import OVER, Play, Written, written

MOST_OPEN = 400


@cache
def _stage() -> Cast:
    return Cast(random.Random(life.SEED))


def happen(at: datetime) -> int:
    """Let one thing happen in a demo that is told to live; returns how many did."""
    if not (settings.DEMO and settings.FENGQIAO_LIFE):
        return 0
    chance = _stage().chance = random.Random(f"{life.SEED}:tick:{at.isoformat()}")
    if chance.random() < 0.3:
        return 0
    return int(report(at) if chance.random() < 0.4 else go_on(at))


def report(at: datetime) -> bool:
    """Let somebody report something, unless the desks are full already."""
    with acting(machine_act("simulation", at)):
        if Case.objects.exclude(state__in=OVER).count() >= MOST_OPEN:
            return False
    stage = _stage()
    play = life.one(stage, stage.chance, stage.chance.choice(written()), at)
    play.at = at
    return _safely(play)


def go_on(at: datetime) -> bool:
    """Take one open matter a step further; the home village is left to whoever plays the demo."""
    stage = _stage()
    with acting(machine_act("simulation", at)):
        open_ones = list(
            Case.objects.exclude(state__in=OVER | {"P"})
            .exclude(area__startswith=HOME_VILLAGE)
            .exclude(pending__len__gt=0)
            .order_by("number")
        )
    waiting = [case for case in open_ones if len(case.area) == 15 and not case.children_open]
    if not waiting:
        return False
    case = stage.chance.choice(waiting)
    return _safely(Play(stage, stage.chance, at, _told(case), case.area, case.channel, held=case))


def _told(case: Case) -> Written:
    same = (one for one in written() if one.category == case.category)
    return next(same, Written(case.category, (case.channel,), case.text, "已到现场处理完毕，并告知报告人。"))


def _safely(play: Play) -> bool:
    try:
        ways.step(play)
    except (FengqiaoError, LookupError):
        # Somebody was quicker, or nobody is there: the next minute brings something else.
        return False
    return True
