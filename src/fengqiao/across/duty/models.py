"""What duty remembers: how far every case has been told, red cards and interviews, the log book, and handovers."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Heard(models.Model):
    """Up to which event of a case people were told; told late or twice, every event is told once."""

    case_id = models.UUIDField(primary_key=True)
    seq = models.IntegerField(default=0)


class Progress(models.Model):
    """How far the pass over published events has come, and how often it stumbled there."""

    name = models.CharField(primary_key=True, max_length=20)
    seq = models.BigIntegerField(default=0)
    tries = models.SmallIntegerField(default=0)


class RedCard(models.Model):
    """A red card and the organisation it fell to; the id is that of the event."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField()
    case_id = models.UUIDField()
    quarter = models.CharField(max_length=6)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "quarter"], name="red_of_quarter")]


class Interview(models.Model):
    """An organisation is asked in, because it had three red cards in one quarter; once a quarter."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField()
    quarter = models.CharField(max_length=6)
    at = models.DateTimeField()
    cases = ArrayField(models.UUIDField(), default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "quarter"], name="one_interview_a_quarter")]


class LogEntry(models.Model):
    """A line of the log book, written during a shift and read at the handover."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField()
    area = models.CharField(max_length=20, db_collation="C")
    person = models.UUIDField()
    at = models.DateTimeField()
    text = models.CharField(max_length=1000)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "at"], name="log_of_organisation")]


class Handover(models.Model):
    """What one shift leaves to the next, signed by whoever leaves; each row carries the hash of the one before."""

    id = models.UUIDField(primary_key=True)
    organisation = models.UUIDField()
    post = models.CharField(max_length=40)
    area = models.CharField(max_length=20, db_collation="C")
    shift = models.UUIDField(unique=True)
    number = models.IntegerField()
    person = models.UUIDField()
    at = models.DateTimeField()
    canonical = models.BinaryField(help_text="the signed bytes: what was open, asked, verified and noted, and the remarks")
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "post", "number"], name="one_handover_a_number")]


class Taking(models.Model):
    """The second signature: whoever comes has read it and takes over."""

    handover = models.OneToOneField(Handover, primary_key=True, on_delete=models.PROTECT, db_constraint=False, related_name="taken")
    organisation = models.UUIDField()
    area = models.CharField(max_length=20, db_collation="C")
    person = models.UUIDField()
    at = models.DateTimeField()
    remark = models.CharField(max_length=1000, blank=True, default="")
    hash = models.BinaryField()
