"""Statements on a shorter way than Django's: prepared by the server, bound there, and read in binary.

Planning a statement anew each time costs more than running it, and a page of fifty rows holds three hundred times of day,
which Django reads from text one by one. What is asked here goes through the same connection and transaction all the same.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

Cursor = psycopg.Cursor[tuple[Any, ...]]


def prepared(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement whose plan does not depend on its values, and return its rows."""
    return cursor(sql, values).fetchall()


def planned(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement that is planned for its values each time (lists), and return its rows."""
    return cursor(sql, values, prepare=False).fetchall()


def order(command: str) -> None:
    """Run a command without values and without rows (SET, RESET) by the shortest way there is; inside a transaction only."""
    django = connections[DEFAULT_DB_ALIAS]
    with django.wrap_database_errors:
        result = django.connection.pgconn.exec_(command.encode())
        if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(result)
    if django.queries_logged:
        django.queries_log.append({"sql": command, "time": "0.000"})


def cursor(sql: str, values: Sequence[Any], *, prepare: bool = True) -> Cursor:
    """Run a statement and return its cursor, for whoever wants the names of the columns."""
    django = connections[DEFAULT_DB_ALIAS]  # once: the usual name looks it up anew with every dot
    django.ensure_connection()
    with django.wrap_database_errors:
        asked: Cursor = psycopg.Cursor(django.connection)
        asked.execute(sql, values, prepare=prepare, binary=True)
    if django.queries_logged:
        django.queries_log.append({"sql": sql, "time": "0.000"})
    return asked
