"""Who may read a bound file: asked of whoever knows, because the kit knows no case."""

from collections.abc import Callable
from uuid import UUID

from fengqiao.base.act import Act

Reading = Callable[[Act, UUID], bool]
"""Given an act and a case, tell whether its files may be read; it may log, and it may raise an error of its own."""

Key = Callable[[UUID], bytes]
"""Given a case, return the key of its sealed files; raises an error of its own when there is none any more."""

_readings: list[Reading] = []
_keys: list[Key] = []


def register(reading: Reading) -> Reading:
    """Name a policy; usable as a decorator, and harmless when done twice."""
    if reading not in _readings:
        _readings.append(reading)
    return reading


def may_read(act: Act, case_id: UUID) -> bool:
    """Ask all policies; one that agrees is enough, and without any nobody may."""
    return any(reading(act, case_id) for reading in _readings)


def keys_from(key: Key) -> None:
    """Name who holds the keys of sealed cases."""
    _keys[:] = [key]


def key_of(case_id: UUID) -> bytes:
    """Return the key of a case's sealed files."""
    return _keys[0](case_id)
