"""The second wall: a notice is seen by the person it is for, and by the house itself."""

from typing import ClassVar

from django.db import migrations

MINE = "('person:' || person_id) = ANY(string_to_array(current_setting('app.grantees', true), ','))"
HOUSE = "current_setting('app.actor', true) LIKE 'machine:%'"

WALLS = f"""
ALTER TABLE notices_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE notices_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY sight ON notices_notice TO fengqiao_app USING ({MINE} OR {HOUSE}) WITH CHECK ({MINE} OR {HOUSE});
"""
BACK = """
DROP POLICY sight ON notices_notice;
ALTER TABLE notices_notice NO FORCE ROW LEVEL SECURITY;
ALTER TABLE notices_notice DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("notices", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(WALLS, BACK)]
