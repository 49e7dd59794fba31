"""Reference data held in the process: read once, dropped when its edition in the database has moved on.

Whoever opens a transaction as an actor brings the editions along in the same statement and calls `check`; so a change
made in one process takes effect in all others with their next act, and no read asks the database whether it may remember.
"""

from collections.abc import Callable, Hashable, Mapping
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")


class Held(Generic[P, R]):
    """A function whose answers are remembered until their edition changes."""

    def __init__(self, load: Callable[P, R], size: int) -> None:
        self._load, self._size = load, size
        self._answers: dict[Hashable, R] = {}
        self._generation = 0
        update_wrapper(cast(Callable[..., Any], self), load)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        key = (args, tuple(kwargs.items())) if kwargs else args
        try:
            return self._answers[key]
        except KeyError:
            pass
        generation = self._generation
        answer = self._load(*args, **kwargs)
        # What was being read while somebody called `drop` may be of the old edition: give it, do not keep it.
        if generation == self._generation:
            if len(self._answers) >= self._size:
                self._answers = {}
            self._answers[key] = answer
        return answer

    def drop(self) -> None:
        self._generation += 1
        self._answers = {}


_held: dict[str, list[Held[..., Any]]] = {}
_seen: dict[str, int] = {}


def cached(edition: str, size: int = 4096) -> Callable[[Callable[P, R]], Held[P, R]]:
    """Remember what a function returns until this edition changes."""

    def hold(load: Callable[P, R]) -> Held[P, R]:
        held = Held(load, size)
        _held.setdefault(edition, []).append(held)
        return held

    return hold


def check(editions: Mapping[str, int]) -> None:
    """Drop whatever is of another edition than these."""
    for name, number in editions.items():
        if _seen.get(name) != number:
            forget(name)
            _seen[name] = number


def forget(edition: str = "") -> None:
    """Drop what is held of one edition, or of all."""
    for name in (edition,) if edition else tuple(_held):
        _seen.pop(name, None)
        for held in _held.get(name, ()):
            held.drop()
