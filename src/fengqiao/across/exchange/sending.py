"""One try to deliver one message. Knows HTTP, no database."""

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import httpx

from fengqiao.across.exchange import guarding, signing
from fengqiao.across.exchange.terms import PATIENCE
from fengqiao.base.errors import FengqiaoError

MOST_READ = 2_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended."""

    accepted: bool
    answered: int | None = None
    fault: str = ""
    wished: timedelta | None = None

    @property
    def gone(self) -> bool:
        """The receiver says it will never be there again."""
        return self.answered == 410


def send(url: str, secrets: Iterable[str], message_id: str, body: bytes) -> Outcome:
    """Deliver a message once; nothing that goes wrong raises. Any answer of 2xx is an acceptance, redirects are not followed."""
    try:
        target = guarding.resolved(url)
        told = signing.headers(secrets, message_id, int(time.time()), body)
        told |= {"content-type": "application/json", "user-agent": "Fengqiao", "host": target.named}
        with httpx.Client(trust_env=False, timeout=PATIENCE, verify=ssl.create_default_context()) as client:
            extensions = {"sni_hostname": target.host} if target.secure else {}
            with client.stream("POST", target.url, content=body, headers=told, extensions=extensions) as answer:
                status, wished = answer.status_code, _wished(answer.headers.get("retry-after", ""))
                said = b"".join(part for part, _n in zip(answer.iter_raw(MOST_READ), range(1), strict=False)) if status >= 300 else b""
    except guarding.BadAddress as refused:
        return Outcome(False, fault="; ".join(refused.fields.values())[:200])
    except FengqiaoError as refused:
        return Outcome(False, fault=str(refused)[:200])
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return Outcome(False, fault=f"{type(error).__name__}: {error}"[:200])
    if 200 <= status < 300:
        return Outcome(True, status)
    text = said.decode("utf-8", "replace").replace("\0", "").strip()
    return Outcome(False, status, f"HTTP {status} {text}"[:200].strip(), wished)


def _wished(after: str) -> timedelta | None:
    return timedelta(seconds=min(int(after), 86_400)) if after.isascii() and after.isdigit() and len(after) < 9 else None
