"""Who is calling when a proxy stands in front: X-Forwarded-For counts only as far as it comes from proxies we trust.

Each proxy appends whom it heard; so the list is read from its end, and the first hop that is no proxy of ours is the caller.
Whatever stands before it, anybody may have written.
"""

from collections.abc import Iterable, MutableMapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class NoNetwork(ValueError):
    """A network that cannot be read."""


def networks(text: str) -> tuple[Network, ...]:
    """Read addresses and networks separated by commas; raises `NoNetwork` for what is neither."""
    found = []
    for piece in filter(None, map(str.strip, text.split(","))):
        try:
            found.append(ip_network(piece))
        except ValueError as error:
            raise NoNetwork(f"FENGQIAO_TRUSTED_PROXIES: “{piece}” is no address and no network ({error}).") from None
    return tuple(found)


def caller(peer: str, hops: Iterable[bytes], trusted: tuple[Network, ...]) -> str:
    """Return the address of whoever calls; `hops` are the values of X-Forwarded-For in the order they came.

    A hop that is no address ends the walk: whoever wrote it is the last one known.
    """
    known = _address(peer)
    if known is None or not _among(known, trusted):
        return peer
    for hop in reversed(b",".join(hops).decode("latin-1").split(",")):
        said = _address(_without_port(hop.strip()))
        if said is None:
            break
        known = said
        if not _among(known, trusted):
            break
    return str(known)


def see_through(scope: MutableMapping[str, Any], trusted: tuple[Network, ...]) -> None:
    """Put the caller and the caller's scheme in the place of a trusted proxy's; without one nothing is believed."""
    peer = (scope.get("client") or ("", 0))[0]
    known = _address(peer)
    if known is None or not _among(known, trusted):
        return
    headers = scope["headers"]
    scope["client"] = (caller(peer, [value for name, value in headers if name == b"x-forwarded-for"], trusted), 0)
    said = [value for name, value in headers if name == b"x-forwarded-proto"]
    if said and said[-1].strip() in (b"http", b"https"):
        scope["scheme"] = said[-1].strip().decode("ascii")


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _among(address: Address, trusted: tuple[Network, ...]) -> bool:
    return any(address in network for network in trusted)


def _without_port(hop: str) -> str:
    """Return the address of a hop: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` and `[2001:db8::1]:80` are all in use."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0] if "]" in hop else hop
    return hop.partition(":")[0] if hop.count(":") == 1 else hop
