"""The cast of the settings desk: an administrator, the director who confirms, and a dispatcher who may not."""

import pytest

from fengqiao.access.doors import posts_of
from fengqiao.access.holdings import actor_of
from fengqiao.base.act import Act, Channel
from fengqiao.base.ids import new_id
from fengqiao.cases.tests.conftest import MORNING, by, cast, matter, opened  # noqa: F401
from fengqiao.people import reference
from fengqiao.people.models import Person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _nothing_remembered():
    reference.forget()
    yield
    reference.forget()


def acts(username: str, at=MORNING) -> Act:
    """An act of one of the demo's people in their first post."""
    person = Person.objects.get(username=username)
    return Act(id=new_id(), actor=actor_of(person, posts_of(person, at)[0], at), at=at, channel=Channel.DESK)


@pytest.fixture
def admin(db):
    return acts("admin")


@pytest.fixture
def director(db):
    return acts("director")


@pytest.fixture
def seat(client, db):
    """Somebody before the pages: ``seat("admin")``."""

    def sit(username: str, language: str = "en"):
        client.force_login(Person.objects.get(username=username), backend=BACKEND)
        client.cookies["language"] = language
        return client

    return sit
