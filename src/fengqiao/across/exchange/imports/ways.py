"""The ways along which foreign records go round the loop: whoever did it there is an import here."""

from dataclasses import replace
from datetime import datetime

from fengqiao.access.doors import machine
from fengqiao.base.act import Act, Actor, Channel
from fengqiao.base.ids import derived_id, new_id
from fengqiao.cases.bulk import Onward
from fengqiao.cases.schemas import Asked

HANDS = {"verify_pass": "verifier", "close": "verifier", "withdraw": "reporter", "rate": "reporter"}
"""Who verifies has other hands than who handled, there as here."""


class Hands:
    """The actors of an import; made once, for they are asked for a hundred thousand times."""

    def __init__(self) -> None:
        whole = machine("import")
        self._actors: dict[str, Actor] = {hand: replace(whole, id=f"machine:import:{hand}") for hand in ("handler", "verifier", "reporter")}
        self.whole = whole

    def opening(self, of: str, key: str, at: datetime) -> Act:
        """Return the act of a report: the same record always gives the same act."""
        name = f"{of}:{key}"[:80]
        return Act(id=derived_id("import", name), actor=self.whole, at=at, channel=Channel.BATCH, key=name)

    def onward(self, move: str, at: datetime, asked: Asked | None = None) -> Onward:
        """Return a move made at its real time."""
        return Onward(Act(new_id(), self._actors[HANDS.get(move, "handler")], at, Channel.BATCH), move, asked)
