"""Case numbers and receipt codes (handbook C9, decision 14).

``town(9) + yyyymmdd + serial(5) + check(1)``: given at the report, never changed, and saying nothing about the kind.
Serials are granted in blocks per town and day, so commits do not queue behind one counter; the grants explain the gaps.
"""

import atexit
import hashlib
import hmac
import os
import socket
import threading
from collections import deque
from collections.abc import Iterable
from datetime import date, datetime

import psycopg
from django.conf import settings
from django.db import connection

from fengqiao.base.errors import Unavailable
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.people import queries as people

BLOCK = 25
LAST = 99_999
TOWN = 9
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: read aloud on the telephone
SPOKEN = bytes(ord(SIGNS[byte % len(SIGNS)]) for byte in range(256))

_waiting: dict[tuple[str, date], deque[int]] = {}
_connections: "dict[int, psycopg.Connection[tuple[int, int]]]" = {}
_lock = threading.Lock()
_process = f"{socket.gethostname()}:{os.getpid()}"

GRANT = """
INSERT INTO case_serial_block (id, town, day, first, last, granted_at, process)
SELECT %s, %s, %s, coalesce(max(last), 0) + 1, coalesce(max(last), 0) + %s, %s, %s
FROM case_serial_block WHERE town = %s AND day = %s
ON CONFLICT (town, day, first) DO NOTHING RETURNING first, last
"""


class NoNumbersLeft(Unavailable):
    """A town has used 99,999 numbers in a day."""

    message = _("All case numbers of {town} for {day} are used. Please tell the operators.")


def next_number(town: str, day: date, at: datetime) -> str:
    """Return the next case number of a town for a day (the day of the report in the area's zone)."""
    place = town.ljust(9, "0")[:9]
    return _with_check(f"{place}{day:%Y%m%d}{_serial(place, day, at):05d}")


def reserve(town: str, day: date, count: int, at: datetime) -> list[str]:
    """Return ``count`` numbers at once, for imports."""
    place = town.ljust(9, "0")[:9]
    return [_with_check(f"{place}{day:%Y%m%d}{_serial(place, day, at, count):05d}") for _each in range(count)]


def stock(town: str, day: date, count: int, at: datetime) -> None:
    """Fetch ``count`` serials of a town and day at once, so that ``next_number`` need not ask for each block."""
    place = town.ljust(9, "0")[:9]
    with _lock:
        block = _waiting.setdefault((place, day), deque())
        if len(block) < count:
            block.extend(_grant(place, day, at, count - len(block)))


def _serial(town: str, day: date, at: datetime, wanted: int = 1) -> int:
    with _lock:
        block = _waiting.setdefault((town, day), deque())
        if not block:
            if len(_waiting) > 5_000:
                _waiting.clear()
                block = _waiting.setdefault((town, day), deque())
            block.extend(_grant(town, day, at, max(BLOCK, wanted)))
        return block.popleft()


def _grant(town: str, day: date, at: datetime, size: int) -> range:
    for _attempt in range(50):
        row = _granted([new_id(), town, day, size, at, _process, town, day])
        if row and row[1] <= LAST:
            return range(row[0], row[1] + 1)
        if row:
            break
    raise NoNumbersLeft(town=town, day=day)


def _granted(values: list[object]) -> tuple[int, int] | None:
    # A connection of its own: the grant must stand even when the act that asked for it fails, and nobody waits for it.
    try:
        return _desk().execute(GRANT, values).fetchone()
    except psycopg.OperationalError:
        _close()
        return _desk().execute(GRANT, values).fetchone()


def _desk() -> "psycopg.Connection[tuple[int, int]]":
    held = _connections.get(os.getpid())
    if held is None:
        known = connection.settings_dict
        options = {key: value for key, value in known["OPTIONS"].items() if key in ("sslmode", "connect_timeout")}
        held = psycopg.connect(
            dbname=known["NAME"], user=known["USER"], password=known["PASSWORD"], host=known["HOST"], port=known["PORT"] or None,
            autocommit=True, **options,
        )  # fmt: skip
        _connections.clear()
        _connections[os.getpid()] = held
    return held


def _close() -> None:
    for held in _connections.values():
        held.close()
    _connections.clear()


def forget() -> None:
    """Drop the serials this process still holds (after a fork, and between tests)."""
    with _lock:
        _waiting.clear()
        _close()


atexit.register(_close)


def _with_check(digits: str) -> str:
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """Return the check digit of ISO/IEC 7064 MOD 11,10."""
    product = 10
    for sign in digits:
        total = (int(sign) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def is_number(text: str) -> bool:
    """Tell whether a text can be a case number: 23 digits with the right check digit."""
    return len(text) == 23 and text.isdigit() and check_digit(text[:-1]) == text[-1]


def numbers_like(day: str, serial: str, years: Iterable[int]) -> list[str]:
    """Return the whole numbers that a month and day with a serial can stand for: one for each town and year."""
    towns = {code[:TOWN].ljust(TOWN, "0") for code in people.areas() if len(code) <= TOWN}
    return [_with_check(f"{town}{year}{day}{serial}") for town in sorted(towns) if town.isdigit() for year in years]


def receipt_code(number: str) -> str:
    """Return the 6-character code that goes with a number on the receipt; only the house can compute it."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"receipt:{number}".encode(), "sha256")
    return digest[:6].translate(SPOKEN).decode("ascii")


def receipt_grantee(number: str, code: str) -> str:
    """Return the grantee under which whoever holds number and code may see the case."""
    return "receipt:" + hashlib.sha256(f"{number}:{code.strip().upper()}".encode()).hexdigest()
