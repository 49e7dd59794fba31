"""Erasing, on request or when its time is over (L9 §19, 47): what was said goes; that it was said, when and by which post stays.

The ledger keeps its hashes and a tombstone for each body that was taken, and an event of its own says that it was done.
What the law keeps is refused with the day on which it may go.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fengqiao.base.act import Act
from fengqiao.base.errors import Conflict
from fengqiao.base.words import Words, _
from fengqiao.cases import effects, retention, steps, views
from fengqiao.cases.claims import UnknownCase, cases_of
from fengqiao.cases.ledger import REQUEST, Batch
from fengqiao.cases.models import Case, CaseEvent, Payload, Reporter, SideRequest
from fengqiao.cases.policies import SEALED
from fengqiao.kits.files import services as files
from fengqiao.kits.notices import services as notices
from fengqiao.loop.alphabet import ENDINGS, Z
from fengqiao.people import queries as people

# Classes of matter whose files a law keeps, in years after the case has ended: people's mediation (handbook D, L1, P44).
KEPT_YEARS: Final = {"11": 10}
OWN_MOVES = ("report", "rate", "reopen", "appeal", "withdraw")
ON_REQUEST, BY_SCHEDULE = "request ", "schedule"
LOCK = "SELECT * FROM cases WHERE id = %s FOR NO KEY UPDATE"
# The first condition is for the index; what the house itself has noted since says nothing of anybody.
DUE = """
SELECT c.id FROM cases c
WHERE c.created_at < %(at)s - make_interval(years => %(years)s) AND c.state = 'Z' AND c.pending = '{{}}'
  AND c.closed_at < %(at)s - greatest(make_interval(years => %(years)s), CASE left(c.category, 2) {longest} ELSE interval '0' END)
  AND EXISTS (SELECT 1 FROM case_event e JOIN case_payload p ON p.event_id = e.id
              WHERE e.case_id = c.id AND p.body IS NOT NULL AND NOT (e.move = 'note' AND e.actor_kind = 'machine'))
ORDER BY c.created_at LIMIT %(limit)s
"""


class Part(StrEnum):
    """How much goes."""

    PHOTOS = "photos"
    CONTACT = "contact_data"
    REPORT = "report_words"
    EVERYTHING = "everything"


NOTED: Final[dict[str, Words]] = {
    "erased_photos": _("Deleted at the request of whoever reported: the photos"),
    "erased_contact_data": _("Deleted at the request of whoever reported: name and telephone"),
    "erased_report_words": _("Deleted at the request of whoever reported: what they said, showed and where, name and telephone"),
    "erased_everything": _("Deleted at the request of whoever reported: everything that was said in this case"),
    "expired": _("Deleted because the time for which it is kept was over"),
}


class StillOpen(Conflict):
    """What was reported is needed as long as the case is open."""

    message = _("Case {number} is still being dealt with, and what was reported is needed for that. It can go once the case is closed.")


class KeptByLaw(Conflict):
    """The time for which the law keeps it is not over."""

    message = _("The file of case {number} is kept by law until {until}. Refuse it with that reason and that day.")


class NothingLeft(Conflict):
    """It was deleted before, or was never there."""

    message = _("Of this report nothing of the kind is left: it was deleted before, or never given.")


class OneSeal(Conflict):
    """In a sealed case words, name and telephone lie in the same sealed bodies."""

    message = _("Case {number} is sealed: name and words lie under one seal. Only the photos, or everything, can be deleted.")


def check(case: Case, part: Part, at: datetime) -> None:
    """Refuse what may not go, and say why and until when."""
    if case.confidentiality >= SEALED and part in (Part.CONTACT, Part.REPORT):
        raise OneSeal(number=case.number)
    ended, until = case.state in (*ENDINGS, Z), kept_until(case)
    if not ended and (until is not None or part in (Part.REPORT, Part.EVERYTHING)):
        raise StillOpen(number=case.number)
    if until is not None and at < until:
        raise KeptByLaw(number=case.number, until=until.astimezone(people.zone()).date().isoformat())


def kept_until(case: Case) -> datetime | None:
    """Return until when a law keeps the file of a case, if one does; of an open case, as if it ended now."""
    years = KEPT_YEARS.get(case.category[:2], 0)
    if not years:
        return None
    ended = case.closed_at or case.held_since
    day = 28 if (ended.month, ended.day) == (2, 29) else ended.day
    return ended.replace(year=ended.year + years, day=day)


def left(case: Case, part: Part) -> bool:
    """Tell whether there is anything of the kind that could still be erased."""
    if part == Part.PHOTOS:
        return bool(files.ids_of(case.id))
    if part == Part.CONTACT:
        told = Reporter.objects.filter(case_id=case.id).exclude(name="", phone="", person="")
        return told.exists()
    return erased_at(case) is None


def erased_at(case: Case, why: str = ON_REQUEST) -> datetime | None:
    """Return when the words of a case were erased on request, or by the schedule, if they were."""
    events = CaseEvent.objects.filter(case_id=case.id, move="report").values("id")
    found = Payload.objects.filter(event_id__in=events, erased_why__startswith=why).first()
    return found.erased_at if found else None


def erase(act: Act, case_id: UUID, part: Part, request: str) -> None:
    """Erase a part of a case in the name of the house, after a decision and its confirmation; notes it on the case."""
    case = _locked(case_id)
    check(case, part, act.at)
    _erase(act, case, part, f"{ON_REQUEST}{request}", {"text": f"erased_{part}", "request": request})


def expire(act: Act, case_id: UUID) -> None:
    """Erase everything of a case whose time is over."""
    case = _locked(case_id)
    check(case, Part.EVERYTHING, act.at)
    _erase(act, case, Part.EVERYTHING, BY_SCHEDULE, {"text": "expired"})


def due(at: datetime, years: int, limit: int) -> list[UUID]:
    """Return cases that were put away and of which something is left though their time is over, the oldest first."""
    longest = " ".join(f"WHEN '{area}' THEN interval '{span} years'" for area, span in KEPT_YEARS.items())
    with connection.cursor() as cursor:
        cursor.execute(DUE.format(longest=longest), {"at": at, "years": years, "limit": limit})
        return [row[0] for row in cursor.fetchall()]


def _erase(act: Act, case: Case, part: Part, why: str, said: dict[str, Any]) -> None:
    batch = Batch()
    events = list(CaseEvent.objects.filter(case_id=case.id).select_related("said").order_by("seq"))
    gone = _pictures(case, events, part)
    if part in (Part.REPORT, Part.EVERYTHING):
        _words(act, case, [event for event in events if part == Part.EVERYTHING or event.move in OWN_MOVES], part, why, batch)
    if part != Part.PHOTOS:
        retention.forget_reporter(act, case.id)
    files.erase(gone, act.at)
    steps.record(act, case, "note", {**said, "files_erased": gone}, batch)
    steps.finish(case, batch)


def correct(act: Act, case_id: UUID, correction: str, request: str) -> None:
    """Note on a case what is right (L9 §46): what was said first stays on the record, and this beside it."""
    case, batch = _locked(case_id), Batch()
    steps.record(act, case, "note", {"text": correction, "request": request}, batch)
    steps.finish(case, batch)


def _locked(case_id: UUID) -> Case:
    for case in cases_of(LOCK, [case_id]):
        found: Case = case
        return found
    raise UnknownCase


def _pictures(case: Case, events: Iterable[CaseEvent], part: Part) -> list[str]:
    """Return the files that go: those that whoever reported has sent, or all."""
    if part == Part.CONTACT:
        return []
    if part == Part.EVERYTHING:
        return files.ids_of(case.id)
    said = [views.what_was_said(case, event) for event in events]
    words = [one for event, one in zip(events, said, strict=True) if event.move in OWN_MOVES]
    words += [one for each in said for one in each.get("before", {}).values()]
    own = {str(file["id"]) for one in words for name in ("photos", "files") for file in one.get(name) or ()}
    return sorted(own & set(files.ids_of(case.id)))


def _words(act: Act, case: Case, events: Iterable[CaseEvent], part: Part, why: str, batch: Batch) -> None:
    retention.erase([event.id for event in events], why, act.at)
    if case.confidentiality >= SEALED:
        retention.destroy_key(act, case.id)
    case.title = case.text = case.address = ""
    case.lon = case.lat = case.suggestion = None
    batch.search.append(effects.searchable(case))
    for one in SideRequest.objects.filter(case_id=case.id).values(*REQUEST):
        everything: dict[str, Any] = {"asked": {}, "answer": None if one["answer"] is None else {}}
        if part == Part.EVERYTHING:
            batch.requests.append({**one, **everything})
        elif one["asked_by"] == case.reporter or one["kind"] == "appeal":
            batch.requests.append({**one, "asked": {}})
    notices.forget(case.id)
