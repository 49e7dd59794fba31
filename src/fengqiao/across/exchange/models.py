"""Who is told of what, and every telling."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from fengqiao.across.exchange.terms import Status


class Endpoint(models.Model):
    """An address of another system that is told of what happens on its owner's ground."""

    id = models.UUIDField(primary_key=True)
    url = models.URLField(max_length=500)
    description = models.CharField(max_length=120, blank=True, default="")
    topics = ArrayField(models.CharField(max_length=60))
    area = models.CharField(max_length=15, db_collation="C")
    organisation = models.UUIDField(null=True)
    secret = models.BinaryField(help_text="sealed by the house's own key")
    old_secret = models.BinaryField(null=True)
    old_until = models.DateTimeField(null=True)
    cursor = models.BigIntegerField(default=0, help_text="events up to this one were drawn")
    paused = models.BooleanField(default=False)
    paused_why = models.CharField(max_length=120, blank=True, default="")
    failures = models.IntegerField(default=0, help_text="in a row")
    delivered_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [models.CheckConstraint(condition=~models.Q(topics=[]), name="some_topic")]


class Delivery(models.Model):
    """One event on its way to one endpoint; ids only, the receiver fetches the rest."""

    id = models.UUIDField(primary_key=True)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField()
    seq = models.BigIntegerField(null=True, help_text="none for a test")
    topic = models.CharField(max_length=60)
    case_id = models.UUIDField(null=True)
    area = models.CharField(max_length=15, blank=True, default="")
    happened_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    tries = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    answered = models.SmallIntegerField(null=True, help_text="the last HTTP status")
    fault = models.CharField(max_length=200, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="one_delivery_an_event"),
            models.CheckConstraint(condition=models.Q(status=Status.WAITING) ^ models.Q(next_at=None), name="waits_for_a_time"),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="delivery_due", condition=models.Q(next_at__isnull=False)),
            models.Index(fields=["endpoint", "-id"], name="delivery_of"),
        ]
