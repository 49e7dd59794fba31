"""Who calls is believed from trusted proxies only, and only as far as their own hops."""

import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as some

from fengqiao.audit.models import SignInLog
from fengqiao.site.proxies import NoNetwork, caller, networks, see_through
from fengqiao.testing_server import serving

OURS = networks("10.0.0.0/8, 127.0.0.1, 2001:db8:1::/48")


def called(peer: str, *hops: str, trusted=OURS) -> str:
    return caller(peer, [hop.encode() for hop in hops], trusted)


def test_a_header_from_somebody_we_do_not_trust_is_ignored():
    assert called("203.0.113.9", "198.51.100.1") == "203.0.113.9"
    assert called("127.0.0.1", "198.51.100.1", trusted=()) == "127.0.0.1"


def test_a_trusted_proxy_says_who_called_it():
    assert called("127.0.0.1", "203.0.113.9") == "203.0.113.9"
    assert called("2001:db8:1::5", "2001:db8:9::1") == "2001:db8:9::1"


def test_what_the_caller_wrote_before_the_proxys_own_hop_is_ignored():
    assert called("127.0.0.1", "198.51.100.1, 203.0.113.9") == "203.0.113.9"
    assert called("127.0.0.1", "10.0.0.7, 203.0.113.9") == "203.0.113.9"


def test_a_chain_of_two_proxies_leads_to_the_caller_before_the_first():
    assert called("127.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.7") == "203.0.113.9"
    # A proxy may also add a line of its own instead of a hop to the one that was there.
    assert called("127.0.0.1", "198.51.100.1, 203.0.113.9", "10.0.0.7") == "203.0.113.9"


def test_a_caller_inside_our_own_network_is_the_first_of_the_chain():
    assert called("127.0.0.1", "10.1.2.3, 10.0.0.7") == "10.1.2.3"


@pytest.mark.parametrize("broken", ["", " ", ",", "unknown", "<script>", "_hidden", "999.1.1.1", "203.0.113.9 203.0.113.8", "[::1", "\xff"])
def test_a_malformed_hop_ends_at_the_last_one_known(broken):
    assert caller("127.0.0.1", [broken.encode("latin-1")], OURS) == "127.0.0.1"
    assert caller("127.0.0.1", [f"203.0.113.9,{broken},10.0.0.7".encode("latin-1")], OURS) == "10.0.0.7"


@pytest.mark.parametrize(
    ("hop", "address"),
    [
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:80", "2001:db8::1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_addresses_are_read_in_every_way_they_are_written(hop, address):
    assert called("::ffff:127.0.0.1", hop) == address


@given(some.lists(some.binary(max_size=30), max_size=5))
def test_no_header_whatever_breaks_it_or_moves_somebody_we_do_not_trust(hops):
    assert caller("203.0.113.9", hops, OURS) == "203.0.113.9"
    caller("127.0.0.1", hops, OURS)


def test_caller_and_scheme_are_put_in_their_place_for_all_that_read_them():
    headers = [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https")]
    seen = {"client": ("127.0.0.1", 5000), "scheme": "http", "headers": headers}
    see_through(seen, OURS)
    assert (seen["client"], seen["scheme"]) == (("203.0.113.9", 0), "https")
    for peer in (("203.0.113.1", 5000), None):
        unseen = {"client": peer, "scheme": "http", "headers": headers}
        see_through(unseen, OURS)
        assert (unseen["client"], unseen["scheme"]) == (peer, "http")


def test_a_network_that_is_none_is_named():
    assert networks("") == ()
    with pytest.raises(NoNetwork, match=r"10\.0\.0\.1/8"):
        networks("127.0.0.1,10.0.0.1/8")


def try_a_password(site, forwarded):
    with httpx.Client(base_url=str(site), headers={"X-Forwarded-For": forwarded}) as visitor:
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', visitor.get("/sign-in/").text)[1]
        visitor.post("/sign-in/", data={"login": "dispatcher", "password": "wrong", "csrfmiddlewaretoken": token})
    return SignInLog.objects.filter(outcome=SignInLog.Outcome.REFUSED).latest("at").address


def test_the_log_of_who_came_in_names_the_caller_behind_a_trusted_proxy(real_db, monkeypatch):
    monkeypatch.setenv("FENGQIAO_TRUSTED_PROXIES", "127.0.0.1")
    with serving(real_db.app_url) as site:
        assert try_a_password(site, "198.51.100.1, 203.0.113.9") == "203.0.113.9"


def test_the_log_of_who_came_in_believes_no_header_otherwise(real_db):
    with serving(real_db.app_url) as site:
        assert try_a_password(site, "203.0.113.9") == "127.0.0.1"
