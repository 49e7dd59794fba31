"""The officers' page of codes: make them in batches, print them, see how often they are used, withdraw them."""

import re
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fengqiao.access.acting import acting
from fengqiao.access.doors import act_from
from fengqiao.across.intake import queries, services
from fengqiao.across.intake.forms import CodesForm, RevokeForm
from fengqiao.across.intake.models import ReportCode
from fengqiao.across.intake.pages.qr import qr_svg
from fengqiao.across.intake.policies import check_page
from fengqiao.across.intake.terms import SPOT_TITLES, Spot
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError
from fengqiao.cases import views
from fengqiao.people import queries as people
from fengqiao.people.terms import Level


@never_cache
@login_required
def codes(request: HttpRequest) -> HttpResponse:
    """List the codes of one's ground, and make new ones."""
    act = act_from(request)
    check_page(act.actor)
    form = CodesForm(request.POST or None)
    form.fields["area"].choices = _grounds(act)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with acting(act):
                made = services.make_codes(act, said["area"], Spot(said["spot"]), said["labels"].splitlines())
            return redirect("code_sheet", batch=made[0].batch)
        except FengqiaoError as error:
            form.add_error(None, error.say(gettext))
    with acting(act):
        rows = [_row(code) for code in queries.codes_in(act.actor.ranges)]
    return render(request, "intake/codes.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)


def _grounds(act: Act) -> list[tuple[str, str]]:
    language = views.language()
    covered = [row for row in people.areas().values() if row.level in (Level.VILLAGE, Level.GRID) and act.actor.covers(row.code)]
    # A whole town has too many grids for one list: its villages are enough, and a grid's own clerk sees the grids.
    shown = [row for row in covered if row.level == Level.VILLAGE] if len(covered) > 120 else covered
    return [(row.code, people.address(row.code, language)) for row in shown]


def _row(code: ReportCode) -> dict[str, object]:
    return {"code": code, "label": queries.called(code, "label"), "place": people.address(code.area, views.language()),
            "spot": gettext(SPOT_TITLES[Spot(code.spot)]), "scans": code.scans or 0, "reports": code.reports or 0}  # type: ignore[attr-defined]  # fmt: skip


@never_cache
@login_required
@require_safe
def sheet(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Print a batch as stickers, twelve to a page."""
    check_page(act_from(request).actor)
    hung = sorted(ReportCode.objects.filter(batch=batch, revoked_at=None), key=lambda code: _as_counted(code.label))
    found = [_printed(request, code, 3) for code in hung]
    if not found:
        raise Http404
    return render(request, "intake/sheet.html", {"codes": found})


def _as_counted(label: str) -> list[tuple[int, str]]:
    """Return a key that puts house 9 before house 10."""
    return [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in re.split(r"(\d+)", label)]


@never_cache
@login_required
@require_safe
def poster(request: HttpRequest, token: str) -> HttpResponse:
    """Print one code as a poster."""
    check_page(act_from(request).actor)
    return render(request, "intake/poster.html", {"code": _printed(request, services.code_named(token), 10)})


def _printed(request: HttpRequest, code: ReportCode, scale: int) -> dict[str, object]:
    url = request.build_absolute_uri(reverse("code", kwargs={"token": code.token}))
    village = people.above(code.area, Level.VILLAGE)
    return {
        "token": code.token, "label": code.label, "label_en": code.label_en, "url": url, "qr": qr_svg(url, scale=scale, title=code.label),
        "community": village.name if village else "", "community_en": village.called("en") if village else "",
    }  # fmt: skip


@never_cache
@login_required
@require_POST
def revoke(request: HttpRequest, token: str) -> HttpResponse:
    """Withdraw a code."""
    act = act_from(request)
    form = RevokeForm(request.POST)
    if form.is_valid():
        with acting(act):
            services.revoke_code(act, token, why=form.cleaned_data["why"])
    return redirect("codes")
