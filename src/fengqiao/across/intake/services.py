"""What people do at the way in: hang up codes, report by any channel, follow somebody else's report."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import connection

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.intake import policies, routing
from fengqiao.across.intake.models import ReportCode
from fengqiao.across.intake.terms import CHANNEL_OF_POST, Spot
from fengqiao.base.act import Act, ActorKind, Channel
from fengqiao.base.errors import Gone, Invalid, NotFound
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.cases import ledger, numbers, registry
from fengqiao.cases import reference as categories
from fengqiao.cases import services as cases
from fengqiao.cases.claims import UnknownCase
from fengqiao.cases.models import ActKey, Case, Link
from fengqiao.cases.schemas import Report
from fengqiao.loop.alphabet import ENDINGS, Z
from fengqiao.people import queries as people

SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0/o, 1/l/i: somebody may type what is printed below the code
TOKEN_LENGTH = 10
AT_ONCE = 500

COUNT = """
INSERT INTO intake_code_use (code_id, day, scans, reports) VALUES (%s, %s, %s, %s)
ON CONFLICT (code_id, day) DO UPDATE
SET scans = intake_code_use.scans + excluded.scans, reports = intake_code_use.reports + excluded.reports
"""


class NoSuchCode(NotFound):
    """The token is not ours."""

    message = _("This code is not one of ours. You can report without a code: choose your community from the list.")


class RevokedCode(Gone):
    """The code was withdrawn."""

    message = _("This code is no longer valid. You can report without it: choose your community from the list.")


class NoLabels(Invalid):
    """A batch of codes needs names."""

    message = _("Give between 1 and {most} names, one for each code.")


class ContactNeeded(Invalid):
    """A dispute cannot be settled with somebody nobody can reach (E1.3, C10)."""

    message = _("A dispute is settled with both sides at one table, so we need your name and telephone. Only those who settle it see them.")


class NotToFollow(Invalid):
    """Only what anybody may know can be followed by anybody."""

    message = _("This report cannot be followed. Please send your own.")


# --- codes ----------------------------------------------------------------------------------------------------------


def make_codes(act: Act, area: str, spot: Spot, labels: Sequence[str], *, point: tuple[float, float] | None = None) -> list[ReportCode]:
    """Make a batch of codes for an area, one for each name."""
    names = [label.strip()[:80] for label in labels if label.strip()]
    if not 1 <= len(names) <= AT_ONCE:
        raise NoLabels(most=AT_ONCE, fields={"labels": str(NoLabels(most=AT_ONCE))})
    place = people.area(area)
    if place is None:
        raise cases.NoSuchPlace(fields={"area": str(cases.NoSuchPlace.message)})
    policies.check_codes(act.actor, area)
    lon, lat = point or (place.lon, place.lat)
    batch = new_id()
    codes = [
        ReportCode(
            token="".join(secrets.choice(SIGNS) for _sign in range(TOKEN_LENGTH)), spot=spot, area=area, label=name,
            address=f"{people.address(area)}{name}", lon=lon, lat=lat, batch=batch, made_by=act.actor.id, made_at=act.at,
        )
        for name in names
    ]  # fmt: skip
    return ReportCode.objects.bulk_create(codes)


def revoke_code(act: Act, token: str, *, why: str) -> ReportCode:
    """Withdraw a code; what was reported by it stays."""
    found = ReportCode.objects.filter(token=token).first()
    if found is None:
        raise NoSuchCode
    policies.check_codes(act.actor, found.area)
    if found.revoked_at is None:
        found.revoked_at, found.revoked_why = act.at, why[:200]
        found.save(update_fields=["revoked_at", "revoked_why"])
    return found


def code_named(token: str) -> ReportCode:
    """Return what a code stands for, unless it was withdrawn."""
    found = ReportCode.objects.filter(token=token.lower()).first()
    if found is None:
        raise NoSuchCode
    if found.revoked_at is not None:
        raise RevokedCode
    return found


def scanned(act: Act, token: str) -> ReportCode:
    """Return what a code stands for, and count that it was opened."""
    found = code_named(token)
    _count(act, found.token, scans=1)
    return found


def _count(act: Act, token: str, *, scans: int = 0, reports: int = 0) -> None:
    day = act.at.astimezone(people.zone()).date()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [token, day, scans, reports])


# --- reports --------------------------------------------------------------------------------------------------------


def report(act: Act, asked: Report, *, kind: str = "", area: str = "", code: str = "", level: str = "", about: UUID | None = None) -> Case:
    """Open a case of whatever kind this is, with a proposal of who should take it; ``about`` is the case whose data it concerns."""
    check_contact(act, asked)
    before = opened_before(act)
    if before is not None:
        # The same form again: whoever sent it holds its receipt, and sees that case and no other.
        act = holding(act, before, numbers.receipt_code(before))
        with acting(act):
            return _open(act, asked, kind, area, level, about)
    case = _open(act, asked, kind, area, level, about)
    if code:
        _count(act, code, reports=1)
    return case


def open_routed(act: Act, kind: str, asked: Report) -> Case:
    """Open a case for any door of the house (the registry asks us): routed like every report."""
    return report(as_channel(act, channel_of(act, act.channel)), asked, kind=kind)


def channel_of(act: Act, otherwise: str) -> str:
    """Return by which way a report came in: whoever files it at a desk says it by their post."""
    if otherwise not in (Channel.DESK, Channel.QR, Channel.SNAP):
        return otherwise
    return CHANNEL_OF_POST.get(act.actor.post, otherwise) if act.actor.org or act.actor.ranges else otherwise


def _open(act: Act, asked: Report, kind: str, area: str, level: str, about: UUID | None) -> Case:
    place = _area_of(asked, area)
    suggestion = routing.route(asked.category, place, act.at, f"{asked.title} {asked.text}")
    wanted = kind or routing.kind_for(asked.category)
    return cases.open_case(
        act,
        wanted if wanted in registry.kinds() else "incident",
        _raised(asked, suggestion),
        area=area,
        level=level or suggestion.level,
        suggestion=suggestion.facts(),
        links=((about, str(Link.Relation.CONCERNS), False),) if about else (),
    )


def opened_before(act: Act) -> str | None:
    """Return the number of the case that the same form of somebody without an account opened before."""
    if act.actor.kind != ActorKind.ANONYMOUS:
        return None
    known = ActKey.objects.filter(scope=f"{act.actor.kind}:{act.actor.id}"[:80], key=act.key or str(act.id)).first()
    if known is None:
        return None
    with acting(machine_act("intake", act.at)):
        return Case.objects.values_list("number", flat=True).get(id=known.case_id)


def holding(act: Act, number: str, code: str) -> Act:
    """Return the act of somebody who holds a receipt."""
    return replace(act, actor=replace(act.actor, grantees=(*act.actor.grantees, numbers.receipt_grantee(number, code))))


def check_contact(act: Act, asked: Report) -> None:
    """Refuse a dispute without a name and a telephone; officers report what they see, and may have neither."""
    if act.actor.org or act.actor.kind == ActorKind.MACHINE:
        return
    category = categories.categories().get(asked.category)
    if category is None or not policies.needs_contact(category):
        return
    missing = {field: str(ContactNeeded.message) for field in ("name", "phone") if not getattr(asked, field)}
    if missing:
        raise ContactNeeded(fields=missing)


def _area_of(asked: Report, area: str) -> str:
    found = people.locate(asked.place.lon, asked.place.lat) if asked.place else None
    return found.code if found else asked.area or area


def _raised(asked: Report, suggestion: routing.Suggestion) -> Report:
    """Take over a proposed category when it means danger to the public: upwards at once, everything else at triage."""
    known = categories.categories()
    proposed, given = known.get(suggestion.category), known.get(asked.category)
    if proposed and proposed.public_danger and not (given and given.public_danger):
        return asked.together(type(asked), category=proposed.code)
    return asked


# --- following somebody else's report ----------------------------------------------------------------------------------


def follow(act: Act, case_id: UUID) -> tuple[Case, str]:
    """Follow a report that was there already instead of sending another; returns the case and the follower's own code."""
    case = Case.objects.filter(id=case_id).first()
    if case is None or case.state in (*ENDINGS, Z):
        raise UnknownCase
    if case.confidentiality > 1:
        raise NotToFollow
    code = follower_code(act, case)
    grantee = numbers.receipt_grantee(case.number, code)
    ledger.write(ledger.Batch(grants=[{"case_id": case.id, "grantee": grantee, "why": "follower"}]))
    return case, code


def follower_code(act: Act, case: Case) -> str:
    """Return the code under which this follower finds the case: the same for the same form, and nobody else's."""
    return numbers.receipt_code(f"{case.number}:{act.id}")


def as_channel(act: Act, channel: str, purpose: str = "") -> Act:
    """Return the act as it came in by another channel."""
    return replace(act, channel=channel, purpose=purpose or act.purpose)
