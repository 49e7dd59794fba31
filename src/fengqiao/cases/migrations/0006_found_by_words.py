"""Search reads what matches by its own index, whatever the word (docs/decisions/0009).

The planner, which cannot know how common a word is, read the table from its newest end until four hundred matched: quick for
a common word, and for a rare one the whole table. Now the town is a word as well, so that the index itself meets the two; and
only the newest of what matches are looked up among the cases, where the whole wall is asked.
"""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

walls = import_module("fengqiao.cases.migrations.0005_walls_planned_quickly")

TOWNS = "UPDATE case_search SET words = words || array_to_tsvector(ARRAY['@' || left(area, 9)]);"

WALL = f"{walls.visible('c.')} AND {walls.seated('c.')}"
# By unnest, so that each is looked up and the table never read.
OWN = """
  SELECT s.case_id FROM unnest(ARRAY(
    SELECT o.id FROM cases o WHERE o.lead = org UNION SELECT o.id FROM cases o WHERE o.assisting @> ARRAY[org]
    UNION SELECT unnest(public.case_granted())
    UNION SELECT nullif(one, '')::uuid FROM unnest(string_to_array(current_setting('app.opened', true), ',')) AS one
  )) AS own(id) JOIN case_search s ON s.case_id = own.id WHERE s.words @@ sought"""
# Ordered by the bytes of the id: the same order, but not the index's, from which nobody shall read here.
NEWEST = "ORDER BY uuid_send(m.case_id) DESC"
FOUND = f"""
CREATE OR REPLACE FUNCTION case_found(sought tsquery, most int) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
  low text := coalesce(current_setting('app.lo1', true), '');
  high text := coalesce(current_setting('app.hi1', true), '');
  town text := left(low, 9);
  org uuid := nullif(current_setting('app.org', true), '')::uuid;
BEGIN
  IF low = '' THEN
    RETURN QUERY SELECT h.case_id FROM (SELECT m.case_id FROM ({OWN}) m {NEWEST}) h
      JOIN cases c ON c.id = h.case_id WHERE {WALL} LIMIT most;
  ELSIF length(town) = 9 AND left(high, 9) = town AND coalesce(current_setting('app.lo2', true), '') = '' THEN
    RETURN QUERY SELECT h.case_id FROM (SELECT m.case_id FROM (
        SELECT s.case_id FROM case_search s
        WHERE s.words @@ (sought && ('''@' || town || '''')::tsquery) AND s.area >= low AND s.area < high
        UNION {OWN}) m {NEWEST}) h
      JOIN cases c ON c.id = h.case_id WHERE {WALL} LIMIT most;
  ELSIF (SELECT count(*) FROM (SELECT 1 FROM case_search s WHERE s.words @@ sought LIMIT 30000) AS few) < 30000 THEN
    RETURN QUERY SELECT h.case_id FROM (SELECT m.case_id FROM case_search m WHERE m.words @@ sought {NEWEST}) h
      JOIN cases c ON c.id = h.case_id WHERE {WALL} LIMIT most;
  ELSE
    -- A word so common that the newest few thousand cases hold enough of it.
    RETURN QUERY SELECT s.case_id FROM case_search s JOIN cases c ON c.id = s.case_id
      WHERE s.words @@ sought AND {WALL} ORDER BY s.case_id DESC LIMIT most;
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0005_walls_planned_quickly")]
    operations: ClassVar = [migrations.RunSQL(TOWNS, migrations.RunSQL.noop), migrations.RunSQL(FOUND, migrations.RunSQL.noop)]
