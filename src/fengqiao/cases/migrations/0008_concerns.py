"""A request about personal data concerns another case."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_no_ground_is_no_edge")]

    operations = [
        migrations.AlterField(
            model_name="link",
            name="relation",
            field=models.CharField(
                choices=[
                    ("merged_into", "Merged into"),
                    ("child_of", "Part of"),
                    ("converted_from", "Converted from"),
                    ("split_from", "Split from"),
                    ("recurrence_of", "Happened again after"),
                    ("concerns", "Asks about the data of"),
                ],
                max_length=20,
            ),
        ),
    ]
