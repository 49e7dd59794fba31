"""Guards of closing, rating, reopening, climbing, leaving and archiving."""

from fengqiao.base.errors import Conflict, FengqiaoError, Invalid, NotAllowed
from fengqiao.base.words import _
from fengqiao.loop.alphabet import C, O, X
from fengqiao.loop.guards.table import NEEDED, as_moment, guard, is_reporter, reason_given, window_over
from fengqiao.loop.standing import Attempt
from fengqiao.loop.terms import C4, S0, level_above

LOW_RATING = 2
NOT_KNOWN = "unknown"  # an outcome that is still open


class ChildrenOpen(Conflict):
    message = _("{open} cases that this one depends on are still open; close them first.")


class StarsMissing(Invalid):
    message = _("Give one to five stars.")


class RatedAlready(NotAllowed):
    message = _("This result was rated already.")


class RatingOver(NotAllowed):
    message = _("A result is rated within {days} days of closing; this time is over.")


@guard()
def children_closed(a: Attempt) -> FengqiaoError | None:
    left = a.standing.required_children_open
    return ChildrenOpen(open=left) if left else None


@guard(form=True)
def stars_given(a: Attempt) -> FengqiaoError | None:
    stars = a.asked.get("rating")
    given = isinstance(stars, int) and not isinstance(stars, bool) and 1 <= stars <= 5
    return None if given else StarsMissing(fields={"rating": NEEDED})


@guard()
def not_rated_yet(a: Attempt) -> FengqiaoError | None:
    return None if a.standing.rating is None else RatedAlready()


@guard()
def rating_open(a: Attempt) -> FengqiaoError | None:
    return RatingOver(days=a.loop.rating_days) if window_over(a, a.loop.rating_days) else None


class ReopenedAlready(NotAllowed):
    message = _("On your own word a case is handled again once. If it still is not right, you can appeal.")


class SatisfiedReporter(NotAllowed):
    message = _("A case is handled again after a rating of one or two stars, or when the same thing comes back.")


class ReopenOver(NotAllowed):
    message = _("A case can be handled again within {days} days of closing. Please report it anew; the two are linked.")


@guard()
def reopen_left(a: Attempt) -> FengqiaoError | None:
    again = any(doer.person == a.by.person for doer in a.standing.doers.get("reopen", ()))
    return ReopenedAlready() if is_reporter(a) and again else None


@guard(form=True)
def reopen_cause(a: Attempt) -> FengqiaoError | None:
    rating = a.standing.rating
    cause = (rating is not None and rating <= LOW_RATING) or a.given("recurrence")
    if not is_reporter(a):
        return reason_given(a)
    return None if cause else SatisfiedReporter()


@guard()
def reopen_open(a: Attempt) -> FengqiaoError | None:
    return ReopenOver(days=a.loop.reopen_days) if is_reporter(a) and window_over(a, a.loop.reopen_days) else None


class AppealOver(NotAllowed):
    message = _("An appeal is possible within {days} days; this time is over.")


class AppealWaits(Conflict):
    message = _("Your appeal was received and waits for its answer.")


@guard()
def no_appeal_waits(a: Attempt) -> FengqiaoError | None:
    return AppealWaits() if "appeal" in a.standing.pending else None


@guard()
def appeal_open(a: Attempt) -> FengqiaoError | None:
    return AppealOver(days=a.loop.appeal_days) if window_over(a, a.loop.appeal_days) else None


class TopLevel(NotAllowed):
    message = _("The case is at the highest level already.")


@guard()
def level_left(a: Attempt) -> FengqiaoError | None:
    return None if level_above(a.standing.level) else TopLevel()


class BodyMissing(Invalid):
    message = _("Name the outside body that takes the case.")


class FollowUpMissing(Invalid):
    message = _("Say on which day, from tomorrow on, somebody asks what became of it.")


@guard(form=True)
def body_named(a: Attempt) -> FengqiaoError | None:
    return None if a.given("body") else BodyMissing(fields={"body": NEEDED})


@guard(form=True)
def follow_up_date(a: Attempt) -> FengqiaoError | None:
    moment = as_moment(a.asked.get("follow_up_on"), a)
    ahead = moment is not None and moment > a.at
    return None if ahead else FollowUpMissing(fields={"follow_up_on": NEEDED})


@guard(form=True)
def outcome_or_next_day(a: Attempt) -> FengqiaoError | None:
    return follow_up_date(a) if a.asked.get("kind") == NOT_KNOWN else None


class OnlyS0(NotAllowed):
    message = _("Emergency response is for danger to life or a crowd; everything else is accepted first.")


@guard(form=True)
def only_s0(a: Attempt) -> FengqiaoError | None:
    return None if S0 in (a.standing.sla, a.asked.get("sla")) else OnlyS0()


class Protected(NotAllowed):
    message = _("A case that protects somebody is not withdrawn.")


class ContinuesExOfficio(NotAllowed):
    message = _("The public is in danger, so the case goes on even if you no longer ask for it.")


@guard()
def not_protected(a: Attempt) -> FengqiaoError | None:
    return Protected() if a.standing.confidentiality >= C4 else None


@guard()
def no_public_danger(a: Attempt) -> FengqiaoError | None:
    return ContinuesExOfficio() if a.standing.public_danger else None


class WindowOpen(Conflict):
    message = _("The case can still be rated, handled again or appealed until {days} days have passed.")


class RequestsOpen(Conflict):
    message = _("Something asked about this case has not been answered yet.")


class OutcomeUnknown(Conflict):
    message = _("The outcome at the outside body is not known yet; follow it up first.")


@guard()
def windows_over(a: Attempt) -> FengqiaoError | None:
    days = {C: max(a.loop.rating_days, a.loop.reopen_days, a.loop.appeal_days), X: a.loop.appeal_days}
    wait = days.get(a.standing.state) if a.standing.state else None
    if wait and not window_over(a, wait):
        return WindowOpen(days=wait)
    return RequestsOpen() if a.standing.pending else None


@guard(form=True)
def outcome_known(a: Attempt) -> FengqiaoError | None:
    return OutcomeUnknown() if a.standing.state is O and not a.given("outcome") else None
