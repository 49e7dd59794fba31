"""The ladder of a limit (handbook C3): reminder at 75%, yellow at 100%, red at 150% or a working day late, then one level up."""

from datetime import datetime
from uuid import UUID

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.ids import derived_id, new_id
from fengqiao.cases import limits, steps
from fengqiao.cases.claims import clocks_of, lock
from fengqiao.cases.ledger import Batch
from fengqiao.cases.models import Case
from fengqiao.loop.alphabet import WINDOW_CLOCKS
from fengqiao.loop.deadlines import LADDER
from fengqiao.loop.terms import Level
from fengqiao.people import queries as people

BELOW_TOP = (Level.MICROGRID, Level.GRID, Level.VILLAGE, Level.TOWN)


def climb(at: datetime, case_id: UUID, name: str, org: UUID) -> bool:
    """Climb the next rung of one clock, if it is still due; killed half-way, nothing has happened."""
    act = _act(at, case_id, name, org)
    with acting(act):
        case, fresh = lock(act, case_id, "ladder", None)
        clocks = clocks_of(case)
        running, calendar = clocks.get((name, str(org))), people.calendar()
        due = running.next_rung_at(calendar) if running and fresh else None
        if running is None or due is None or due > at:
            return False
        batch = Batch()
        if name in WINDOW_CLOCKS:
            running.state = running.state.climbed()  # a window is over; nobody is late, so nobody is pressed
        else:
            _note(act, case, running, batch)
        batch.clocks.append(running.row(case, calendar))
        if running.state.rung >= len(LADDER):
            _upgrade(act, case, batch, clocks)
        limits.show(case, clocks, calendar)
        steps.finish(case, batch)
    return True


def _act(at: datetime, case_id: UUID, name: str, org: UUID) -> Act:
    # The key holds the moment of the pass: a rung that fell due later is another act, the same pass run twice is not.
    key = f"ladder:{case_id}:{name}:{org}:{at.isoformat()}"
    return Act(id=derived_id(key), actor=machine("clock"), at=at, key=str(derived_id(key)))


def _note(act: Act, case: Case, running: limits.Running, batch: Batch) -> None:
    rung = LADDER[running.state.rung]
    running.state = running.state.climbed()
    batch.rungs.append(
        {
            "id": new_id(), "case_id": case.id, "clock": running.state.name, "org": running.org, "round": running.round,
            "rung": running.state.rung, "at": act.at,
        }
    )  # fmt: skip
    steps.record(act, case, "supervise", {"kind": str(rung.name), "clock": running.state.name, "text": ""}, batch)


def _upgrade(act: Act, case: Case, batch: Batch, clocks: steps.Clocks) -> None:
    """At 200% the case goes one level up, below the district and where the loop allows it; elsewhere the event tells it."""
    if case.level not in BELOW_TOP:
        return
    try:
        steps.advance(act, case, "upgrade", {"reason": ""}, batch, clocks)
    except FengqiaoError:
        return
