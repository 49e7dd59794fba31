"""Chat groups and plain webhooks, by apprise: a group of an organisation, or of the whole district, hears what is urgent.

An address is one of apprise's (`dingtalk://`, `wecombot://`, `feishu://`, `jsons://` ...) and holds the key of the group, so it
stands in the settings of the machine and is never shown.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings

from fengqiao.kits.notices.addresses import Address
from fengqiao.kits.notices.channels import PATIENCE, Message, OutOfReach, Refused

PREFIX = "chat:"
EVERYBODY = "*"
ANSWERED = re.compile(r"error=(\d{3})\b")


@dataclass(frozen=True, slots=True)
class Chat:
    """One group."""

    name: str
    url: str
    a_day: int = 0

    def reaches(self, address: Address) -> bool:
        """A group is its own address."""
        return True

    def send(self, address: Address, message: Message, at: datetime) -> str:
        """Say it in the group. Apprise tells yes or no; the reason stands in what it logs."""
        apprise = _apprise()
        plugin = apprise.Apprise.instantiate(self.url, suppress_exceptions=True)
        if plugin is None:
            raise Refused("the address is none that apprise knows")
        plugin.socket_connect_timeout = plugin.socket_read_timeout = PATIENCE
        group = apprise.Apprise()
        group.add(plugin)
        body = f"{message.text}\n{message.url}".rstrip()
        with apprise.LogCapture(level=apprise.logging.WARNING, fmt="%(message)s") as log:
            done = bool(group.notify(title=message.title, body=body))
            why = " ".join(log.getvalue().split())
        if not done:
            raise _judged(why)
        return ""


def _judged(why: str) -> Exception:
    answered = ANSWERED.search(why)
    code = int(answered[1]) if answered else 0
    final = 400 <= code < 500 and code not in (408, 425, 429)
    return Refused(why[:200]) if final else OutOfReach(why[:200] or "no answer")


@cache
def _apprise() -> Any:
    # It knows 170 services and takes a second and 30 MB to learn them: only a worker that has something to say pays.
    return import_module("apprise")


def configured() -> tuple[Chat, ...]:
    """Return the groups that the district has set up."""
    return tuple(Chat(PREFIX + code, url) for code, url in settings.FENGQIAO_CHATS.items())


def unknown() -> list[str]:
    """Return the organisations whose address apprise does not know."""
    groups = settings.FENGQIAO_CHATS.items()
    return [code for code, url in groups if _apprise().Apprise.instantiate(url, suppress_exceptions=True) is None]
