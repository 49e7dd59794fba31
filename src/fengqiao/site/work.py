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
from typing import Any

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
    noted: float = float("-inf")
    done: Job = field(init=False)
    note: Callable[..., None] = field(init=False)

    def __post_init__(self) -> None:
        self.done, self.note = _function(self.job), _function(NOTE)


# A job takes the time and returns how many things it did; after a full pass it is asked again at once.
LOOPS: tuple[tuple[str, float], ...] = (
    ("fengqiao.cases.jobs:relay", 0.5),
    ("fengqiao.cases.jobs:sweep", 2.0),
    ("fengqiao.cases.jobs:archive", 3600.0),
    ("fengqiao.cases.jobs:expire", 3600.0),
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
    ("fengqiao.across.configuration.jobs:take_effect", 30.0),
    ("fengqiao.simulation.tick:happen", 35.0),
)
LONGEST_PAUSE = 60.0
NOTE, NOTE_EVERY = "fengqiao.across.configuration.passes:note_pass", 60.0
"""The health page hears of a job once a minute, and at once when it fails or is well again."""


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
    except Exception as error:
        loop.failures += 1
        log.exception("%s failed, time %d in a row", loop.job, loop.failures)
        close_old_connections()
        _note(loop, f"{type(error).__name__}: {error}")
        loop.due = time.monotonic() + min(LONGEST_PAUSE, loop.every * 2**loop.failures)
        return
    if loop.failures or time.monotonic() >= loop.noted + NOTE_EVERY:
        loop.failures = 0
        _note(loop)
    loop.due = time.monotonic() + (0 if did and loop.every < 1 else loop.every)


def _note(loop: Loop, trouble: str = "") -> None:
    try:
        loop.note(loop.job, loop.every, now(), failures=loop.failures, trouble=trouble)
        loop.noted = time.monotonic()
    except Exception:
        # What cannot be noted is no reason to stop working.
        log.exception("%s could not be noted", loop.job)
        close_old_connections()


def _function(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _stopped_by_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, partial(lambda event, *_: event.set(), stop))
    return stop
