"""Where bytes lie: an interface of four verbs, and its implementation on a file system.

An object store (S3 and its kin) fits the same interface: write a class with these four methods, name it in
FENGQIAO_FILE_STORE, and nothing else changes. Keys are random and flat; a store must not list, so none is asked to.
"""

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Store(Protocol):
    """What a store must do."""

    def put(self, key: str, chunks: Iterable[bytes]) -> None:
        """Keep the bytes for good before returning; an existing key is refused."""

    def open(self, key: str) -> BinaryIO:
        """Return the bytes; FileNotFoundError when there are none."""

    def drop(self, key: str) -> None:
        """Forget the bytes; nothing there is as good as dropped."""

    def has(self, key: str) -> bool:
        """Tell whether there are bytes under this key."""


class FolderStore:
    """Files in a folder, spread over 256 sub-folders, written so that a crash leaves no half of a file."""

    def __init__(self, root: Path | str | None = None) -> None:
        self.root = Path(root or settings.FENGQIAO_FILES)

    def put(self, key: str, chunks: Iterable[bytes]) -> None:
        place = self._place(key)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = place.with_suffix(".half")
        descriptor = os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            for chunk in chunks:
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        os.link(half, place)
        half.unlink()

    def open(self, key: str) -> BinaryIO:
        return self._place(key).open("rb")

    def drop(self, key: str) -> None:
        self._place(key).unlink(missing_ok=True)

    def has(self, key: str) -> bool:
        return self._place(key).exists()

    def _place(self, key: str) -> Path:
        if not key.replace(".", "").isalnum():
            raise ValueError("A key is letters and digits.")
        return self.root / key[:2] / key


@cache
def store() -> Store:
    """Return the store that the settings name."""
    found: Store = import_string(settings.FENGQIAO_FILE_STORE)()
    return found
