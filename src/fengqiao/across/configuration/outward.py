"""How the house's ways to the outside are: each way for messages, and the certificate under which the house is reached."""

import ssl
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from socket import create_connection
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings
from django.db.models import Count, Max, Q
from django.utils.translation import gettext, ngettext

from fengqiao.base.words import Words, _
from fengqiao.kits.notices import chats, gateways
from fengqiao.kits.notices.models import Delivery

PATIENCE = 2.0
REMEMBERED = timedelta(minutes=10)
SOON, VERY_SOON = timedelta(days=21), timedelta(days=7)
WEEK = timedelta(days=7)
Status = Delivery.Status
WAYS: dict[str, Words] = {
    "sms": _("Text message"), "dingtalk": _("DingTalk"), "wecom": _("WeCom"), "zzd": _("Zhejiang work chat"), "email": _("E-mail"),
}  # fmt: skip


def way(name: str) -> str:
    """Return a way out in words."""
    if name.startswith(chats.PREFIX):
        code = name.removeprefix(chats.PREFIX)
        return gettext("Group of %(code)s") % {"code": gettext("all") if code == chats.EVERYBODY else code}
    return gettext(WAYS[name]) if name in WAYS else name


def ways(at: datetime) -> list[dict[str, Any]]:
    """Return every way out that is set up, with when it was last taken and what it said last."""
    rows = Delivery.objects.filter(made_at__gte=at - WEEK).order_by().values("channel").annotate(
        sent=Count("id", filter=Q(status=Status.SENT)), last=Max("sent_at"), dead=Count("id", filter=Q(status=Status.DEAD)),
        late=Count("id", filter=Q(status=Status.WAITING, tries__gt=0)),
    )  # fmt: skip
    found = {row["channel"]: dict(row) for row in rows}
    names = [channel.name for channel in (*gateways.configured(), *chats.configured())]
    return [{"name": name, **found.get(name, {"sent": 0, "last": None, "dead": 0, "late": 0}), "why": _why(name, at)} for name in names]


def _why(name: str, at: datetime) -> str:
    """Return what a way said last when it did not take a message."""
    stuck = Delivery.objects.filter(channel=name, status__in=(Status.WAITING, Status.DEAD), made_at__gte=at - WEEK).exclude(trouble="")
    return str(stuck.order_by("-made_at").values_list("trouble", flat=True).first() or "")


def way_said(row: Mapping[str, Any]) -> str:
    """Say how a way does."""
    parts = [ngettext("%(count)s sent within seven days", "%(count)s sent within seven days", row["sent"]) % {"count": row["sent"]}]
    if row["late"]:
        parts.append(ngettext("%(count)s tried in vain so far", "%(count)s tried in vain so far", row["late"]) % {"count": row["late"]})
    if row["dead"]:
        parts.append(ngettext("%(count)s given up", "%(count)s given up", row["dead"]) % {"count": row["dead"]})
    return "; ".join((*parts, row["why"])) if row["why"] else "; ".join(parts)


def certificate(at: datetime) -> tuple[datetime | None, str]:
    """Return until when the certificate is good under which the house is reached, or why that is not known."""
    parts = urlsplit(settings.FENGQIAO_ADDRESS)
    if parts.scheme != "https" or not parts.hostname:
        return None, gettext("FENGQIAO_ADDRESS names no https address, so there is nothing to ask.")
    slot = int(at.timestamp() // REMEMBERED.total_seconds())
    until, fault, why = _asked(parts.hostname, parts.port or 443, slot)
    if until is None:
        return None, gettext("%(host)s does not answer from here: %(why)s") % {"host": parts.hostname, "why": fault}
    return until, gettext("It is not trusted: %(why)s") % {"why": why} if why else ""


@lru_cache(maxsize=8)
def _asked(host: str, port: int, _slot: int) -> tuple[datetime | None, str, str]:
    """Ask once in ten minutes. Whether the chain is trusted is judged apart: one that ran out must still say when."""
    why = ""
    try:
        try:
            told = _hello(host, port, ssl.create_default_context())
        except ssl.SSLCertVerificationError as error:
            why = error.verify_message
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            told = _hello(host, port, context)
        return x509.load_der_x509_certificate(told).not_valid_after_utc, "", why
    except (OSError, ValueError) as error:
        return None, type(error).__name__, ""


def _hello(host: str, port: int, context: ssl.SSLContext) -> bytes:
    with create_connection((host, port), timeout=PATIENCE) as plain, context.wrap_socket(plain, server_hostname=host) as told:
        return told.getpeercert(binary_form=True) or b""
