"""What somebody was told, what a reporter was told, and what of it is on its way out of the house."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.base.words import _


class Notice(models.Model):
    """Something one person must know. The sentence stays as it was marked; whoever reads it gets their language."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    once = models.CharField(max_length=120, help_text="what it is about: told twice, a person hears it once")
    at = models.DateTimeField()
    sentence = models.CharField(max_length=300)
    because = models.CharField(max_length=300, blank=True, default="", help_text="why it comes to this person of all")
    facts = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True, default="")
    urgent = models.BooleanField(default=False)
    quiet = models.BooleanField(default=False, help_text="outside the house not even the number is said")
    wakes = models.BooleanField(default=False, help_text="goes out at any hour and by itself: an emergency")
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "once"], name="told_once")]
        indexes: ClassVar = [
            models.Index(fields=["person", "-at", "-id"], name="notice_of_person"),
            models.Index(fields=["person"], name="notice_unread", condition=Q(read_at=None)),
            models.Index(fields=["-at"], name="notice_by_time"),
        ]


class Told(models.Model):
    """What whoever reported something was told; kept for their page, whether or not a message could be sent."""

    id = models.UUIDField(primary_key=True)
    about = models.UUIDField(help_text="the case, or whatever else it is about; the kit does not ask")
    once = models.CharField(max_length=120)
    at = models.DateTimeField()
    sentence = models.CharField(max_length=300)
    facts = models.JSONField(default=dict)
    quiet = models.BooleanField(default=False)
    wakes = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["about", "once"], name="reporter_told_once")]
        indexes: ClassVar = [models.Index(fields=["about", "at"], name="told_about"), models.Index(fields=["-at"], name="told_by_time")]


class Wish(models.Model):
    """When somebody wishes to be spared; who has none is spared in the quiet hours of the house."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="wish")
    quiet_from = models.TimeField()
    quiet_until = models.TimeField(help_text="the same as the beginning: never quiet")
    days_off = models.BooleanField(default=False, help_text="whole days that are not worked as well")


class Template(models.Model):
    """A centre's own words for an event, in a language, for a channel (none: for all), from a moment on; never edited, only followed."""

    id = models.UUIDField(primary_key=True)
    event = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    channel = models.CharField(max_length=20, blank=True, default="")
    text = models.CharField(max_length=300)
    since = models.DateTimeField()
    written_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["event", "language", "channel", "-since"], name="template_in_force")]


class Delivery(models.Model):
    """One notice on its way out by one channel: sent, held, folded into a digest, tried again later and later, or given up."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        HELD = "held", _("Held back")
        SENT = "sent", _("Sent out")
        FOLDED = "folded", _("Sent in a digest")
        NEEDLESS = "needless", _("Not needed any more")
        DEAD = "dead", _("Given up")

    id = models.UUIDField(primary_key=True)
    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="deliveries", db_constraint=False)
    told = models.ForeignKey(Told, null=True, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=60, help_text="a way to one person, or a group: chat:CODE")
    once = models.CharField(max_length=120, null=True, help_text="of a group: what it is about, so that it hears it once")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    wakes = models.BooleanField(default=False, help_text="goes before all others, and is never held")
    held = models.CharField(max_length=10, blank=True, default="", help_text="why it was held: quiet hours, a flood, enough for a day")
    within = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="folded", help_text="the digest it went out in")
    recipient = models.CharField(max_length=80, blank=True, default="", help_text="a person, the fingerprint of a number, or a group")
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=120, blank=True, default="", help_text="the gateway's own number")
    trouble = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(notice=None, told__isnull=False) | Q(notice__isnull=False, told=None), name="delivery_of_one_thing"
            ),
            models.UniqueConstraint(fields=["notice", "channel"], name="notice_once_a_channel"),
            models.UniqueConstraint(fields=["told", "channel"], name="told_once_a_channel"),
            models.UniqueConstraint(fields=["channel", "once"], name="group_told_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-wakes", "next_at"], name="notice_delivery_next", condition=Q(status__in=("waiting", "held"))),
            models.Index(fields=["-made_at", "-id"], name="notice_delivery_by_time"),
            models.Index(fields=["recipient", "channel", "-sent_at"], name="notice_delivery_of_one", condition=Q(status="sent")),
            models.Index(fields=["-made_at"], name="notice_delivery_dead", condition=Q(status="dead")),
        ]
