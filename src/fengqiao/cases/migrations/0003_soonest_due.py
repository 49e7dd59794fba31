"""An index for lists that span states: soonest due first, whatever the ground."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0002_walls")]
    operations: ClassVar = [
        migrations.AddIndex(model_name="case", index=models.Index(fields=["sort_at", "id"], name="cases_due")),
    ]
