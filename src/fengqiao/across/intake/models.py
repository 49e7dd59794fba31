"""What only intake knows: codes that hang somewhere, rules of routing, where else to go, notices, and rows taken over."""

from django.db import models
from django.db.models import F, Q


class ReportCode(models.Model):
    """A code on a wall. Its token says nothing; what it stands for can be looked up, changed and revoked here."""

    token = models.CharField(primary_key=True, max_length=12)
    spot = models.CharField(max_length=12)
    area = models.CharField(max_length=20, db_collation="C", db_index=True)
    label = models.CharField(max_length=80)
    label_en = models.CharField(max_length=120, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    batch = models.UUIDField(db_index=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "intake_report_code"
        ordering = ["area", "label", "token"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False), name="code_has_a_whole_point"
            ),
        ]


class CodeUse(models.Model):
    """How often a code was opened on a day, and how often somebody then reported; counts, never who."""

    pk = models.CompositePrimaryKey("code_id", "day")
    code = models.ForeignKey(ReportCode, on_delete=models.CASCADE, related_name="uses")
    day = models.DateField()
    scans = models.PositiveIntegerField(default=0)
    reports = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "intake_code_use"


class RoutingRule(models.Model):
    """Who should take what: the first rule that fits proposes; a person decides.

    Empty conditions fit everything. ``words`` are separated by spaces; one of them in the text is enough.
    """

    position = models.PositiveIntegerField()
    category = models.CharField(max_length=8, blank=True, default="")
    area = models.CharField(max_length=20, blank=True, default="", db_collation="C")
    weekdays = models.CharField(max_length=7, blank=True, default="", help_text="1 is Monday; empty is every day")
    from_time = models.TimeField(null=True, blank=True)
    until_time = models.TimeField(null=True, blank=True)
    words = models.CharField(max_length=200, blank=True, default="")
    level = models.CharField(max_length=10, default="town")
    organisation_kind = models.CharField(max_length=20, blank=True, default="")
    field = models.CharField(max_length=20, blank=True, default="", help_text="trade of the organisation")
    organisation = models.UUIDField(null=True, blank=True)
    desk = models.CharField(max_length=20, blank=True, default="")
    becomes = models.CharField(max_length=8, blank=True, default="", help_text="category that is proposed instead")
    effective_from = models.DateField()
    active = models.BooleanField(default=True)
    note = models.CharField(max_length=200, blank=True, default="")
    note_en = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "intake_routing_rule"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_time__isnull=True, until_time__isnull=True)
                | (Q(from_time__isnull=False, until_time__isnull=False) & ~Q(from_time=F("until_time"))),
                name="rule_has_a_whole_window",
            ),
        ]


class Redirect(models.Model):
    """What is not for us, and where it goes instead (handbook B2)."""

    key = models.CharField(primary_key=True, max_length=30)
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    where = models.CharField(max_length=200)
    where_en = models.CharField(max_length=300)
    phone = models.CharField(max_length=30, blank=True, default="")
    urgent = models.BooleanField(default=False)
    words = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        db_table = "intake_redirect"
        ordering = ["position"]


class Notice(models.Model):
    """A version of the privacy notice; a case keeps the version that was shown (L9 §17)."""

    version = models.CharField(primary_key=True, max_length=20)
    text = models.TextField()
    text_en = models.TextField()
    effective_from = models.DateField()

    class Meta:
        db_table = "intake_notice"
        ordering = ["-effective_from"]


class TakenRow(models.Model):
    """A row of an imported list that became a case; the same row never becomes two."""

    digest = models.CharField(primary_key=True, max_length=64)
    source = models.CharField(max_length=20)
    external = models.CharField(max_length=60, blank=True, default="")
    case_id = models.UUIDField()
    number = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        db_table = "intake_taken_row"
        indexes = [models.Index(fields=["source", "external"], name="intake_taken_external")]
