"""Statements that the server keeps prepared: planning them anew each time costs more than running them.

Django binds values on the client and so never prepares; what is asked here goes through the same connection and
transaction all the same. For statements whose plan does not depend on their values; lists are planned anew.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection


def prepared(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows."""
    with cursor(sql, values) as found:
        return found.fetchall()


def cursor(sql: str, values: Sequence[Any]) -> psycopg.Cursor[tuple[Any, ...]]:
    """Run a statement and return its cursor, for whoever wants the names of the columns."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        asked = psycopg.Cursor(connection.connection)
        asked.execute(sql, values, prepare=True)
    if connection.queries_logged:
        connection.queries_log.append({"sql": sql, "time": "0.000"})
    return asked
