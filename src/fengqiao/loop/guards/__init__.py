"""The conditions under which a move is refused: one small function each, and beside it the sentence that says why.

A guard returns the error or nothing. Guards of the standing can be asked before the form is filled in; guards of the
form (`@guard(form=True)`) only when the move is made. `GUARDS` is the whole table, by name.
"""

from fengqiao.loop.guards import assigning, ending, handling, intake, verifying
from fengqiao.loop.guards.table import EVIDENCE, GUARDS, Guard
from fengqiao.loop.guards.verifying import apart

__all__ = ["EVIDENCE", "GUARDS", "Guard", "apart", "assigning", "ending", "handling", "intake", "verifying"]
