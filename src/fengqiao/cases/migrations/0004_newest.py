"""A list of one state, newest first, no longer reads all newer cases of other states."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_soonest_due"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["state", "created_at", "id"], name="cases_state_newest"),
        ),
    ]
