"""Makes a database ready: roles, tables, rights. The application's role may do only what it is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from fengqiao.site.addresses import database_of, renamed
from fengqiao.site.freshness import is_fresh, note_freshness
from fengqiao.site.seeds import seed_reference

ENGINE = "fengqiao_engine"
RETENTION = "fengqiao_retention"

# Tables of cases get exactly what their own migrations grant.
_GRANTS = """
DO $$
DECLARE t record;
BEGIN
  FOR t IN SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname NOT LIKE 'case%%'
             AND c.relname <> 'django_migrations'
  LOOP EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %%s TO {app}', t.name); END LOOP;
END $$;
GRANT USAGE ON SCHEMA public TO {app}, {engine}, {retention};
GRANT SELECT ON django_migrations TO {app};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}, {engine};
"""


class WrongRole(RuntimeError):
    """The application was about to run with more rights than it may have."""


def prepare(owner_url: str, app_url: str, demo: bool = False, then: Callable[[], None] | None = None) -> bool:
    """Bring a database up to this version of the code, then do what was asked; say whether anything had to be done."""
    name = unquote(urlsplit(app_url).path.lstrip("/"))
    make_roles(owner_url, app_url)
    make_database(owner_url, name)
    owner_url = renamed(owner_url, name)
    if is_fresh(owner_url, demo):
        return False
    with connected_as(owner_url):
        migrate()
        seed_reference(demo=demo)
    if then is not None:
        with connected_as(app_url):
            then()
    note_freshness(owner_url, demo)
    return True


def migrate() -> None:
    """Migrate as the owner we are connected as, and hand out the rights."""
    call_command("migrate", verbosity=0, interactive=False)
    grant_all()


def grant_all() -> None:
    """Let the application's role use every ordinary table."""
    app = sql.Identifier("fengqiao_app").as_string(None)
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS.format(app=app, engine=ENGINE, retention=RETENTION).replace("%%", "%"))


def make_roles(owner_url: str, app_url: str) -> None:
    """Make the three roles of the application; only its login role has a password."""
    parts = urlsplit(app_url)
    app, password = unquote(parts.username or ""), unquote(parts.password or "")
    with psycopg.connect(owner_url, autocommit=True) as owner:
        # Two preparing at once would trip over each other's roles.
        owner.execute("SELECT pg_advisory_lock(990101)")
        known = {row[0] for row in owner.execute("SELECT rolname FROM pg_roles")}
        for role in (ENGINE, RETENTION):
            if role not in known:
                owner.execute(sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(role)))
        if app not in known:
            # NOINHERIT: what the engine may do, the application may do only after saying SET ROLE.
            statement = "CREATE ROLE {} LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}"
            owner.execute(sql.SQL(statement).format(sql.Identifier(app), sql.Literal(password)))
        for role in (ENGINE, RETENTION):
            owner.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(app)))


def make_database(owner_url: str, name: str) -> None:
    """Make an empty database if there is none of that name."""
    with psycopg.connect(owner_url, autocommit=True) as owner:
        if owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            statement = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
            owner.execute(sql.SQL(statement).format(sql.Identifier(name)))


def check_role() -> None:
    """Refuse to run as a role that the second wall would not hold back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p'))"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        name, superuser, bypasses, owns = cursor.fetchone()
    faults = [text for wrong, text in ((superuser, "is a superuser"), (bypasses, "has BYPASSRLS"), (owns, "owns tables")) if wrong]
    if faults:
        raise WrongRole(f"The database role {name} {' and '.join(faults)}; DATABASE_URL must name the application's own role.")


@contextmanager
def connected_as(url: str) -> Iterator[None]:
    """Point the default connection at another address for a while."""
    connection.close()
    kept = dict(connection.settings_dict)
    connection.settings_dict.update(database_of(url))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(kept)
