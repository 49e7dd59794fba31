"""Tests that change posts and people must not leave this process remembering what was rolled back."""

from collections.abc import Iterator

import pytest

from fengqiao.people import reference


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    yield
    reference.forget()
