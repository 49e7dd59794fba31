"""Posts and their permissions, seats in sealed compartments, keys for programs, and what is slowed down."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Scope(models.TextChoices):
    """How far a post reaches: its area, the cases of its organisation, or only what is its holder's own."""

    AREA = "area"
    ORGANISATION = "organisation"
    OWN = "own"


class Post(models.Model):
    """A bundle of permissions with a name of the trade."""

    key = models.CharField(max_length=40, primary_key=True)
    title = models.CharField(max_length=80)
    title_zh = models.CharField(max_length=40)
    scope = models.CharField(max_length=12, choices=Scope.choices)
    privileged = models.BooleanField(default=False, help_text="needs a second factor and has a short session")


class PostPermission(models.Model):
    """One permission of a post: seeded by us, or given or taken by the centre, whose word stands at an upgrade."""

    class Origin(models.TextChoices):
        SEED = "seed"
        CENTRE = "centre"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="carried")
    permission = models.CharField(max_length=80)
    granted = models.BooleanField(default=True)
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.SEED)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "permission"], name="one_permission_a_post")]


class Seat(models.Model):
    """A named person's seat in a sealed compartment (C4): nobody sits there by post alone."""

    compartment = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["compartment", "person"], condition=models.Q(until=None), name="one_seat_a_person"),
            models.CheckConstraint(condition=~models.Q(compartment__contains=","), name="compartment_without_comma"),
        ]


class Token(models.Model):
    """A key for a program: only its SHA-256 is kept, its reach is never wider than its maker's."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=80))
    area = models.CharField(max_length=15, blank=True, default="", db_collation="C")
    organisation = models.UUIDField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("made_at")), name="token_expires_after_made")]


class Attempt(models.Model):
    """What was done from one address lately, by a hash of where it came from: enough to slow a flood, not to know anybody."""

    source = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        # Named by the room it came from, so that processes of the version before go on working during an upgrade.
        db_table = "intake_lookup"
        indexes = [models.Index(fields=["source", "at"], name="intake_lookup_source")]
