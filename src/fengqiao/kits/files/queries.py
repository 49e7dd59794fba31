"""Reading files: every byte that leaves passes here."""

from typing import BinaryIO
from uuid import UUID

from django.db import connection

from fengqiao.base.act import Act
from fengqiao.base.errors import NotFound
from fengqiao.base.words import _
from fengqiao.kits.files.models import File
from fengqiao.kits.files.policies import key_of, may_read
from fengqiao.kits.files.sealing import unsealed
from fengqiao.kits.files.storage import store
from fengqiao.people.statements import prepared

COLUMNS = [one.attname for one in File._meta.concrete_fields]
OF_CASE = f"SELECT {', '.join(COLUMNS)} FROM files_file WHERE case_id = %s::uuid ORDER BY bound_at, id"


class NoSuchFile(NotFound):
    """Not there, or not for this reader: both sound the same."""

    message = _("This file does not exist, or is not for you to see.")


def read(act: Act, id: UUID | str, *, thumb: bool = False) -> tuple[File, BinaryIO]:
    """Open a file for an actor: one's own while unbound, afterwards as the policies say."""
    file = File.objects.filter(pk=id).first()
    if file is None or (thumb and not file.thumb):
        raise NoSuchFile
    allowed = file.owner == act.actor.id if file.case_id is None else may_read(act, file.case_id)
    if not allowed:
        raise NoSuchFile
    try:
        source = store().open(f"{file.key}.thumb" if thumb else file.key)
    except FileNotFoundError:
        raise NoSuchFile from None
    if not file.sealed or file.case_id is None:
        return file, source
    try:
        return file, unsealed(key_of(file.case_id), source, file.id.bytes + (b"thumb" if thumb else b""))
    except BaseException:
        source.close()
        raise


def of_case(case_id: UUID | str) -> list[File]:
    """Return the files bound to a case, the earliest first; whoever asks has already been let in to the case."""
    rows = prepared(OF_CASE, [str(case_id)])
    return [File.from_db(connection.alias, COLUMNS, row) for row in rows]
