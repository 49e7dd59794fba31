"""What the witness writes down. No foreign keys: the record outlives whatever it tells of."""

from typing import ClassVar

from django.db import models

from fengqiao.base.words import _


class AccessLog(models.Model):
    """Somebody read a case of C2 or above."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor = models.CharField(max_length=80)
    post = models.CharField(max_length=40, blank=True, default="")
    org = models.CharField(max_length=36, blank=True, default="")
    case_id = models.UUIDField()
    confidentiality = models.SmallIntegerField()
    purpose = models.CharField(max_length=200, blank=True, default="")
    what = models.CharField(max_length=40, default="case")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(confidentiality__lt=3) | ~models.Q(purpose=""), name="c3_read_has_a_purpose"),
            models.CheckConstraint(condition=models.Q(confidentiality__range=(0, 4)), name="read_c0_to_c4"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case_id", "at"], name="access_log_case"),
            models.Index(fields=["actor", "at"], name="access_log_actor"),
            models.Index(fields=["at"], name="access_log_at"),
        ]


class SignInLog(models.Model):
    """Somebody came in, went out, or was turned away at the door."""

    class Outcome(models.TextChoices):
        SIGNED_IN = "signed_in", _("Signed in")
        SIGNED_OUT = "signed_out", _("Signed out")
        REFUSED = "refused", _("Wrong password")
        LOCKED = "locked", _("Locked out")
        SESSION_OVER = "session_over", _("Away too long")
        POST_CHANGED = "post_changed", _("Changed post")
        SECOND_FACTOR = "second_factor", _("Second factor changed")

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    person = models.CharField(max_length=36, blank=True, default="")
    username = models.CharField(max_length=150, blank=True, default="")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    address = models.GenericIPAddressField(null=True)
    detail = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["at"], name="sign_in_at"),
            models.Index(fields=["person", "at"], name="sign_in_person"),
        ]


class BreakGlass(models.Model):
    """Somebody opened a sealed case without a seat, said why, and may look until a moment."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    until = models.DateTimeField()
    person = models.CharField(max_length=36)
    post = models.CharField(max_length=40)
    org = models.CharField(max_length=36, blank=True, default="")
    case_id = models.UUIDField()
    compartment = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="glass_has_a_reason"),
            models.CheckConstraint(condition=models.Q(until__gt=models.F("at")), name="glass_closes_again"),
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="break_glass_at")]


class Deed(models.Model):
    """An act of administration that is no move of a case: a post changed, a key made, a setting edited, an export."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    post = models.CharField(max_length=40, blank=True, default="")
    what = models.CharField(max_length=60)
    about = models.CharField(max_length=120, blank=True, default="")
    said = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="deed_at"), models.Index(fields=["what", "at"], name="deed_what")]
