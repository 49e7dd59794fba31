"""Who may open the files of a case: whoever may read the case (decision 25), and whoever reported it.

Reading them is noted like reading the case itself.
"""

from uuid import UUID

from fengqiao.access.acting import acting
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError
from fengqiao.cases import queries, steps
from fengqiao.cases.models import Case
from fengqiao.kits.files import policies as files


def may_read_files(act: Act, case_id: UUID) -> bool:
    """Tell whether the actor may read the case that a file belongs to."""
    try:
        with acting(act):
            queries.read(act, case_id, own=True)
    except FengqiaoError:
        return False
    return True


def key_of(case_id: UUID) -> bytes:
    """Return the data key under which the files of a sealed case lie; whoever asks was let in to the case before."""
    return steps.held_key(Case.objects.get(id=case_id))


def open_files() -> None:
    """Let the files kit ask us who may read and where the keys are; called once at start-up."""
    files.register(may_read_files)
    files.keys_from(key_of)
