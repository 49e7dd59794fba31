"""The ground tests stand on: a database of their own, seeded once, reached as the application's role.

A pytest plugin, loaded by `-p fengqiao.testing` before pytest-django reads the settings. The server starts with the
first test that asks for a database, so tests of the pure floors cost nothing.
"""

import fcntl
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

os.environ["FENGQIAO_MODE"] = "test"
# A browser driven in this process leaves an event loop behind, which Django would take for an asynchronous view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.site.settings")
TARGET = os.environ.pop("DATABASE_OWNER_URL", "")
os.environ.pop("DATABASE_URL", None)

ROOT = Path(__file__).parents[2]
# Another PostgreSQL gets a place of its own: its files are not readable by the first.
_OTHER = os.environ.get("FENGQIAO_PGBIN", "")
GROUND = ROOT / ".fengqiao" / (f"tests-{sha256(_OTHER.encode()).hexdigest()[:8]}" if _OTHER else "tests")
os.environ["FENGQIAO_DATA"] = str(GROUND / f"data-{os.getpid()}")

import psycopg  # noqa: E402
import pytest  # noqa: E402
from psycopg import sql  # noqa: E402

from fengqiao.site import launcher  # noqa: E402
from fengqiao.site.addresses import as_user, database_of, renamed  # noqa: E402
from fengqiao.site.freshness import digest  # noqa: E402


def shared_folder() -> Path | None:
    """Return the folder of shared data beside the repository, if this machine has it."""
    folder = Path(os.environ.get("FENGQIAO_SHARED", ROOT.parent / "shared"))
    return folder if folder.is_dir() else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the slow tests as well")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    slow = pytest.mark.skip(reason="slow: runs with --full")
    absent = pytest.mark.skip(reason="the shared data folder is not beside the repository (or set FENGQIAO_SHARED)")
    for item in items:
        if "slow" in item.keywords and not config.getoption("--full"):
            item.add_marker(slow)
        if "shared_data" in item.keywords and shared_folder() is None:
            item.add_marker(absent)


class Ground:
    """One server, a template with the reference data, and this session's database."""

    def __init__(self) -> None:
        GROUND.mkdir(parents=True, exist_ok=True)
        self.server = None if TARGET else launcher.start(GROUND)
        if self.server is None:
            self.owner_server = TARGET
            self.app_server = as_user(TARGET, launcher.APP, "for-tests-only")
        else:
            self.owner_server = self.server.owner_url("postgres")
            self.app_server = self.server.app_url("postgres")
        self.name = f"fq_test_{os.getpid()}"
        self.template = self._template()
        self.fresh()

    @property
    def owner_url(self) -> str:
        """The address for the owner of this session's database."""
        return renamed(self.owner_server, self.name)

    @property
    def app_url(self) -> str:
        """The address for the application's role."""
        return renamed(self.app_server, self.name)

    def fresh(self) -> None:
        """Make this session's database anew from the template."""
        with psycopg.connect(self.owner_server, autocommit=True) as owner:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))
            statement = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
            owner.execute(sql.SQL(statement).format(sql.Identifier(self.name), sql.Identifier(self.template)))

    def leave(self) -> None:
        """Drop this session's database and leave the server."""
        with psycopg.connect(self.owner_server, autocommit=True) as owner:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))
        if self.server is not None:
            launcher.stop(self.server)

    def _template(self) -> str:
        """Return the name of a migrated and seeded database for this version of the code, making it once."""
        from fengqiao.site import database

        name = f"fq_template_{digest()}"
        with (GROUND / "template.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with psycopg.connect(self.owner_server, autocommit=True) as owner:
                known = [row[0] for row in owner.execute("SELECT datname FROM pg_database ORDER BY oid")]
                self._clean(owner, known)
                if name in known:
                    return name
                half = f"{name}_half"
                owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(half)))
                database.prepare(self.owner_server, renamed(self.app_server, half), demo=True)
                owner.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(name)))
        return name

    def _clean(self, owner: psycopg.Connection, known: list[str]) -> None:
        """Drop what killed sessions and older versions of the code left behind."""
        old = [name for name in known if name.startswith("fq_template_")][:-3]
        dead = [name for name in known if name.startswith("fq_test_") and not Path(f"/proc/{name[8:]}").exists()]
        for name in (*old, *dead):
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def ground(django_db_blocker: pytest.FixtureRequest) -> Iterator[Ground]:
    """The session's database server."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        made = Ground()
    yield made
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        _forget_connections()
        made.leave()


@pytest.fixture(scope="session")
def django_db_setup(ground: Ground) -> None:
    """Point Django's default connection at the session's database, as the application's role."""
    from django.db import connection

    os.environ["DATABASE_URL"] = ground.app_url
    connection.settings_dict.update(database_of(ground.app_url))


@pytest.fixture
def real_db(django_db_setup: None, django_db_blocker: pytest.FixtureRequest, ground: Ground) -> Iterator[Ground]:
    """A database in which transactions are real; it is made anew afterwards."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield ground
        renew(ground)


def renew(ground: Ground) -> None:
    """Make the database anew, and forget what was read from the old one."""
    _forget_connections()
    ground.fresh()
    _forget_reference()


def _forget_connections() -> None:
    from django.db import connections

    connections.close_all()


def _forget_reference() -> None:
    """Reference data cached in the process may be of rows that are gone; so may the numbers it still holds."""
    from fengqiao.cases import numbers

    numbers.forget()
    from fengqiao.people import reference

    forget = getattr(reference, "forget", None)
    if forget is not None:
        forget()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of shared data; ask for it together with `@pytest.mark.shared_data`."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("the shared data folder is not beside the repository")
    return folder / "data"
