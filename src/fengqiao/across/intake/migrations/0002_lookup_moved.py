"""What is slowed down is kept by the doors now; the table stays where it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("access", "0002_attempt")]

    operations = [migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="Lookup")])]
