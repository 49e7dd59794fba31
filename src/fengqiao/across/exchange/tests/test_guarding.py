"""A webhook leads out of the house, never back into it."""

import socket

import pytest

from fengqiao.across.exchange import guarding


@pytest.fixture(autouse=True)
def earnest(settings):
    settings.FENGQIAO_WEBHOOKS_INWARD = False


def leads_to(monkeypatch, *addresses: str) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: rows)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
        "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::",
    ],
)  # fmt: skip
def test_no_name_leads_inward(monkeypatch, address):
    leads_to(monkeypatch, address)
    with pytest.raises(guarding.BadAddress) as refused:
        guarding.resolved("https://innocent.example/hook")
    assert refused.value.fields == {"url": str(guarding.INWARD)}


def test_one_inward_address_among_several_is_enough(monkeypatch):
    leads_to(monkeypatch, "93.184.216.34", "127.0.0.1")
    with pytest.raises(guarding.BadAddress):
        guarding.resolved("https://two-faced.example/hook")


def test_the_message_goes_to_the_very_address_that_was_looked_at(monkeypatch):
    leads_to(monkeypatch, "93.184.216.34")
    target = guarding.resolved("https://receiver.example:8443/hook?x=1")
    assert (target.url, target.named, target.host) == ("https://93.184.216.34:8443/hook?x=1", "receiver.example:8443", "receiver.example")


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/", "ftp://receiver.example/", "https://", "https://user:word@receiver.example/", "javascript:alert(1)",
        "https://receiver.example:99999/", "https://receiver example/", "https://[::1/", "//receiver.example", "https://例子.example/",
    ],
)  # fmt: skip
def test_what_is_no_plain_https_address_is_refused(monkeypatch, url):
    leads_to(monkeypatch, "93.184.216.34")
    with pytest.raises(guarding.BadAddress):
        guarding.resolved(url)


def test_a_name_that_nobody_knows_is_refused(monkeypatch):
    def unknown(*given, **more):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(guarding.BadAddress) as refused:
        guarding.resolved("https://nobody.example/")
    assert refused.value.fields == {"url": str(guarding.NO_SUCH_HOST)}
