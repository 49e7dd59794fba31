"""What a request is about, and what was decided."""

from collections.abc import Mapping
from typing import Any

from fengqiao.cases import continuing, views
from fengqiao.cases.models import Case, CaseEvent, Link


def concerned(request: Case) -> list[Case]:
    """Return the reports a request is about, with the cases each of them came from or goes on as for the same reporter."""
    found: dict[Any, Case] = {}
    for named in Case.objects.filter(linked_by__case=request, linked_by__relation=Link.Relation.CONCERNS).order_by("id"):
        found |= {case.id: case for case in continuing.same_matter(named)}
    return list(found.values())


def decided(request: Case) -> Mapping[str, Any]:
    """Return what the privacy officer decided last."""
    event = CaseEvent.objects.filter(case_id=request.id, move="feed_back").select_related("said").order_by("-seq").first()
    return views.what_was_said(request, event) if event else {}
