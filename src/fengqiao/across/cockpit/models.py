"""What the cockpit remembers: counts by day and ground, what each case adds to them, how far it has counted, and baselines."""

from typing import ClassVar

from django.db import models


class DayCount(models.Model):
    """So many times something happened on a day, on a piece of ground (district, town or village); kept by ``counting``.

    What stands now has the day of ``counting.NOW``. Rows of a sealed compartment are seen by those who sit in it.
    """

    pk = models.CompositePrimaryKey("level", "day", "area", "compartment", "kind", "what")
    level = models.SmallIntegerField(help_text="length of the area's code")
    day = models.DateField()
    area = models.CharField(max_length=15, db_collation="C")
    compartment = models.CharField(max_length=40, blank=True, default="")
    kind = models.CharField(max_length=30)
    what = models.CharField(max_length=40, db_collation="C")
    n = models.IntegerField()

    class Meta:
        db_table = "day_count"


class DayCase(models.Model):
    """What one case has added to the counts, so that it can be taken out again, exactly, when the case moves on."""

    case_id = models.UUIDField(primary_key=True)
    seq = models.IntegerField()
    area = models.CharField(max_length=15, db_collation="C")
    compartment = models.CharField(max_length=40, blank=True, default="")
    kind = models.CharField(max_length=30)
    parts = models.JSONField(default=list)

    class Meta:
        db_table = "day_case"


class DayFold(models.Model):
    """How far the published events have been counted, and when the counts were last compared with a recount; one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    upto = models.BigIntegerField(default=0)
    folded_at = models.DateTimeField(null=True)
    compared = models.UUIDField(null=True, help_text="up to which case the counts were compared with a recount in this round")
    verified_at = models.DateTimeField(null=True, help_text="when the last whole round of comparing ended")
    measures = models.CharField(max_length=64, default="", help_text="the digest of what is counted, so that an update counts anew")
    behind = models.BooleanField(default=False, help_text="what is counted has changed, and not all cases are counted anew yet")
    mended = models.IntegerField(default=0, help_text="how often a count was found wrong or missing, and put right")

    class Meta:
        db_table = "day_fold"
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="one_fold")]


class Baseline(models.Model):
    """A figure of an earlier period or another place to compare with: imported with its source, never typed over."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80)
    figure = models.CharField(max_length=40, db_collation="C")
    area = models.CharField(max_length=15, db_collation="C", blank=True, default="")
    first_day = models.DateField()
    last_day = models.DateField()
    count = models.IntegerField(help_text="how often in the period; the part, where the figure is a share")
    whole = models.IntegerField(null=True, help_text="of how many, where the figure is a share")
    source = models.CharField(max_length=200)
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=80)

    class Meta:
        db_table = "day_baseline"
        ordering: ClassVar = ["name", "figure"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "figure", "area"], name="one_baseline_a_figure"),
            models.CheckConstraint(condition=models.Q(first_day__lte=models.F("last_day")), name="baseline_begins_before_it_ends"),
            models.CheckConstraint(condition=models.Q(count__gte=0), name="baseline_not_negative"),
            models.CheckConstraint(
                condition=models.Q(whole__isnull=True) | models.Q(whole__gte=models.F("count")), name="baseline_part_of_whole"
            ),
            models.CheckConstraint(condition=~models.Q(source=""), name="baseline_has_a_source"),
        ]
