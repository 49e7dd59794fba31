"""Results by time: of a day's events only those are read that say how much was handled (of a million cases, a tenth of the day)."""

from typing import ClassVar

from django.db import migrations

MAKE = "CREATE INDEX case_event_results ON case_event (at) WHERE move = ANY('{feed_back,settle_on_spot}')"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cockpit", "0003_what_is_counted"), ("cases", "0004_newest")]
    operations: ClassVar = [migrations.RunSQL(MAKE, "DROP INDEX case_event_results")]
