"""Sealed text (decision 23): what is said in a C3 or C4 case is stored as ciphertext only.

Each case has a data key, wrapped by its compartment's key, which lies in a key file (or behind an HSM slot) outside
database and backup. Destroying the wrapped key erases the text; the hash of the ledger covers the ciphertext and holds.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from fengqiao.base.errors import Gone, Unavailable
from fengqiao.base.words import _

OPEN_COMPARTMENT = "c3"  # C3 cases without a named compartment share this key


class KeyMissing(Unavailable):
    """The key file of a compartment is not on this machine."""

    message = _("The key of this sealed compartment is not on this machine. Ask the two key holders.")


class Erased(Gone):
    """The data key was destroyed."""

    message = _("What was said here was erased: its time was over, or whoever said it asked for it.")


class Keyring(Protocol):
    """Where compartment keys come from; an HSM implements these two."""

    def wrap(self, compartment: str, key: bytes) -> bytes: ...

    def unwrap(self, compartment: str, wrapped: bytes) -> bytes: ...


class KeyFiles:
    """Compartment keys as files of 32 bytes, readable by the service account only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def wrap(self, compartment: str, key: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + AESGCM(self._key(compartment, make=True)).encrypt(nonce, key, compartment.encode())

    def unwrap(self, compartment: str, wrapped: bytes) -> bytes:
        try:
            return AESGCM(self._key(compartment)).decrypt(wrapped[:12], wrapped[12:], compartment.encode())
        except InvalidTag as error:
            raise KeyMissing from error

    def _key(self, compartment: str, *, make: bool = False) -> bytes:
        path = self.folder / f"{compartment or OPEN_COMPARTMENT}.key"
        if make and not path.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_bytes(AESGCM.generate_key(256))
            with suppress(FileExistsError):
                os.link(fresh, path)  # the first to come wins; the others use its key
            fresh.unlink()
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise KeyMissing from error


@cache
def keyring() -> Keyring:
    """Return the keyring of this installation."""
    return KeyFiles(Path(settings.FENGQIAO_KEYS))


def fresh_key(compartment: str) -> tuple[bytes, bytes]:
    """Return a new data key and its wrapped form."""
    key = AESGCM.generate_key(256)
    return key, keyring().wrap(compartment or OPEN_COMPARTMENT, key)


def opened_key(compartment: str, wrapped: bytes | None) -> bytes:
    """Return the data key of a case; raises ``Erased`` when it was destroyed."""
    if wrapped is None:
        raise Erased
    return keyring().unwrap(compartment or OPEN_COMPARTMENT, bytes(wrapped))


def sealer(key: bytes, case_id: UUID) -> Callable[[bytes], bytes]:
    """Return a function that turns plain bytes into ciphertext bound to the case."""

    def seal(plain: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + AESGCM(key).encrypt(nonce, plain, case_id.bytes)

    return seal


def unseal(key: bytes, case_id: UUID, body: bytes) -> bytes:
    """Return the plain bytes of a sealed payload."""
    return AESGCM(key).decrypt(body[:12], body[12:], case_id.bytes)
