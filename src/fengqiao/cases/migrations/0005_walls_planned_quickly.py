"""The same walls, said so that PostgreSQL plans them in a third of the time (docs/decisions/0008).

Who sees which row is unchanged. What was granted is asked by a function, because a subquery is planned anew wherever a
statement names the table; and the condition stands in a CASE, because the planner looks up how common each edge of each
range is and then tries every index for every arm of the OR, of which it can use none.
"""

from typing import ClassVar

from django.db import migrations

RANGES = " OR ".join(
    f"({{area}} >= current_setting('app.lo{n}', true) AND {{area}} < current_setting('app.hi{n}', true))" for n in range(1, 5)
)
ORDERED = (
    "({alias}lead = nullif(current_setting('app.org', true), '')::uuid "
    "OR nullif(current_setting('app.org', true), '')::uuid = ANY({alias}assisting))"
)
# A subquery of one value: asked once for a statement, and only when no range has let the row through.
GRANTED = "{alias}id = ANY((SELECT public.case_granted())::uuid[])"
OPENED = "{alias}id::text = ANY(string_to_array(current_setting('app.opened', true), ','))"
SEATED = (
    "{alias}compartment = '' OR {alias}compartment = ANY(string_to_array(current_setting('app.compartments', true), ',')) "
    "OR current_setting('app.compartments', true) = '*'"
)
WHOLE = "CASE WHEN {condition} THEN true ELSE false END"

# The table by its full name, so that no temporary table of the same name can stand before it.
FUNCTION = """
CREATE FUNCTION public.case_granted() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN ARRAY(
    SELECT g.case_id FROM unnest(string_to_array(current_setting('app.grantees', true), ',')) AS mine(name)
    JOIN public.case_grant g ON g.grantee = mine.name);
END $$;
"""


def visible(alias: str = "") -> str:
    """Return the condition under which a row lies in the actor's sight."""
    return WHOLE.format(condition=f"{RANGES} OR {ORDERED} OR {GRANTED} OR {OPENED}".format(area=f"{alias}area", alias=alias))


def seated(alias: str = "") -> str:
    """Return the condition under which a sealed row may be seen."""
    return WHOLE.format(condition=f"{SEATED} OR {OPENED} OR {ORDERED} OR {GRANTED}".format(alias=alias))


POLICIES = f"""
ALTER POLICY sight ON cases USING ({visible()});
ALTER POLICY hold ON cases USING ({visible()}) WITH CHECK (false);
ALTER POLICY seat ON cases USING ({seated()});
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0004_newest")]
    operations: ClassVar = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION public.case_granted()"),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
