"""Row-level security as text and as a migration operation: what an actor may see, said once more in the database.

Permissive: the row's area is in one of the actor's four ranges, or the row was granted to one of the actor's names, or
the glass was broken for it. Restrictive: a sealed compartment opens to its members only. The functions give SQL so that
a table with other needs can compose its own policy.
"""

from collections.abc import Sequence

from django.db import migrations

from fengqiao.access.acting import SLOTS

APP = "fengqiao_app"
ENGINE = "fengqiao_engine"


def setting(name: str) -> str:
    """Return an expression for a setting; after a transaction a setting reads '' and not NULL, so both are nothing."""
    return f"nullif(current_setting('app.{name}', true), '')"


def names(name: str) -> str:
    """Return an expression for a comma list as an array."""
    return f"string_to_array({setting(name)}, ',')"


def range_clause(area: str = "area") -> str:
    """The area lies in one of the ranges."""
    return " OR ".join(f"({area} >= {setting(f'lo{slot}')} AND {area} < {setting(f'hi{slot}')})" for slot in range(1, SLOTS + 1))


def grant_clause(id: str = "id", *, grants: str = "case_grant", granted: str = "case_id", grantee: str = "grantee") -> str:
    """The row was granted to one of the actor's names; uncorrelated, so that it is asked once and not for every row."""
    return f"{id} = ANY (ARRAY(SELECT {granted} FROM {grants} WHERE {grantee} = ANY ({names('grantees')})))"


def glass_clause(id: str = "id") -> str:
    """The glass was broken for the row."""
    return f"{id} = ANY (({names('opened')})::uuid[])"


def permissive_clause(area: str = "area", id: str = "id", *, grants: str = "case_grant") -> str:
    """Everything by which a row may be seen."""
    return f"{range_clause(area)} OR {grant_clause(id, grants=grants)} OR {glass_clause(id)}"


def compartment_clause(compartment: str = "compartment", id: str = "id") -> str:
    """The row is not sealed, or the actor sits in its compartment, or broke the glass, or is the house itself."""
    inside = f"{compartment} = ANY ({names('compartments')})"
    return f"{compartment} = '' OR {inside} OR {setting('compartments')} = '*' OR {glass_clause(id)}"


def walls_sql(
    table: str,
    *,
    area: str = "area",
    id: str = "id",
    compartment: str = "compartment",
    grants: str = "case_grant",
    readers: Sequence[str] = (APP,),
    writers: Sequence[str] = (ENGINE,),
) -> list[str]:
    """Return the statements that put the second wall around a table.

    Readers are walled in; writers, who are taken on for one statement after the policy was asked, and the owner, who
    migrates, are not. FORCE would otherwise blind the owner's own migrations.
    """
    reading, writing = ", ".join(readers), ", ".join(writers)
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY within_reach ON {table} AS PERMISSIVE FOR SELECT TO {reading} USING ({permissive_clause(area, id, grants=grants)})",
        # A policy for UPDATE without WITH CHECK of its own lets SELECT ... FOR UPDATE lock what may be seen, and no more.
        f"CREATE POLICY may_lock ON {table} AS PERMISSIVE FOR UPDATE TO {reading} "
        f"USING ({permissive_clause(area, id, grants=grants)}) WITH CHECK (false)",
        f"CREATE POLICY sealed ON {table} AS RESTRICTIVE FOR ALL TO {reading} USING ({compartment_clause(compartment, id)})",
        f"CREATE POLICY engine ON {table} AS PERMISSIVE FOR ALL TO {writing} USING (true) WITH CHECK (true)",
        f"CREATE POLICY owner ON {table} AS PERMISSIVE FOR ALL TO CURRENT_USER USING (true) WITH CHECK (true)",
    ]


def unwalled_sql(table: str) -> list[str]:
    """Return the statements that take the wall down again."""
    policies = [f"DROP POLICY {policy} ON {table}" for policy in ("within_reach", "may_lock", "sealed", "engine", "owner")]
    return [*policies, f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"]


class Walls(migrations.RunSQL):
    """A migration operation: row-level security around one table."""

    def __init__(
        self, table: str, *, area: str = "area", id: str = "id", compartment: str = "compartment", grants: str = "case_grant"
    ) -> None:
        put_up = walls_sql(table, area=area, id=id, compartment=compartment, grants=grants)
        super().__init__(tuple(put_up), tuple(unwalled_sql(table)))
        self._said = {"table": table, "area": area, "id": id, "compartment": compartment, "grants": grants}

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return type(self).__name__, [], dict(self._said)

    def describe(self) -> str:
        return f"Put row-level security around {self._said['table']}"
