"""Database addresses: from a URL to Django's settings, and from parts to a URL."""

from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit


def database_of(url: str, pool: int = 0) -> dict[str, Any]:
    """Return Django's description of the database at a URL; without one, something that says so when used."""
    parts = urlsplit(url or "postgresql:///no-database-url-given")
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("DATABASE_URL must begin with postgresql://")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    host = query.pop("host", "") or unquote(parts.hostname or "")
    # Without a threshold psycopg prepares nothing, not even what asks for it (`people.statements`).
    options: dict[str, Any] = {"prepare_threshold": 5, **query}
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": options,
    }


def address(user: str, password: str, name: str, host: str, port: int | None = None) -> str:
    """Return the URL of a database; a host with a slash is the directory of a socket."""
    door = "" if host.startswith("/") else host + (f":{port}" if port else "")
    query = "?" + urlencode({"host": host}) if host.startswith("/") else ""
    return f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@{door}/{quote(name, safe='')}{query}"


def renamed(url: str, name: str) -> str:
    """Return the same address for another database of the same server."""
    return urlsplit(url)._replace(path="/" + quote(name, safe="")).geturl()


def as_user(url: str, user: str, password: str) -> str:
    """Return the same address for another user."""
    parts = urlsplit(url)
    door = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{quote(user, safe='')}:{quote(password, safe='')}@{door}").geturl()
