"""The cast for tests of duty: one town with its rooms, a plain kind of case, and the demo's people with their rosters."""

from collections.abc import Callable

import pytest

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.cases.tests.conftest import MATTER, MORNING, TOWN, by, cast, matter, opened, photo  # noqa: F401
from fengqiao.kits.notices.models import Notice, Told
from fengqiao.people import models, reference


@pytest.fixture(autouse=True)
def _nothing_remembered():
    reference.forget()
    yield
    reference.forget()


@pytest.fixture
def heard(db) -> Callable[..., list[Notice]]:
    """Every notice there is, oldest first; of one person, or with a word in its sentence."""

    def ask(person: str = "", word: str = "") -> list[Notice]:
        with acting(machine_act("test", MORNING)):
            found = list(Notice.objects.order_by("at", "id"))
        return [one for one in found if (not person or str(one.person_id) == person) and word in one.sentence]

    return ask


@pytest.fixture
def told(db) -> Callable[..., list[str]]:
    """What the reporter of a case was told."""

    def ask(case) -> list[str]:
        return list(Told.objects.filter(about=case.id).order_by("at", "id").values_list("sentence", flat=True))

    return ask


@pytest.fixture
def rostered(db) -> Callable[[str, str, object], str]:
    """Who is on the roster of a post at a moment: the one, by username, with the id of the organisation."""

    def ask(code: str, post: str, at=MORNING) -> str:
        shift = models.Shift.objects.get(organisation__code=code, post=post, starts__lte=at, ends__gt=at)
        return str(shift.substitute_id or shift.person_id)

    return ask
