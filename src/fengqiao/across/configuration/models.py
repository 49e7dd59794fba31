"""What was changed, by whom, from which day; and how the machine's own work goes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from fengqiao.base.words import _


class Change(models.Model):
    """One change of one subject: what was, what is to be, from which day, and what became of it. It is never edited into another."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a second person")
        PLANNED = "planned", _("Planned")
        IN_FORCE = "in_force", _("In force")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        FAILED = "failed", _("Could not come into force")

    id = models.UUIDField(primary_key=True)
    subject = models.CharField(max_length=30)
    about = models.CharField(max_length=120)
    before = models.JSONField(null=True, help_text="nothing: it was not there")
    after = models.JSONField()
    since = models.DateField()
    reason = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    made_post = models.CharField(max_length=40, blank=True, default="")
    answered_at = models.DateTimeField(null=True, help_text="confirmed or withdrawn")
    answered_by = models.CharField(max_length=80, blank=True, default="")
    applied_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True, default="")
    reverts = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reverted_by")

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "about", "since"], condition=Q(state__in=("waiting", "planned")), name="one_plan_a_day"
            ),
            models.CheckConstraint(condition=~Q(answered_by=models.F("made_by")) | Q(state="withdrawn"), name="two_persons_confirm"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "about", "-made_at"], name="change_of_subject"),
            models.Index(fields=["since"], name="change_planned", condition=Q(state="planned")),
        ]


class JobState(models.Model):
    """How one of the worker's jobs went last; one row a job."""

    job = models.CharField(primary_key=True, max_length=120)
    every = models.FloatField(help_text="seconds between two passes")
    at = models.DateTimeField()
    went_well_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    trouble = models.CharField(max_length=300, blank=True, default="")
