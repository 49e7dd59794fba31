"""Seed limits: how long each step may take in each service class. Seeds, not constants: the centre edits them as rows.

Where the handbook gives one limit for triage and assignment together, triage gets half.
"""

from collections.abc import Mapping
from types import MappingProxyType

from fengqiao.loop.calendars import Span, Unit
from fengqiao.loop.terms import S0, S1, S2, S3, S4, S5, Sla

_MIN, _WMIN, _WH, _WD, _D = (
    Unit.MINUTE,
    Unit.WORKING_MINUTE,
    Unit.WORKING_HOUR,
    Unit.WORKING_DAY,
    Unit.NATURAL_DAY,
)

# fmt: off
_BY_CLASS: dict[Sla, dict[str, tuple[int, Unit]]] = {
    S0: {"accept": (1, _MIN), "triage": (1, _MIN), "assign": (1, _MIN), "arrive": (15, _MIN), "fill_in": (1440, _MIN)},
    S1: {"accept": (30, _WMIN), "triage": (15, _WMIN), "assign": (15, _WMIN), "sign": (30, _WMIN), "handle": (4, _WH),
         "verify": (4, _WH)},
    S2: {"accept": (2, _WH), "triage": (1, _WH), "assign": (1, _WH), "sign": (4, _WH), "handle": (1, _WD),
         "verify": (1, _WD)},
    S3: {"accept": (1, _WD), "triage": (2, _WH), "assign": (2, _WH), "sign": (1, _WD), "handle": (5, _WD),
         "verify": (2, _WD)},
    S4: {"accept": (1, _WD), "triage": (225, _WMIN), "assign": (225, _WMIN), "sign": (1, _WD), "handle": (15, _WD),
         "verify": (3, _WD)},
    S5: {"accept": (3, _WD), "triage": (675, _WMIN), "assign": (675, _WMIN), "sign": (3, _WD), "handle": (30, _D)},
}
_IN_EVERY_CLASS: dict[str, tuple[int, Unit]] = {
    "close": (1, _WD), "rating": (7, _D), "appeal": (30, _D), "follow_up": (30, _D),
}

SEED_LIMITS: Mapping[tuple[Sla, str], Span] = MappingProxyType({
    (sla, clock): Span(amount, unit)
    for sla, limits in _BY_CLASS.items()
    for clock, (amount, unit) in {**limits, **_IN_EVERY_CLASS}.items()
})

# How much one extension may add.
SEED_EXTENSIONS: Mapping[Sla, Span] = MappingProxyType({
    S1: Span(4, _WH), S2: Span(1, _WD), S3: Span(5, _WD), S4: Span(15, _WD), S5: Span(30, _D),
})
