"""Counts are seen on the reader's own ground and kept by the engine; the counting begins with the first event there is."""

from typing import ClassVar

from django.db import migrations

from fengqiao.access.walls import names, range_clause, setting

SEATED = f"(compartment = '' OR compartment = ANY ({names('compartments')}) OR {setting('compartments')} = '*')"


def walls(table: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY sight ON {table} FOR SELECT TO fengqiao_app USING (({range_clause()}) AND {SEATED});
CREATE POLICY engine ON {table} FOR ALL TO fengqiao_engine USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO fengqiao_engine;
"""


def back(table: str) -> str:
    return f"""
DROP POLICY sight ON {table};
DROP POLICY engine ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""


BEGIN = "INSERT INTO day_fold (id, upto, mended) VALUES (1, 0, 0)"
HELD = "GRANT SELECT, UPDATE ON day_fold TO fengqiao_engine"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cockpit", "0001_initial"), ("cases", "0004_newest")]
    operations: ClassVar = [
        *(migrations.RunSQL(walls(table), back(table)) for table in ("day_count", "day_case")),
        migrations.RunSQL(f"{BEGIN}; {HELD}", "DELETE FROM day_fold"),
    ]
