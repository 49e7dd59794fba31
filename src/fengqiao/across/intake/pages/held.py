"""The receipts a browser holds: so that the number is typed once, and a photo opens for whoever may see it."""

from django.http import HttpRequest

from fengqiao.access.doors import SESSION_GRANTEES, act_from
from fengqiao.across.intake import services
from fengqiao.base.act import Act
from fengqiao.base.clock import now
from fengqiao.cases import numbers

SESSION_RECEIPTS = "receipts"
SHOWN_SECONDS = 900
MOST = 20


def remember(request: HttpRequest, number: str, code: str, *, fresh: bool = False) -> None:
    """Keep a receipt for this session; a fresh one may be shown for a quarter of an hour."""
    held = dict(request.session.get(SESSION_RECEIPTS, {}))
    until = now().timestamp() + SHOWN_SECONDS if fresh else held.get(number, ["", 0])[1]
    held.pop(number, None)
    held[number] = [code, until]
    kept = dict(list(held.items())[-MOST:])
    request.session[SESSION_RECEIPTS] = kept
    request.session[SESSION_GRANTEES] = [numbers.receipt_grantee(one, secret) for one, (secret, _until) in kept.items()]


def code_of(request: HttpRequest, number: str) -> str:
    """Return the code of a receipt this browser holds."""
    return str(request.session.get(SESSION_RECEIPTS, {}).get(number, ["", 0])[0])


def shown(request: HttpRequest, number: str) -> str:
    """Return the code while it may still be shown."""
    code, until = request.session.get(SESSION_RECEIPTS, {}).get(number, ["", 0])
    return str(code) if until > now().timestamp() else ""


def act_of(request: HttpRequest, number: str, code: str = "") -> Act:
    """Return the act of whoever holds this receipt here, or of somebody who reported with an account."""
    held = code or code_of(request, number)
    return services.holding(act_from(request), number, held) if held else act_from(request)


def may_ask(request: HttpRequest, number: str) -> bool:
    """Tell whether it is worth looking: a receipt is held here, or somebody is signed in; what is shown is decided later."""
    return bool(code_of(request, number)) or request.user.is_authenticated
