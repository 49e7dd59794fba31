"""Writing down. Each is one insert, in the transaction of what it witnesses."""

from datetime import datetime, timedelta
from uuid import UUID

from fengqiao.audit.models import AccessLog, BreakGlass, Deed, SignInLog
from fengqiao.base.act import Act
from fengqiao.base.errors import Invalid
from fengqiao.base.ids import new_id
from fengqiao.base.words import _

LOGGED_FROM = 2
PURPOSE_FROM = 3
GLASS_MINUTES = 30
REASON_LENGTH = 10


class NoPurpose(Invalid):
    """C3 and above is read for a purpose or not at all."""

    message = _("This case is confidential. Say what you need to read it for, then open it again.")


class NoReason(Invalid):
    """A sealed case is opened for a reason or not at all."""

    message = _("Say in a sentence why this sealed case must be opened now (at least {length} characters).")


def note_reading(act: Act, case_id: UUID | str, confidentiality: int, what: str = "case") -> AccessLog | None:
    """Note that a case of C2 or above was read; C3 and above needs a purpose."""
    if confidentiality < LOGGED_FROM:
        return None
    purpose = act.purpose.strip()
    if confidentiality >= PURPOSE_FROM and not purpose:
        raise NoPurpose
    actor = act.actor
    return AccessLog.objects.create(
        id=new_id(),
        at=act.at,
        actor_kind=actor.kind,
        actor=actor.id,
        post=actor.post,
        org=actor.org,
        case_id=case_id,
        confidentiality=confidentiality,
        purpose=purpose[:200],
        what=what,
    )


def note_sign_in(
    outcome: SignInLog.Outcome, at: datetime, *, person: str = "", username: str = "", address: str | None = None, detail: str = ""
) -> None:
    """Note that somebody came in, went out or was turned away."""
    SignInLog.objects.create(
        id=new_id(), at=at, outcome=outcome, person=person, username=username.replace("\0", "")[:150], address=address, detail=detail[:200]
    )


def note_glass(act: Act, case_id: UUID | str, *, reason: str, compartment: str = "") -> BreakGlass:
    """Note that a sealed case was opened without a seat; it closes by itself after half an hour."""
    reason = reason.strip()
    if len(reason) < REASON_LENGTH:
        raise NoReason(length=REASON_LENGTH)
    return BreakGlass.objects.create(
        id=new_id(),
        at=act.at,
        until=act.at + timedelta(minutes=GLASS_MINUTES),
        person=act.actor.person,
        post=act.actor.post,
        org=act.actor.org,
        case_id=case_id,
        compartment=compartment,
        reason=reason[:500],
    )


def note_deed(act: Act, what: str, about: str = "", **said: object) -> Deed:
    """Note an act of administration."""
    return Deed.objects.create(id=new_id(), at=act.at, actor=act.actor.id, post=act.actor.post, what=what, about=about[:120], said=said)
