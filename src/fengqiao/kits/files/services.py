"""Keeping, binding and dropping files."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Count, Sum

from fengqiao.base.act import Act
from fengqiao.base.errors import Invalid, TooMany
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.kits.files.models import File, Leftover
from fengqiao.kits.files.sealing import sealed
from fengqiao.kits.files.sniffing import FORMATS, LIMITS, MEGABYTE, SUFFIXES, TooLarge, cleaned, sniff
from fengqiao.kits.files.storage import store

UNBOUND_HOURS = 24
AT_ONCE = 20


class EmptyFile(Invalid):
    """A file of no bytes."""

    message = _("This file is empty. Choose another one.")


class FileMissing(Invalid):
    """A file that was named is not there for this actor."""

    message = _("A file is missing: it was dropped after a day, belongs to another case, or was sent by somebody else. Send it again.")


class TooManyFiles(Invalid):
    """More files than one act carries."""

    message = _("At most {limit} files at once, please.")


class TooMuchUnbound(TooMany):
    """Somebody sent many files and bound them to nothing."""

    message = _("Many files of yours belong to no case yet. Send the form they are for, or wait a day until they are dropped.")


def keep(act: Act, upload: UploadedFile) -> File:
    """Clean a file, keep its bytes and note what it is; it is only its sender's until it is bound."""
    stream = upload.file
    if stream is None:
        raise EmptyFile
    stream.seek(0)
    kind = sniff(stream)
    size = upload.size or 0
    if size <= 0:
        raise EmptyFile
    if size > LIMITS[kind]:
        raise TooLarge(limit=LIMITS[kind] // MEGABYTE)
    _check_unbound(act, size)
    id = new_id()
    key = _key(id)
    digest = hashlib.sha256()
    if kind in FORMATS:
        picture, thumb = cleaned(stream, kind)
        store().put(f"{key}.thumb", [thumb])
        chunks: Iterable[bytes] = [picture]
    else:
        stream.seek(0)
        chunks = upload.chunks()
    counted = _Counted(chunks, digest)
    store().put(key, counted)
    try:
        return File.objects.create(
            id=id,
            owner=act.actor.id,
            name=file_name(upload.name or "", kind),
            type=kind,
            size=counted.size,
            sha256=digest.hexdigest(),
            thumb=kind in FORMATS,
            key=key,
            kept_at=act.at,
        )
    except Exception:
        # Bytes that no row names would lie there for ever.
        _forget(key)
        raise


def _check_unbound(act: Act, size: int) -> None:
    held = File.objects.filter(owner=act.actor.id, case_id=None).aggregate(files=Count("id"), bytes=Sum("size"))
    if held["files"] >= settings.FENGQIAO_UNBOUND_FILES or (held["bytes"] or 0) + size > settings.FENGQIAO_UNBOUND_BYTES:
        raise TooMuchUnbound


def _forget(key: str) -> None:
    store().drop(key)
    store().drop(f"{key}.thumb")


class _Counted:
    """Chunks on their way into the store, hashed and counted as they pass."""

    def __init__(self, chunks: Iterable[bytes], digest: "hashlib._Hash") -> None:
        self._chunks, self.digest, self.size = chunks, digest, 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.digest.update(chunk)
            self.size += len(chunk)
            yield chunk


def file_name(given: str, kind: str) -> str:
    """Return a name that is safe anywhere, with the suffix of what the file really is."""
    stem = re.sub(r"[^\w\- .()（）]", "", given.replace("\\", "/").rsplit("/", 1)[-1]).rsplit(".", 1)[0].strip(" .")
    return f"{stem[:100] or 'file'}{SUFFIXES[kind]}"


_BIND = """
UPDATE files_file SET case_id = %(case)s, bound_at = coalesce(bound_at, %(at)s)
WHERE id = ANY(%(ids)s) AND owner = %(owner)s AND (case_id IS NULL OR case_id = %(case)s)
RETURNING id, name, type, size, sha256
"""


def bind(act: Act, ids: Sequence[UUID | str], case_id: UUID | str) -> list[dict[str, object]]:
    """Bind files to a case inside the caller's transaction; returns what the event records of each, in the order given."""
    wanted = list(dict.fromkeys(str(one) for one in ids))
    if not wanted:
        return []
    if len(wanted) > AT_ONCE:
        raise TooManyFiles(limit=AT_ONCE)
    try:
        uuids = [UUID(one) for one in wanted]
    except ValueError:
        raise FileMissing from None
    with connection.cursor() as cursor:
        cursor.execute(_BIND, {"case": UUID(str(case_id)), "at": act.at, "ids": uuids, "owner": act.actor.id})
        rows = {row[0]: row for row in cursor.fetchall()}
    if len(rows) != len(uuids):
        raise FileMissing
    return [
        {"id": str(id), "name": name, "type": kind, "size": size, "sha256": digest}
        for id, name, kind, size, digest in (rows[u] for u in uuids)
    ]


def seal(case_id: UUID, key: bytes, at: datetime) -> dict[str, str]:
    """Turn the files of a case into ciphertext, inside the caller's transaction; returns the SHA-256 of each by its id.

    The plain bytes go when the transaction has ended well; should the machine stop just then, the clock takes them.
    """
    told = {}
    for file in File.objects.filter(case_id=case_id, sealed=False).order_by("id"):
        plain, fresh = file.key, _key(new_id())
        if not store().has(plain):
            continue  # lost before; there is nothing to seal, and whoever opens it is told so
        with store().open(plain) as source:
            counted = _Counted(sealed(key, source, file.id.bytes), hashlib.sha256())
            store().put(fresh, counted)
        if file.thumb:
            with store().open(f"{plain}.thumb") as source:
                store().put(f"{fresh}.thumb", sealed(key, source, file.id.bytes + b"thumb"))
        file.key, file.sha256, file.sealed = fresh, counted.digest.hexdigest(), True
        file.save(update_fields=["key", "sha256", "sealed"])
        Leftover.objects.create(key=plain, left_at=at)
        told[str(file.id)] = file.sha256
    if told:
        transaction.on_commit(drop_leftovers)
    return told


def ids_of(case_id: UUID) -> list[str]:
    """Return the ids of the files bound to a case."""
    return [str(id) for id in File.objects.filter(case_id=case_id).order_by("id").values_list("id", flat=True)]


def erase(ids: Iterable[str], at: datetime) -> int:
    """Erase files, inside the caller's transaction: the bytes go when it has ended well; the caller answers for the right to."""
    rows = list(File.objects.filter(id__in=list(ids)))
    Leftover.objects.bulk_create(Leftover(key=row.key, left_at=at) for row in rows)
    File.objects.filter(id__in=[row.id for row in rows]).delete()
    if rows:
        transaction.on_commit(drop_leftovers)
    return len(rows)


def drop_leftovers() -> int:
    """Drop the bytes that no row names any more."""
    gone = 0
    for left in Leftover.objects.order_by("left_at")[:500]:
        _forget(left.key)
        gone += Leftover.objects.filter(key=left.key).delete()[0]
    return gone


def _key(id: UUID) -> str:
    return hashlib.sha256(id.bytes).hexdigest()[:40]


def drop_unbound(at: datetime) -> int:
    """Drop what nobody bound within a day: first the row, then the bytes, so that no row ever points to nothing."""
    old = File.objects.filter(case_id=None, kept_at__lt=at - timedelta(hours=UNBOUND_HOURS)).order_by("kept_at")
    dropped = 0
    for file in old[:500]:
        gone, _rows = File.objects.filter(pk=file.pk, case_id=None).delete()
        if gone:
            _forget(file.key)
            dropped += 1
    return dropped
