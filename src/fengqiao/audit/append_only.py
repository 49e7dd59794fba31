"""SQL for tables that only grow: a trigger refuses every change, and the deletion of what is not old enough."""

from django.db import migrations

KEPT = "6 months"
"""Network logs are kept at least so long (L13 §21)."""

FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Only the retention role may drop a row, and only when it is old enough.
    IF TG_OP = 'DELETE' AND current_user = 'fengqiao_retention' AND OLD.at < now() - interval '{KEPT}' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


class OnlyGrows(migrations.RunSQL):
    """A migration operation: a table that refuses UPDATE and DELETE; to TRUNCATE the app has no right."""

    def __init__(self, table: str) -> None:
        self._table = table
        super().__init__(
            [
                FUNCTION,
                f"CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_only_grows()",
            ],
            [f"DROP TRIGGER only_grows ON {table}"],
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return type(self).__name__, [], {"table": self._table}
