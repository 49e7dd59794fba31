"""The cast for tests of the desk: one town with its rooms and a plain kind of case."""

import pytest

from fengqiao.cases.tests.conftest import MATTER, MORNING, TOWN, by, cast, matter, opened, photo  # noqa: F401
from fengqiao.people import reference


@pytest.fixture(autouse=True)
def _nothing_remembered():
    reference.forget()
    yield
    reference.forget()
