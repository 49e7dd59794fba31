"""The witness's tables refuse to be changed."""

from django.db import migrations

from fengqiao.audit.append_only import OnlyGrows


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [OnlyGrows(f"audit_{table}") for table in ("accesslog", "signinlog", "breakglass", "deed")]
