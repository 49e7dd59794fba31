"""The limits of handbook C3 as rows, so that a centre can see them and put its own beside them."""

from datetime import date

from fengqiao.cases.limits import EXTENSION
from fengqiao.cases.models import TimeLimit
from fengqiao.loop.deadlines import SEED_EXTENSIONS, SEED_LIMITS
from fengqiao.people import services as people

BEGINNING = date(2004, 1, 1)


def seed_limits() -> int:
    """Write the limits that are missing; returns how many were written."""
    seeded = {**SEED_LIMITS, **{(sla, EXTENSION): span for sla, span in SEED_EXTENSIONS.items()}}
    known = set(TimeLimit.objects.filter(category="", effective_from=BEGINNING).values_list("sla", "clock"))
    fresh = [
        TimeLimit(sla=str(sla), clock=clock, amount=span.amount, unit=str(span.unit), effective_from=BEGINNING)
        for (sla, clock), span in seeded.items()
        if (str(sla), clock) not in known
    ]
    TimeLimit.objects.bulk_create(fresh)
    if fresh:
        people.bump("cases")
    return len(fresh)
