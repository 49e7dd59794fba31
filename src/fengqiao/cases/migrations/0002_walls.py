"""The second wall: who may read which row, who may write at all, and what nobody may change (decisions 4, 18-20)."""

from typing import ClassVar

from django.db import migrations

RANGES = " OR ".join(
    f"({{area}} >= current_setting('app.lo{n}', true) AND {{area}} < current_setting('app.hi{n}', true))" for n in range(1, 5)
)
# Uncorrelated, so that PostgreSQL asks it once for a statement and not once for a row (measured: 249 ms against 0.1 ms);
# by way of unnest, so that it takes the index on grantee.
GRANTED = (
    "{id} = ANY(ARRAY(SELECT g.case_id FROM unnest(string_to_array(current_setting('app.grantees', true), ',')) AS mine(name) "
    "JOIN case_grant g ON g.grantee = mine.name))"
)
# Whoever leads or assists is on the row itself; an organisation of ten thousand orders needs no grants for them.
ORDERED = (
    "({alias}lead = nullif(current_setting('app.org', true), '')::uuid "
    "OR nullif(current_setting('app.org', true), '')::uuid = ANY({alias}assisting))"
)
OPENED = "{id}::text = ANY(string_to_array(current_setting('app.opened', true), ','))"
SEATED = (
    "{compartment} = '' OR {compartment} = ANY(string_to_array(current_setting('app.compartments', true), ',')) "
    "OR current_setting('app.compartments', true) = '*'"
)


def visible(alias: str = "") -> str:
    """Return the condition under which a row lies in the actor's sight."""
    return f"({RANGES} OR {ORDERED} OR {GRANTED} OR {OPENED})".format(area=f"{alias}area", id=f"{alias}id", alias=alias)


def seated(alias: str = "") -> str:
    """Return the condition under which a sealed row may be seen."""
    names = {"compartment": f"{alias}compartment", "id": f"{alias}id", "alias": alias}
    return f"({SEATED} OR {OPENED} OR {ORDERED} OR {GRANTED})".format(**names)


# A scalar subquery and not EXISTS: the planner would hash an EXISTS by reading all cases for the clocks of one.
CHILDREN = ["case_event", "case_payload", "case_clock", "case_rung", "case_request", "case_reporter", "case_outbox", "case_key"]
ENGINE_WRITES = ["cases", *CHILDREN, "case_link", "case_grant", "case_search", "case_anchor", "case_head"]

WALLS = (
    f"""
ALTER TABLE cases ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases FORCE ROW LEVEL SECURITY;
CREATE POLICY sight ON cases FOR SELECT TO fengqiao_app USING {visible()};
CREATE POLICY hold ON cases FOR UPDATE TO fengqiao_app USING {visible()} WITH CHECK (false);
CREATE POLICY seat ON cases AS RESTRICTIVE FOR ALL TO fengqiao_app USING {seated()};
CREATE POLICY engine ON cases FOR ALL TO fengqiao_engine USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (locked) ON cases TO fengqiao_app;
"""
    + "".join(
        f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY sight ON {table} FOR SELECT TO fengqiao_app USING ((SELECT true FROM cases c WHERE c.id = {table}.case_id));
CREATE POLICY engine ON {table} FOR ALL TO fengqiao_engine USING (true) WITH CHECK (true);
GRANT SELECT ON {table} TO fengqiao_app;
"""
        for table in CHILDREN
    )
    + """
ALTER TABLE case_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_link FORCE ROW LEVEL SECURITY;
CREATE POLICY sight ON case_link FOR SELECT TO fengqiao_app
  USING ((SELECT true FROM cases c WHERE c.id = case_link.case_id) OR (SELECT true FROM cases c WHERE c.id = case_link.other_id));
CREATE POLICY engine ON case_link FOR ALL TO fengqiao_engine USING (true) WITH CHECK (true);
GRANT SELECT ON case_link, case_grant, case_anchor, case_head TO fengqiao_app;
GRANT SELECT, INSERT, DELETE ON case_act TO fengqiao_app;
GRANT SELECT, INSERT ON case_serial_block TO fengqiao_app;
CREATE SEQUENCE case_published_seq;
GRANT USAGE ON SEQUENCE case_published_seq TO fengqiao_engine;
"""
    + "".join(f"GRANT SELECT, INSERT, UPDATE ON {table} TO fengqiao_engine;\n" for table in ENGINE_WRITES)
    + """
CREATE POLICY retention ON case_payload FOR ALL TO fengqiao_retention USING (true) WITH CHECK (true);
CREATE POLICY retention ON case_key FOR ALL TO fengqiao_retention USING (true) WITH CHECK (true);
CREATE POLICY retention ON case_reporter FOR ALL TO fengqiao_retention USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON case_payload, case_reporter TO fengqiao_retention;
GRANT SELECT, DELETE ON case_key TO fengqiao_retention;
"""
)

NO_WAY_BACK = """
DROP POLICY IF EXISTS sight ON cases;
"""

TRIGGERS = """
CREATE FUNCTION case_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'case_event is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER case_event_stays BEFORE UPDATE OR DELETE ON case_event FOR EACH ROW EXECUTE FUNCTION case_event_stays();
CREATE TRIGGER case_event_not_emptied BEFORE TRUNCATE ON case_event FOR EACH STATEMENT EXECUTE FUNCTION case_event_stays();

CREATE FUNCTION case_payload_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_user = 'fengqiao_retention' AND NEW.body IS NULL AND NEW.erased_at IS NOT NULL
     AND NEW.event_id = OLD.event_id AND NEW.case_id = OLD.case_id AND NEW.salt = OLD.salt THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what was said is kept; only the retention role may erase it' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER case_payload_stays BEFORE UPDATE OR DELETE ON case_payload FOR EACH ROW EXECUTE FUNCTION case_payload_stays();
"""

SEARCH = f"""
CREATE INDEX cases_assisting ON cases USING gin (assisting);
CREATE FUNCTION case_found(sought tsquery, most int) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT s.case_id FROM case_search s JOIN cases c ON c.id = s.case_id
  WHERE s.words @@ sought AND {visible("c.")} AND {seated("c.")}
  ORDER BY s.case_id DESC LIMIT most
$$;
REVOKE ALL ON FUNCTION case_found(tsquery, int) FROM public;
GRANT EXECUTE ON FUNCTION case_found(tsquery, int) TO fengqiao_app;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(WALLS, NO_WAY_BACK),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
    ]
