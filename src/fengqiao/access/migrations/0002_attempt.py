"""What is slowed down is kept by the doors, not by one room; the table stays where it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("intake", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Attempt",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("source", models.CharField(max_length=64)),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "intake_lookup",
                        "indexes": [models.Index(fields=["source", "at"], name="intake_lookup_source")],
                    },
                ),
            ],
        ),
    ]
