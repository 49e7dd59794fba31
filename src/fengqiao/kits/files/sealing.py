"""Files of sealed cases: on disk they are ciphertext only, under the data key of their case (decision 23).

A file is cut into pieces of a mebibyte, each sealed with AES-GCM. A piece's nonce is the file's own prefix, the piece's
number and whether it is the last one (the STREAM construction, Hoang et al. 2015): pieces can be neither swapped, dropped
nor taken into another file, and none has to be read whole before the first is served.
"""

import io
import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fengqiao.base.errors import Gone
from fengqiao.base.words import _

PIECE = 1 << 20
PREFIX, TAG = 7, 16


class Damaged(Gone):
    """The bytes are not those that were sealed."""

    message = _("This file is damaged and cannot be shown. Ask your administrator to bring it back from a backup.")


def sealed(key: bytes, plain: BinaryIO, about: bytes) -> Iterator[bytes]:
    """Yield the ciphertext of a stream; ``about`` (whose file it is) is not kept, but has to be given again."""
    box, prefix = AESGCM(key), os.urandom(PREFIX)
    yield prefix
    piece, number = plain.read(PIECE), 0
    while True:
        following = plain.read(PIECE)
        yield box.encrypt(_nonce(prefix, number, last=not following), piece, about)
        if not following:
            return
        piece, number = following, number + 1


def unsealed(key: bytes, source: BinaryIO, about: bytes) -> BinaryIO:
    """Return a stream of what was sealed; raises ``Damaged`` before a single wrong byte has left."""
    return io.BufferedReader(_Pieces(key, source, about), PIECE)


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


class _Pieces(io.RawIOBase):
    """A sealed file as a stream of plain bytes."""

    def __init__(self, key: bytes, source: BinaryIO, about: bytes) -> None:
        self._source, self._plain, self._rest = source, self._opened(AESGCM(key), source, about), b""
        # The first piece is opened at once: a file that is damaged is refused before its answer has begun.
        self._rest = next(self._plain)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            following = next(self._plain, None)
            if following is None:
                return 0
            self._rest = following
        taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def close(self) -> None:
        self._source.close()
        super().close()

    @staticmethod
    def _opened(box: AESGCM, source: BinaryIO, about: bytes) -> Iterator[bytes]:
        prefix = source.read(PREFIX)
        piece, number = source.read(PIECE + TAG), 0
        while True:
            following = source.read(PIECE + TAG)
            try:
                yield box.decrypt(_nonce(prefix, number, last=not following), piece, about)
            except (InvalidTag, ValueError):
                raise Damaged from None
            if not following:
                return
            piece, number = following, number + 1
