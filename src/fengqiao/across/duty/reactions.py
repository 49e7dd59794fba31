"""What an event of a case sets off: people are told, and whoever is late is asked to answer for it.

The relay runs these. Whatever it could not run, because it came late or met a fault of ours, ``jobs.catch_up`` runs
again; what was told already is not told twice, because every case remembers how far it was told.
"""

from fengqiao.across.duty.services import follow
from fengqiao.across.duty.telling import TELLING

REACTIONS = {f"*.{move}": [follow] for move in TELLING}
