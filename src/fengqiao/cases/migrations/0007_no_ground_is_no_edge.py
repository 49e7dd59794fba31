"""Whoever has no ground is known by having no upper edge: a lower edge may be empty and still be one (docs/decisions/0009)."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

FOUND = import_module("fengqiao.cases.migrations.0006_found_by_words").FOUND
OTHERS = "concat(" + ", ".join(f"current_setting('app.hi{n}', true)" for n in (2, 3, 4)) + ")"
EXACT = FOUND.replace("IF low = '' THEN", f"IF high = '' AND {OTHERS} = '' THEN").replace(
    "coalesce(current_setting('app.lo2', true), '') = ''", f"{OTHERS} = ''"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0006_found_by_words")]
    operations: ClassVar = [migrations.RunSQL(EXACT, FOUND)]
