"""`fengqiao import`: records of our own go into this district, foreign ones into a throwaway district in a database of its own.

import messages FILE [--database NAME] [--fresh]
import la311 FILE --outlines GEOJSON [--database NAME] [--fresh]
"""

import importlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from fengqiao.cases import numbers
from fengqiao.people import reference
from fengqiao.site import database
from fengqiao.site.addresses import renamed

FOREIGN = ("messages", "la311")
OURS = "fengqiao.across.intake.importing"
PLAIN = re.compile(r"[a-z][a-z0-9_]{0,50}")


def main(arguments: list[str]) -> int:
    """Bring records in."""
    what = arguments[0] if arguments else ""
    if what not in FOREIGN:
        ours: int = importlib.import_module(OURS).main(arguments)
        return ours
    rest = arguments[1:]
    fresh = "--fresh" in rest
    rest = [word for word in rest if word != "--fresh"]
    name = f"fengqiao_{what}"
    if "--database" in rest[:-1]:
        at = rest.index("--database")
        name = rest[at + 1]
        del rest[at : at + 2]
    if not PLAIN.fullmatch(name):
        sys.stderr.write("The name of a database has small letters, digits and _ only.\n")
        return 2
    if "-h" in rest or "--help" in rest:
        sys.stdout.write(__doc__ or "")
    owner_url, app_url = os.environ.get("DATABASE_OWNER_URL", ""), os.environ["DATABASE_URL"]
    if not owner_url:
        sys.stderr.write("Set DATABASE_OWNER_URL as well: a throwaway district is a database of its own.\n")
        return 3
    with district(owner_url, app_url, name, fresh=fresh):
        result: int = importlib.import_module("fengqiao.across.exchange.imports").main(what, rest)
    sys.stderr.write(f"The district is in the database {name}; --fresh begins anew.\n")
    return result


@contextmanager
def district(owner_url: str, app_url: str, name: str, *, fresh: bool = False) -> Iterator[None]:
    """Work in a database of another name, made ready if need be, as the application's role."""
    if fresh:
        with psycopg.connect(owner_url, autocommit=True) as owner:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    database.prepare(owner_url, renamed(app_url, name))
    _forget()
    try:
        with database.connected_as(renamed(app_url, name)):
            yield
    finally:
        _forget()


def _forget() -> None:
    numbers.forget()
    reference.forget()
