"""Tells whether a database already is what this version of the code wants; asked at every start, so it loads little."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

PACKAGE = Path(__file__).parents[1]
SHAPING = {"models", "seeds", "database", "walls", "append_only"}
REFERENCE = {"people", "access", "cases"}


def is_fresh(url: str, demo: bool) -> bool:
    """Tell whether the database at an address carries this version's note."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    return row is not None and row[0] == note(demo)


def note_freshness(owner_url: str, demo: bool) -> None:
    """Leave this version's note on the database."""
    name = unquote(urlsplit(owner_url).path.lstrip("/"))
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(note(demo))))


def note(demo: bool) -> str:
    """Return what stands on a database that is up to this version."""
    return f"fengqiao {digest()} {'demo' if demo else 'plain'}"


@cache
def digest() -> str:
    """Return a fingerprint of everything that shapes the tables and the reference data."""
    total = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".csv", ".sql", ".json") and _shapes(path.relative_to(PACKAGE)):
            total.update(str(path.relative_to(PACKAGE)).encode())
            total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _shapes(path: Path) -> bool:
    if {"tests", "locale", "static", "templates"} & set(path.parts):
        return False
    return path.parts[0] in REFERENCE or path.stem in SHAPING or bool({"migrations", "seeds"} & set(path.parts))
