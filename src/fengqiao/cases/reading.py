"""Who may open the files of a case: whoever may read the case (decision 25), and whoever reported it.

Reading them is noted like reading the case itself.
"""

from uuid import UUID

from fengqiao.access.acting import acting
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError
from fengqiao.cases import queries
from fengqiao.kits.files import policies as files


def may_read_files(act: Act, case_id: UUID) -> bool:
    """Tell whether the actor may read the case that a file belongs to."""
    try:
        with acting(act):
            queries.read(act, case_id, own=True)
    except FengqiaoError:
        return False
    return True


def open_files() -> None:
    """Let the files kit ask us; called once at start-up."""
    files.register(may_read_files)
