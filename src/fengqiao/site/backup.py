"""Backup and restore: the database as of one moment, and every file that it knows of.

Files are written once and never changed, so copying them before and after the dump gives at least all that the dump
knows. The keys of sealed cases are never part of a backup: keep them apart, or whoever finds the one has the other.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from fengqiao.base.clock import now
from fengqiao.base.ids import new_id
from fengqiao.site import launcher
from fengqiao.site.addresses import renamed

FOLDERS = {"files": "FENGQIAO_FILES", "anchors": "FENGQIAO_ANCHORS"}
NEW_SETTINGS = 170000
"""From this version on, dumps begin with settings that older servers refuse."""


class CannotRestore(RuntimeError):
    """The backup, or the place for it, is not fit."""


def backup(arguments: list[str]) -> int:
    """Write database and files to an empty folder."""
    check = "--check" in arguments
    arguments = [word for word in arguments if word != "--check"]
    if len(arguments) != 1:
        print("Usage: fengqiao backup DIR [--check] [--data DIR]", file=sys.stderr)
        return 2
    target = Path(arguments[0])
    if check:
        return _check(target)
    if target.exists() and any(target.iterdir()):
        print(f"{target} is not empty: give a new folder for each backup.", file=sys.stderr)
        return 2
    target.mkdir(parents=True, exist_ok=True)
    target.chmod(0o700)
    _copy(target)
    with (target / "database.dump").open("wb") as dump:
        _run("pg_dump", _owner_url(), "--format=custom", "--no-owner", output=dump)
    _copy(target)
    _describe(target)
    parts = list(_parts(target))
    _note("backup_made", parts=len(parts), bytes=sum(part.stat().st_size for part in parts))
    print(f"Backup: {target}. Keys are not in it; keep those apart.")
    return 0


def restore(arguments: list[str]) -> int:
    """Bring a backup back into an empty database and data directory."""
    if len(arguments) != 1:
        print("Usage: fengqiao restore DIR [--data DIR]", file=sys.stderr)
        return 2
    source = Path(arguments[0])
    _examine(source)
    url = _owner_url()
    _make_place(url)
    _run(
        "pg_restore",
        url,
        "--no-owner",
        "--exit-on-error",
        "--dbname",
        unquote(urlsplit(url).path.lstrip("/")),
        str(source / "database.dump"),
    )
    for name, place in _folders().items():
        if (source / name).is_dir():
            shutil.copytree(source / name, place, dirs_exist_ok=True)
    print("Restored. Put the keys back in their place, then run: fengqiao verify-ledger")
    return 0


def _check(target: Path) -> int:
    """Compare every part of a backup with its fingerprint, and note what came of it."""
    try:
        _examine(target)
    except CannotRestore as error:
        _note("backup_checked", whole=False)
        print(error, file=sys.stderr)
        return 1
    _note("backup_checked", whole=True)
    print(f"{target} is whole.")
    return 0


def _note(what: str, **said: object) -> None:
    """Leave a line on the record of administration, where the health page looks for it."""
    statement = "INSERT INTO audit_deed (id, at, actor, post, what, about, said) VALUES (%s, %s, %s, %s, %s, %s, %s)"
    with psycopg.connect(_owner_url()) as owner:
        owner.execute(statement, [new_id(), now(), "machine:backup", "", what, "", json.dumps(said)])


def _owner_url() -> str:
    """Return the owner's address of the very database that the application uses."""
    return renamed(os.environ["DATABASE_OWNER_URL"], unquote(urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/")))


def _folders() -> dict[str, Path]:
    data = Path(os.environ.get("FENGQIAO_DATA", ".fengqiao/8000"))
    return {name: Path(os.environ.get(variable, data / name)) for name, variable in FOLDERS.items()}


def _copy(target: Path) -> None:
    """Copy what is not there yet."""
    for name, place in _folders().items():
        for source in sorted(place.rglob("*")) if place.is_dir() else ():
            copy = target / name / source.relative_to(place)
            if source.is_file() and not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, copy)


def _describe(target: Path) -> None:
    """Write down what the backup holds, so that a damaged one is known before it is needed."""
    parts = {str(path.relative_to(target)): _fingerprint(path) for path in _parts(target)}
    described = {"made_at": now().isoformat(), "parts": parts}
    (target / "backup.json").write_text(json.dumps(described, indent=1), encoding="utf-8")


def _examine(source: Path) -> None:
    """Refuse a backup that is not whole."""
    described = source / "backup.json"
    if not described.exists():
        raise CannotRestore(f"{source} holds no backup: backup.json is missing.")
    for name, wanted in json.loads(described.read_text(encoding="utf-8"))["parts"].items():
        part = source / name
        if not part.exists() or _fingerprint(part) != wanted:
            raise CannotRestore(f"{part} is missing or damaged.")


def _parts(target: Path) -> Iterator[Path]:
    yield from (path for path in sorted(target.rglob("*")) if path.is_file() and path.name != "backup.json")


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_place(url: str) -> None:
    """Make roles and database, and refuse a database that already holds something."""
    from fengqiao.site import database

    database.make_roles(os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"])
    database.make_database(os.environ["DATABASE_OWNER_URL"], unquote(urlsplit(url).path.lstrip("/")))
    with psycopg.connect(url) as owner:
        row = owner.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if row and row[0]:
        raise CannotRestore("The database is not empty: restore into a new one (another --data, or another DATABASE_URL).")


def _programs(url: str) -> Path:
    """Return the folder of programs that the server's version understands."""
    with psycopg.connect(url) as owner:
        version = owner.info.server_version
    for folder in launcher.candidates():
        if not (folder / "pg_dump").exists():
            continue
        said = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True, check=True).stdout
        major = int(said.split()[2].split(".")[0])
        if major >= version // 10000 and (version >= NEW_SETTINGS or major < NEW_SETTINGS // 10000):
            return folder
    raise CannotRestore(f"No pg_dump for PostgreSQL {version // 10000} was found; set FENGQIAO_PGBIN to its folder.")


def _run(program: str, url: str, *arguments: str, output: object = None) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, which nobody else can list."""
    asked = conninfo_to_dict(url)
    told = {f"PG{ {'dbname': 'DATABASE'}.get(name, name.upper()) }": str(value) for name, value in asked.items()}
    subprocess.run([_programs(url) / program, *arguments], env={**os.environ, **told}, stdout=output, check=True)  # type: ignore[call-overload]
