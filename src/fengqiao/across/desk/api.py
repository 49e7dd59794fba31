"""How the desk asks for its views, its texts, lists to take away, and one move for many cases."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from fengqiao.access.acting import acting
from fengqiao.access.doors import signed_act_from
from fengqiao.across.desk import export, policies, queries, services
from fengqiao.across.desk.models import StandardText, View
from fengqiao.across.desk.schemas import ExportWanted, FilledOut, ManyIn, RowDone, TextIn, TextOut, ViewIn, ViewOut
from fengqiao.base.act import Act
from fengqiao.cases import forms, registry
from fengqiao.cases import queries as cases
from fengqiao.cases.api import parsed
from fengqiao.kits.web import tables

router = Router(tags=["desk"])
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _desk_act(request: HttpRequest) -> Act:
    act = signed_act_from(request)
    policies.check_desk(act)
    return act


@router.get("/views", response=list[ViewOut], summary="The views this person has kept")
def list_views(request: HttpRequest) -> list[View]:
    """Return one's own views."""
    return queries.views_of(_desk_act(request).actor)


@router.post("/views", response={201: ViewOut}, summary="Keep a view; the same name again changes it")
def keep_view(request: HttpRequest, body: ViewIn) -> tuple[int, View]:
    """Keep what a list is narrowed to."""
    return 201, services.keep_view(_desk_act(request), body.name, body.asked)


@router.delete("/views/{uuid:view_id}", response={204: None}, summary="Let go of a view")
def drop_view(request: HttpRequest, view_id: UUID) -> tuple[int, None]:
    """Drop one's own view."""
    services.drop_view(_desk_act(request), view_id)
    return 204, None


@router.get("/texts", response=list[TextOut], summary="All standard texts, for whoever writes them")
def list_texts(request: HttpRequest) -> list[StandardText]:
    """Return every text, those out of use as well."""
    _desk_act(request)
    return queries.texts()


@router.get("/texts/for/{uuid:case_id}", response=list[FilledOut], summary="Standard texts that fit a case and a move, holes filled")
def texts_for(request: HttpRequest, case_id: UUID, move: str = Query("", max_length=30)) -> list[dict[str, Any]]:
    """Return what may be said here, the closest first."""
    act = _desk_act(request)
    with acting(act):
        return queries.filled_for(act.actor, cases.read(act, case_id), act.at, move)


@router.post("/texts", response={201: TextOut}, summary="Write a standard text")
def write_text(request: HttpRequest, body: TextIn) -> tuple[int, StandardText]:
    """Write a text all desks may use."""
    return 201, services.write_text(_desk_act(request), body)


@router.put("/texts/{uuid:text_id}", response=TextOut, summary="Change a standard text, or take it out of use")
def change_text(request: HttpRequest, text_id: UUID, body: TextIn) -> StandardText:
    """Change a text; what it said before is kept by the witness."""
    return services.write_text(_desk_act(request), body, text_id)


@router.post("/moves/{move}", response=list[RowDone], summary="One move for several cases, each with its own key and answer")
def move_many(request: HttpRequest, move: str, body: ManyIn) -> list[dict[str, Any]]:
    """Make the same move for several cases; a refusal keeps none of the others back."""
    act = _desk_act(request)
    return services.move_many(act, move, lambda kind: parsed(forms.asks_of(registry.loop(kind), move), body.asked), body.rows)


@router.get("/export", response={200: None}, summary="A list to take away, as CSV or a workbook")
def take_away(request: HttpRequest, wanted: Query[ExportWanted]) -> HttpResponse:
    """Write the list as a file; the witness notes who took it."""
    act = _desk_act(request)
    policies.check_export(act)
    lines = export.taken(act, wanted.filter(act.at))
    body = tables.as_csv(lines) if wanted.format == "csv" else export.as_workbook(lines)
    name = f"cases-{timezone.localtime(act.at):%Y%m%d-%H%M}.{wanted.format}"
    return HttpResponse(
        body,
        content_type=TYPES[wanted.format],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
