"""The worker: what has to be done by the clock, pass after pass. More workers may run; due rows are claimed, not shared out."""

import importlib
import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import close_old_connections, connection

from fengqiao.base.clock import now

log = logging.getLogger("fengqiao.work")
Job = Callable[[datetime], int]


@dataclass(slots=True)
class Loop:
    """A job, how often it is done, and when next."""

    job: str
    every: float
    due: float = 0.0
    failures: int = 0
    done: Job = field(init=False)

    def __post_init__(self) -> None:
        module, _, name = self.job.partition(":")
        self.done = getattr(importlib.import_module(module), name)


# A job takes the time and returns how many things it did; after a full pass it is asked again at once.
LOOPS: tuple[tuple[str, float], ...] = (
    ("fengqiao.cases.jobs:relay", 0.5),
    ("fengqiao.cases.jobs:sweep", 2.0),
    ("fengqiao.cases.jobs:archive", 3600.0),
    ("fengqiao.cases.jobs:seal", 3600.0),
    ("fengqiao.cases.jobs:forget_keys", 3600.0),
    ("fengqiao.kits.files.jobs:reap", 600.0),
    ("fengqiao.across.duty.jobs:catch_up", 1.0),
    ("fengqiao.across.duty.jobs:replies", 60.0),
    ("fengqiao.across.duty.jobs:glasses", 5.0),
    ("fengqiao.kits.notices.jobs:deliver", 3.0),
    ("fengqiao.kits.notices.jobs:forget", 3600.0),
    ("fengqiao.across.exchange.jobs:draw", 1.0),
    ("fengqiao.across.exchange.jobs:deliver", 1.0),
    ("fengqiao.across.exchange.jobs:forget", 86_400.0),
    ("fengqiao.across.cockpit.jobs:fold", 0.9),
    ("fengqiao.across.cockpit.jobs:verify", 60.0),
    ("fengqiao.simulation.tick:happen", 35.0),
)
LONGEST_PAUSE = 60.0


def work(stop: threading.Event | None = None) -> int:
    """Do all jobs until told to stop."""
    stop = stop or _stopped_by_signal()
    loops = [Loop(job, every) for job, every in LOOPS]
    while not stop.is_set():
        for loop in loops:
            if time.monotonic() >= loop.due and not stop.is_set():
                one_pass(loop)
        stop.wait(max(0.05, min(loop.due for loop in loops) - time.monotonic()))
    connection.close()
    return 0


def one_pass(loop: Loop) -> None:
    """Do one job once; a job that fails waits longer and longer, and never stops the others."""
    try:
        did = loop.done(now())
    except Exception:
        loop.failures += 1
        log.exception("%s failed, time %d in a row", loop.job, loop.failures)
        close_old_connections()
        loop.due = time.monotonic() + min(LONGEST_PAUSE, loop.every * 2**loop.failures)
        return
    loop.failures = 0
    loop.due = time.monotonic() + (0 if did and loop.every < 1 else loop.every)


def _stopped_by_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, partial(lambda event, *_: event.set(), stop))
    return stop
