"""What an event of a case sets off at once: whoever must go, or is late, is told.

Everything else, and whatever the relay could not run because it met a fault of ours, is told by ``jobs.catch_up`` a
moment later: one look at many events costs less than one reaction to each. What was told already is not told twice,
because every case remembers how far it was told.
"""

from fengqiao.across.duty.services import follow
from fengqiao.across.duty.telling import AT_ONCE_MOVES

REACTIONS = {f"*.{move}": [follow] for move in AT_ONCE_MOVES}
