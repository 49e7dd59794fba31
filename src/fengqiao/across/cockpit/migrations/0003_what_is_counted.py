"""An update that counts something else recounts every case, and pages say so until it is done."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cockpit", "0002_walls")]
    operations: ClassVar = [
        migrations.AddField(
            "dayfold",
            "measures",
            models.CharField(max_length=64, default="", help_text="the digest of what is counted, so that an update counts anew"),
        ),
        migrations.AddField(
            "dayfold",
            "behind",
            models.BooleanField(default=False, help_text="what is counted has changed, and not all cases are counted anew yet"),
        ),
    ]
