"""What a centre itself sets of cases: its tree of categories and its limits. Who may, and from which day, is asked by whoever calls."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from fengqiao.cases.models import Category, TimeLimit
from fengqiao.people import services as people

CATEGORY_FIELDS = ("parent", "name", "name_en", "sla", "confidentiality", "spot_ok", "physical", "public_danger", "loop", "active")


@transaction.atomic
def write_category(code: str, facts: Mapping[str, Any]) -> None:
    """Add a kind of matter, or change what a new case of it begins with; cases that stand keep what they were given."""
    told = {name: facts[name] for name in CATEGORY_FIELDS if name != "parent"}
    Category.objects.update_or_create(code=code, defaults={**told, "parent_id": facts["parent"] or None})
    people.bump("cases")


@transaction.atomic
def write_limit(sla: str, clock: str, category: str, since: date, *, amount: int, unit: str, basis: str) -> None:
    """Let a limit count from a day on; clocks that run keep theirs."""
    TimeLimit.objects.update_or_create(
        sla=sla, clock=clock, category=category, effective_from=since, defaults={"amount": amount, "unit": unit, "basis": basis}
    )
    people.bump("cases")


@transaction.atomic
def drop_limit(sla: str, clock: str, category: str, since: date) -> None:
    """Take back a limit that has not counted yet."""
    TimeLimit.objects.filter(sla=sla, clock=clock, category=category, effective_from=since).delete()
    people.bump("cases")
