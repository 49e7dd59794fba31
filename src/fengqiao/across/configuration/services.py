"""Changing settings: propose, confirm by a second person, withdraw, take back, and come into force on the day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from fengqiao.access import catalogue
from fengqiao.access.doors import machine_act
from fengqiao.access.services import NoSuchPost
from fengqiao.across.configuration import policies, subjects
from fengqiao.across.configuration.models import Change
from fengqiao.across.configuration.subjects import Facts, Subject
from fengqiao.audit.models import Deed
from fengqiao.audit.services import note_deed
from fengqiao.base.act import Act
from fengqiao.base.errors import Conflict, FengqiaoError, Invalid, NotAllowed, NotFound
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.people import accounts, staffing
from fengqiao.people import queries as people
from fengqiao.people import services as people_services
from fengqiao.people.models import Appointment

State = Change.State
PUPPETS = ("person_added", "person_appointed", "password_given", "second_factor_reset")
PUPPET_DAYS = 30


class TooEarly(Invalid):
    """What was, was."""

    message = _("A change counts from today at the earliest: what happened is explained by the settings of its day.")


class NothingChanges(Invalid):
    """What is proposed is what holds."""

    message = _("This is what counts already. Nothing would change.")


class PlannedAlready(Conflict):
    """Two plans for one thing and one day."""

    message = _("A change of this is planned for that day already. Withdraw it first, or choose another day.")


class NoSuchChange(NotFound):
    """The id names no change."""

    message = _("There is no such change.")


class NotWaiting(Conflict):
    """Somebody was faster."""

    message = _("This change does not wait any more: {state}.")


class SamePerson(NotAllowed):
    """Two eyes are not four."""

    message = _("Whoever proposed this cannot confirm it. Ask a second person who may change settings.")


class MadeByProposer(NotAllowed):
    """The second person is a puppet of the first, or may be."""

    message = _("Whoever proposed this has made, appointed or reset your account within {days} days. Somebody else must confirm it.")


class ChangedSince(Conflict):
    """Taking back would undo more than this change."""

    message = _("This was changed again since. Take back the later change first, or set it anew.")


class NothingToStandInFor(Conflict):
    """There is no post to take over."""

    message = _("There is no post in these days that this person does not hold already.")


class CannotTakeBack(Conflict):
    """There was nothing before."""

    message = _("Before this there was nothing to go back to. Change it instead; what is retired can be taken into use again.")


@transaction.atomic
def propose(
    act: Act, subject: Subject, about: str, after: Facts, *, since: date, reason: str = "", reverts: Change | None = None
) -> Change:
    """Propose a change: it counts from its day, or waits for a second person."""
    policies.check(act)
    day = today(act)
    since = since if subject.effective else day
    if since < day:
        raise TooEarly(fields={"since": TooEarly().say(gettext)})
    facts = subject.checked(about, after, day)
    before = subject.now(about, day)
    if facts == before and not _planned(subject, about).filter(since__lte=since).exists():
        raise NothingChanges
    if _planned(subject, about).filter(since=since).exists():
        raise PlannedAlready(fields={"since": PlannedAlready().say(gettext)})
    second = subject.needs_second(about, before, facts)
    change = Change.objects.create(
        id=new_id(), subject=subject.key, about=about, before=before, after=facts, since=since, reason=reason[:300],
        state=State.WAITING if second else State.PLANNED, made_at=act.at, made_by=act.actor.id, made_post=act.actor.post, reverts=reverts,
    )  # fmt: skip
    note_deed(act, "setting_proposed" if second else "setting_changed", f"{subject.key}/{about}"[:120], change=str(change.id), after=facts)
    if not second:
        _settle(act, change)
    return change


@transaction.atomic
def confirm(act: Act, id: UUID) -> Change:
    """Confirm a change as the second person; it counts from its day, or from today if that has passed."""
    policies.check(act)
    change = _held(id, State.WAITING)
    if change.made_by == act.actor.id:
        raise SamePerson
    # Four eyes are two persons: whoever can sign in as the other, because they made or reset their account, is one.
    deeds = Deed.objects.filter(
        actor=change.made_by, about=act.actor.person, what__in=PUPPETS, at__gte=act.at - timedelta(days=PUPPET_DAYS)
    )
    if deeds.exists():
        raise MadeByProposer(days=PUPPET_DAYS)
    subject = subjects.of(change.subject)
    if subject.now(change.about, today(act)) != change.before:
        raise ChangedSince
    change.state, change.answered_at, change.answered_by = State.PLANNED, act.at, act.actor.id
    change.since = max(change.since, today(act))
    change.save(update_fields=["state", "answered_at", "answered_by", "since"])
    note_deed(act, "setting_confirmed", f"{change.subject}/{change.about}"[:120], change=str(change.id))
    _settle(act, change)
    return change


@transaction.atomic
def withdraw(act: Act, id: UUID) -> Change:
    """Withdraw what does not count yet."""
    policies.check(act)
    change = _held(id, State.WAITING, State.PLANNED)
    subject = subjects.of(change.subject)
    if change.state == State.PLANNED and subject.dated:
        subject.unwrite(change.about, change.since)
    change.state, change.answered_at, change.answered_by = State.WITHDRAWN, act.at, act.actor.id
    change.save(update_fields=["state", "answered_at", "answered_by"])
    note_deed(act, "setting_withdrawn", f"{change.subject}/{change.about}"[:120], change=str(change.id))
    return change


@transaction.atomic
def take_back(act: Act, id: UUID, reason: str = "") -> Change:
    """Let count again, from today, what counted before a change; as a change of its own."""
    policies.check(act)
    change = _held(id, State.IN_FORCE)
    subject = subjects.of(change.subject)
    if change.before is None:
        raise CannotTakeBack
    if subject.now(change.about, today(act)) != change.after:
        raise ChangedSince
    return propose(act, subject, change.about, dict(change.before), since=today(act), reason=reason, reverts=change)


@transaction.atomic
def take_over(act: Act, wanted: Mapping[str, Mapping[str, Facts]], *, since: date, reason: str) -> list[Change]:
    """Propose many changes at once, all or none: what a file holds and this house does not."""
    policies.check(act)
    made = []
    for key, rows in wanted.items():
        made += [propose(act, subjects.of(key), about, facts, since=since, reason=reason) for about, facts in rows.items()]
    return made


def take_effect(at: datetime) -> int:
    """Bring into force whatever is planned for a day that has come; a change that cannot is marked, and the others go on."""
    act = machine_act("settings", at)
    # The permission was its maker's, who is on the record; the house only waits for the day.
    act = replace(act, actor=replace(act.actor, permissions=act.actor.permissions | {policies.SETTINGS, policies.PEOPLE}))
    done = 0
    for id in Change.objects.filter(state=State.PLANNED, since__lte=today(act)).order_by("since", "made_at").values_list("id", flat=True):
        with transaction.atomic():
            change = Change.objects.select_for_update(skip_locked=True).filter(pk=id, state=State.PLANNED).first()
            if change is not None:
                _come(act, change)
                done += 1
    return done


def _come(act: Act, change: Change) -> None:
    try:
        with transaction.atomic():
            _settle(act, change)
    except (FengqiaoError, DatabaseError) as error:
        change.state, change.trouble = State.FAILED, str(error)[:300]
        change.save(update_fields=["state", "trouble"])
        note_deed(act, "setting_failed", f"{change.subject}/{change.about}"[:120], change=str(change.id), why=change.trouble)


def _settle(act: Act, change: Change) -> None:
    """Write what counts from today; what has a day of its own in its rows is written ahead."""
    subject, begun = subjects.of(change.subject), change.since <= today(act)
    if begun and not subject.dated:
        # Asked again on the day: between plan and day the ground may have moved.
        subject.write(act, change.about, subject.checked(change.about, change.after, change.since), change.since)
    elif subject.dated and change.applied_at is None:
        subject.write(act, change.about, change.after, change.since)
    change.applied_at = act.at if begun or subject.dated else None
    change.state = State.IN_FORCE if begun else State.PLANNED
    change.save(update_fields=["state", "applied_at"])


def _planned(subject: Subject, about: str) -> QuerySet[Change]:
    return Change.objects.filter(subject=subject.key, about=about, state__in=(State.WAITING, State.PLANNED))


def _held(id: UUID, *states: str) -> Change:
    change = Change.objects.select_for_update().filter(pk=id).first()
    if change is None:
        raise NoSuchChange
    if change.state not in states:
        raise NotWaiting(state=gettext(State(change.state).label))
    return change


def today(act: Act) -> date:
    """Return the day of an act in the district's zone."""
    return act.at.astimezone(people.zone()).date()


@transaction.atomic
def appoint(act: Act, person: UUID, post: people_services.Post) -> None:
    """Give somebody else a post; the deed is on the record."""
    policies.check(act, people=True)
    if act.actor.person == str(person):
        raise accounts.NotOneself
    _known(post)
    people_services.appoint(act, person, post)
    note_deed(act, "person_appointed", str(person), post=post.post, organisation=str(post.organisation), area=post.area)


def _known(post: people_services.Post) -> None:
    if post.post not in catalogue.posts():
        raise NoSuchPost(post=post.post)


@transaction.atomic
def end_appointment(act: Act, person: UUID, appointment: UUID, until: date) -> None:
    """Let a post of somebody else end on a day."""
    policies.check(act, people=True)
    if act.actor.person == str(person):
        raise accounts.NotOneself
    people_services.end_appointment(act, appointment, until)
    note_deed(act, "appointment_ended", str(person), appointment=str(appointment), until=until.isoformat())


@transaction.atomic
def take_in(act: Act, found: staffing.Staffing, *, passwords: bool) -> list[tuple[staffing.Someone, str]]:
    """Write the persons of a file, all or none, each deed on the record; returns them with a first password where one was made."""
    policies.check(act, people=True)
    written = staffing.write(act, found)
    for id, one in written:
        for post in one.posts:
            _known(post)
            note_deed(act, "person_appointed", str(id), post=post.post, organisation=str(post.organisation), area=post.area)
    return [(one, accounts.give_password(act, id) if passwords and one.known is None else "") for id, one in written]


@transaction.atomic
def stand_in(act: Act, absent: UUID, substitute: UUID, since: date, until: date) -> list[people_services.Post]:
    """Let somebody hold, for some days, every post that somebody else holds then; returns the posts."""
    policies.check(act, people=True)
    if substitute == absent:
        raise people_services.OneselfAsSubstitute
    if act.actor.person == str(substitute):
        raise accounts.NotOneself
    if until <= since:
        raise people_services.NotInThisOrder
    held = Appointment.objects.filter(person_id=absent, since__lt=until).exclude(until__lte=since).order_by("order", "since")
    mine = set(
        Appointment.objects.filter(person_id=substitute, since__lt=until).exclude(until__lte=since)
        .values_list("post", "organisation_id", "area_id")
    )  # fmt: skip
    made = []
    for one in held:
        if (one.post, one.organisation_id, one.area_id) in mine:
            continue
        first, last = max(since, one.since), min(until, one.until or until)
        post = people_services.Post(one.post, one.organisation_id, one.area_id, first, last, temporary=True)
        people_services.appoint(act, substitute, post)
        note_deed(act, "person_appointed", str(substitute), post=post.post, organisation=str(post.organisation), area=post.area,
                  instead_of=str(absent))  # fmt: skip
        made.append(post)
    if not made:
        raise NothingToStandInFor
    return made
