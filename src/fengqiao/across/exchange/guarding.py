"""Which addresses a webhook may lead to: the open network by https, never back into the house or its neighbours.

The name is resolved here and the connection made to the very address that was looked at, so that a name which changes its
mind between the two leads nowhere else.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from fengqiao.base.errors import Invalid
from fengqiao.base.words import Words, _

NAT64 = ipaddress.ip_network("64:ff9b::/96")


class BadAddress(Invalid):
    """The address cannot be a webhook's."""

    message = _("This cannot be the address of a webhook.")


NOT_HTTPS = _("The address must begin with https://.")
NOT_AN_ADDRESS = _("This is not an address.")
NO_SUCH_HOST = _("There is no such host.")
INWARD = _("The address leads into a private network. Ask the operators to allow it if it must be so.")
WITH_PASSWORD = _("The address must not hold a name and password.")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message really goes: the address that was checked, and the name it is called by."""

    address: str
    host: str
    port: int
    secure: bool
    path: str

    @property
    def url(self) -> str:
        """The URL by number."""
        number = f"[{self.address}]" if ":" in self.address else self.address
        return f"{'https' if self.secure else 'http'}://{number}:{self.port}{self.path}"

    @property
    def named(self) -> str:
        """The host as the receiver knows itself."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.secure else 80) else f"{name}:{self.port}"


def refuse(why: Words) -> BadAddress:
    """Return the refusal with its reason beside the field."""
    return BadAddress(fields={"url": str(why)})


def check_shape(url: str) -> SplitResult:
    """Refuse what is no address at all; asks nobody."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        raise refuse(NOT_AN_ADDRESS) from None
    if not parts.hostname or parts.scheme not in ("http", "https") or not url.isascii() or not url.isprintable() or " " in url:
        raise refuse(NOT_AN_ADDRESS)
    if parts.scheme != "https" and not settings.FENGQIAO_WEBHOOKS_INWARD:
        raise refuse(NOT_HTTPS)
    if parts.username or parts.password:
        raise refuse(WITH_PASSWORD)
    return parts


def resolved(url: str) -> Target:
    """Look the name up and refuse it if any of its addresses leads inward."""
    parts = check_shape(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        found = [row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise refuse(NO_SUCH_HOST) from None
    if not settings.FENGQIAO_WEBHOOKS_INWARD and not all(_open(str(address)) for address in found):
        raise refuse(INWARD)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(str(found[0]), host, port, secure, path)


def _open(address: str) -> bool:
    number = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(number, ipaddress.IPv6Address):
        if number.ipv4_mapped is not None:
            number = number.ipv4_mapped
        elif number in NAT64 or number.sixtofour is not None or number.teredo is not None:
            return False  # another address is folded up in it
    return number.is_global and not number.is_multicast
