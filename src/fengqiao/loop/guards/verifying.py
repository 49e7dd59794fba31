"""Guards of verification: other hands, on site, in time."""

from datetime import timedelta

from fengqiao.base.errors import Conflict, FengqiaoError, Invalid, NotAllowed
from fengqiao.base.words import _
from fengqiao.loop.alphabet import EVERY_MOVE
from fengqiao.loop.definition import ORGANISATION, PERSON
from fengqiao.loop.guards.table import EVIDENCE, NEEDED, as_moment, guard
from fengqiao.loop.standing import Attempt

NEAR_METRES = 50
BLURRED_METRES = 100  # a phone that knows no better where it is proves nothing
FRESH = timedelta(hours=24)
IN_WORDS = ("statement", "recheck", "review")  # how a result is checked without going there


class SameHands(NotAllowed):
    message = _("Whoever did “{other}” may not do “{move}”.")


class SameOrganisation(NotAllowed):
    message = _("An organisation that handled the case may not do “{move}”; somebody from another one must.")


def apart(a: Attempt) -> FengqiaoError | None:
    """Refuse hands that must stay apart from an earlier move's. Not in the table: it guards every move that says so."""
    for other, how in a.move.apart:
        doers = a.standing.doers.get(other, ())
        if a.by.person and any(a.by.person == doer.person for doer in doers):
            return SameHands(other=EVERY_MOVE[other].title, move=a.move.title)
        if how == PERSON:
            continue
        orgs = {doer.org for doer in doers}
        if other == "feed_back" and doers:
            orgs |= a.standing.handlers
        if a.by.org in orgs - {""} or (how == ORGANISATION and not a.by.org):
            return SameOrganisation(move=a.move.title)
    return None


class VerifierComplainedOf(NotAllowed):
    message = _("The organisation complained of does not verify the result.")


class NotChecked(Invalid):
    message = _("Say how it was checked: a photo from the site, what the reporter says, or a reading of the device.")


class PlaceMissing(Invalid):
    message = _("Say where you stand, or why it can be checked from here: a photo alone does not show the place.")


class TooFar(Invalid):
    message = _("You are {metres} m away from the place. Go nearer, or say why it can be checked from here.")


class TooOld(Invalid):
    message = _("The photo is older than 24 hours; take a new one.")


@guard()
def verifier_not_complained_of(a: Attempt) -> FengqiaoError | None:
    return VerifierComplainedOf() if a.by.org in a.standing.complained_of else None


@guard(form=True)
def checked_somehow(a: Attempt) -> FengqiaoError | None:
    how = any(a.given(name) for name in (*EVIDENCE, *IN_WORDS))
    return None if how or a.by.machine else NotChecked(fields={"files": NEEDED})


@guard(form=True)
def place_told(a: Attempt) -> FengqiaoError | None:
    """Refuse a photo that may be from anywhere, where it is known which place it should show."""
    told = any(a.given(name) for name in ("place", "override_reason", "documents", *IN_WORDS))
    return None if told or a.by.machine or not a.asked.get("has_point") else PlaceMissing(fields={"place": NEEDED})


@guard(form=True)
def near_enough(a: Attempt) -> FengqiaoError | None:
    metres, accuracy = a.asked.get("distance_m"), a.asked.get("accuracy_m") or 0
    if not isinstance(metres, int | float) or not isinstance(accuracy, int | float):
        return None
    if metres - min(accuracy, BLURRED_METRES) <= NEAR_METRES or a.given("override_reason"):
        return None
    return TooFar(metres=round(metres), fields={"override_reason": NEEDED})


@guard(form=True)
def fresh_enough(a: Attempt) -> FengqiaoError | None:
    taken = as_moment(a.asked.get("taken_at"), a)
    old = taken is not None and a.at - taken > FRESH
    return TooOld(fields={"files": TooOld.message}) if old else None


class MachineOnly(NotAllowed):
    message = _("“{move}” is made by the machine alone.")


class NotNormal(Conflict):
    message = _("{needed} normal samples are needed, {seen} were seen; a person has to look.")


class ChosenForSample(Conflict):
    message = _("This one was chosen for the sample that people check.")


@guard()
def by_machine(a: Attempt) -> FengqiaoError | None:
    return None if a.by.machine else MachineOnly(move=a.move.title)


@guard(form=True)
def samples_normal(a: Attempt) -> FengqiaoError | None:
    seen, needed = a.asked.get("normal_samples"), a.loop.recheck_samples
    enough = isinstance(seen, int) and needed and seen >= needed
    return None if enough else NotNormal(needed=needed, seen=seen or 0)


@guard(form=True)
def not_sampled(a: Attempt) -> FengqiaoError | None:
    return ChosenForSample() if a.asked.get("sampled") else None
