"""The cast for tests of the map."""

from fengqiao.cases.tests.conftest import MATTER, MORNING, TOWN, by, cast, matter, opened, photo  # noqa: F401
