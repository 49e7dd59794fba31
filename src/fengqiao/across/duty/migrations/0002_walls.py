"""Records of duty only grow, and are seen on their own ground; the following begins with what is published from now on."""

from typing import ClassVar

from django.db import migrations

from fengqiao.access.walls import names, range_clause, setting
from fengqiao.audit.append_only import OnlyGrows

SIGHT = f"({range_clause()} OR ('org:' || organisation) = ANY ({names('grantees')}) OR {setting('actor')} LIKE 'machine:%')"
GROWS = ("duty_redcard", "duty_interview", "duty_logentry", "duty_handover", "duty_taking")
OF_GROUND = ("duty_logentry", "duty_handover", "duty_taking")


def walls(table: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY sight ON {table} FOR SELECT TO fengqiao_app USING {SIGHT};
CREATE POLICY writing ON {table} FOR INSERT TO fengqiao_app WITH CHECK {SIGHT};
CREATE POLICY retention ON {table} FOR ALL TO fengqiao_retention USING (true);
"""


def back(table: str) -> str:
    return f"""
DROP POLICY sight ON {table};
DROP POLICY writing ON {table};
DROP POLICY retention ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""


BEGIN = "INSERT INTO duty_progress (name, seq, tries) SELECT 'follow', coalesce(max(published_seq), 0), 0 FROM case_outbox"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("duty", "0001_initial"), ("cases", "0002_walls"), ("audit", "0002_only_grows")]
    operations: ClassVar = [
        *(OnlyGrows(table) for table in GROWS),
        *(migrations.RunSQL(walls(table), back(table)) for table in OF_GROUND),
        migrations.RunSQL(BEGIN, "DELETE FROM duty_progress"),
    ]
