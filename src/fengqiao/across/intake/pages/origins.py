"""Where a report starts from: a code on a wall, or a community chosen from a list."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse

from fengqiao.access import doors
from fengqiao.access.acting import acting
from fengqiao.across.intake import services
from fengqiao.across.intake.models import ReportCode
from fengqiao.across.intake.queries import called, english
from fengqiao.base.act import Act, Channel
from fengqiao.cases import views
from fengqiao.people import queries as people
from fengqiao.people.terms import Level


@dataclass(frozen=True, slots=True)
class Origin:
    """A place as the pages know it, and the addresses that lead on from it."""

    area: str
    title: str
    community: str
    address: str
    token: str = ""
    lon: float | None = None
    lat: float | None = None

    @property
    def channel(self) -> str:
        """Return by which channel a report from here comes."""
        return Channel.QR if self.token else Channel.SNAP

    @property
    def village(self) -> str:
        """Return the community's code, for the map."""
        return self.area[:12]

    def url(self, *parts: str) -> str:
        """Return the address of a step."""
        names = ("code", "code_kinds", "code_form") if self.token else ("report_area", "report_kinds", "report_form")
        keys = ("token" if self.token else "area", "aim", "category")
        values = (self.token or self.area, *parts)
        return reverse(names[len(parts)], kwargs=dict(zip(keys, values, strict=False)))


def of_code(act: Act, token: str, *, count: bool = False) -> Origin:
    """Return the place of a code; opening the landing page counts, the steps after it do not."""
    with acting(act):
        code = services.scanned(act, token) if count else services.code_named(token)
    return _of_code(code)


def _of_code(code: ReportCode) -> Origin:
    language = views.language()
    label = called(code, "label")
    address = f"{label}, {people.address(code.area, language)}" if english() else code.address
    return Origin(code.area, label, _community(code.area), address, code.token, code.lon, code.lat)


def of_area(code: str) -> Origin:
    """Return the place of a village, community or grid; anything else is not found."""
    doors.refresh()
    row = people.area(code)
    if row is None or row.level not in (Level.VILLAGE, Level.GRID, Level.TOWN):
        raise Http404
    return Origin(code, row.called(views.language()), _community(code), "")


def _community(area: str) -> str:
    row = people.above(area, Level.VILLAGE) or people.area(area)
    return row.called(views.language()) if row else ""


def origin_of(request: HttpRequest, *, token: str = "", area: str = "", count: bool = False) -> Origin:
    """Return where this request starts from."""
    return of_code(doors.act_from(request), token, count=count) if token else of_area(area)
