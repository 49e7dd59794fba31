"""Makes a district of a million out of one of a hundred thousand: each loaded case is copied with all that hangs on it.

The bulk path brings in what an import would, chain and all; a million that way takes longer than the whole measurement. So
the rest are copies, made in the database: other ids, other numbers, the same days, places, words and stories. The chain of a
copy is that of its original and would not verify; nothing that is measured reads it, and the district is thrown away.
"""

import sys
from typing import Any

import psycopg

# What is an id in each table. A copy gets its own, the same wherever the original's stands: another version digit, so that
# two never meet and their order in time stays.
IDS: dict[str, set[str]] = {
    "cases": {"id", "matter"},
    "case_event": {"id", "case_id", "act_id"},
    "case_payload": {"event_id", "case_id"},
    "case_clock": {"case_id"},
    "case_rung": {"id", "case_id"},
    "case_request": {"id", "case_id"},
    "case_reporter": {"case_id"},
    "case_grant": {"case_id"},
    "case_search": {"case_id"},
    "case_outbox": {"id", "case_id", "event_id"},
    "case_act": {"act_id", "case_id"},
    "day_case": {"case_id"},
}
COPIES = "SELECT count(*) FROM cases WHERE substr(id::text, 15, 1) <> '7'"
OTHERWISE = {
    ("cases", "number"): "pg_temp.numbered(number, %(copy)s)",
    ("case_act", "key"): "t.key || '#%(copy)s'",
    ("case_search", "words"): "ts_delete(t.words, c.number) || array_to_tsvector(ARRAY[pg_temp.numbered(c.number, %(copy)s)])",
    ("case_outbox", "published_seq"): "nextval('case_published_seq')",
}
FUNCTIONS = """
CREATE FUNCTION pg_temp.copied(id uuid, copy int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT overlay(id::text PLACING to_hex((7 + copy) % 16) FROM 15)::uuid
$$;
CREATE FUNCTION pg_temp.numbered(number text, copy int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE digits text := left(number, 17) || lpad((substr(number, 18, 5)::int + copy * 10000)::text, 5, '0'); product int := 10;
BEGIN
  FOR place IN 1..22 LOOP
    product := (substr(digits, place, 1)::int + product) % 10;
    product := (CASE product WHEN 0 THEN 10 ELSE product END) * 2 % 11;
  END LOOP;
  RETURN digits || ((11 - product) % 10);
END $$;
"""
MOST_COPIES = 9  # the serial of a number has five digits, and a copy takes the first


def multiply(url: str, wanted: int) -> int:
    """Copy cases until there are so many; returns how many were made."""
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL synchronous_commit = off")
        connection.execute("CREATE TEMP TABLE original AS SELECT id, number, row_number() OVER (ORDER BY id) AS place FROM cases")
        connection.execute("ALTER TABLE original ADD PRIMARY KEY (id)")
        connection.execute(FUNCTIONS)
        row = connection.execute("SELECT count(*) FROM original").fetchone()
        there = loaded = row[0] if row else 0
        if wanted > loaded * (MOST_COPIES + 1):
            raise SystemExit(f"{loaded} cases cannot become {wanted}.")
        for copy in range(1, MOST_COPIES + 1):
            if there < wanted:
                sys.stderr.write(f"{there:,} cases ...\n")
                _copy(connection, copy, min(loaded, wanted - there))
                there += min(loaded, wanted - there)
        connection.execute("UPDATE day_fold SET upto = (SELECT last_value FROM case_published_seq)")
        return there - loaded


def _copy(connection: "psycopg.Connection[Any]", copy: int, most: int) -> None:
    for table, ids in IDS.items():
        columns = [
            name for (name,) in connection.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
                                                   "AND NOT attisdropped AND attgenerated = '' AND attidentity = ''", [table])
        ]  # fmt: skip
        values = []
        for name in columns:
            said = f"pg_temp.copied(t.{name}, {copy})" if name in ids else f"t.{name}"
            values.append(OTHERWISE.get((table, name), said).replace("%(copy)s", str(copy)).replace("(number,", "(t.number,"))
        key = "id" if table == "cases" else "case_id"
        connection.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} t "  # type: ignore[arg-type]
            f"JOIN original c ON c.id = t.{key} WHERE c.place <= {most}"
        )
