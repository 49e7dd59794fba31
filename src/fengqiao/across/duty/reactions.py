"""What an event of a case sets off: people are told, and whoever is late is asked to answer for it.

The relay runs these after commit. Whatever it could not run, because it was killed, came late or met a fault of ours,
``jobs.catch_up`` runs again; what was told already is not told twice, because every case remembers how far it was told.
"""

import logging
from uuid import UUID

from fengqiao.across.duty import services
from fengqiao.across.duty.telling import TELLING
from fengqiao.base.act import Act

log = logging.getLogger("fengqiao.jobs")


def follow(act: Act, case_id: UUID) -> None:
    """Tell people what has happened; a fault of ours keeps nobody else's reactions waiting."""
    try:
        services.follow(act, case_id)
    except Exception:
        log.exception("telling of case %s failed; the next pass tries again", case_id)


REACTIONS = {f"*.{move}": [follow] for move in TELLING}
