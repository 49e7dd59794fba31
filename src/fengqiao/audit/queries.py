"""What the auditor looks up."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from fengqiao.audit.models import AccessLog, BreakGlass, SignInLog


def readings(*, case_id: UUID | str | None = None, actor: str = "", since: datetime | None = None) -> QuerySet[AccessLog]:
    """Return who read what, the latest first."""
    found = AccessLog.objects.order_by("-at", "-id")
    if case_id:
        found = found.filter(case_id=case_id)
    if actor:
        found = found.filter(actor=actor)
    return found.filter(at__gte=since) if since else found


def sign_ins(*, person: str = "", outcome: str = "") -> QuerySet[SignInLog]:
    """Return who came in, the latest first."""
    found = SignInLog.objects.order_by("-at", "-id")
    if person:
        found = found.filter(person=person)
    return found.filter(outcome=outcome) if outcome else found


def glasses(*, person: str = "", since: datetime | None = None) -> QuerySet[BreakGlass]:
    """Return who broke a glass, the latest first."""
    found = BreakGlass.objects.order_by("-at", "-id")
    if person:
        found = found.filter(person=person)
    return found.filter(at__gte=since) if since else found
