"""The personas printed at the demo's start, and the tours that show their days."""

from fengqiao.simulation.tours import TOURS
from fengqiao.site.accounts import ACCOUNTS


def test_every_account_printed_at_the_start_has_a_tour() -> None:
    assert list(TOURS) == [account for account, _ in ACCOUNTS]
