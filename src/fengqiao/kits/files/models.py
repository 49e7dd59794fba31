"""What is known of a file; its bytes are in the store."""

from typing import ClassVar

from django.db import models


class File(models.Model):
    """One uploaded file: never shared between cases, even when the bytes are the same."""

    id = models.UUIDField(primary_key=True)
    owner = models.CharField(max_length=80, help_text="the actor who sent it; only they see it until it is bound")
    name = models.CharField(max_length=120)
    type = models.CharField(max_length=80)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    thumb = models.BooleanField(default=False)
    key = models.CharField(max_length=64, unique=True, help_text="where the bytes are in the store")
    kept_at = models.DateTimeField()
    case_id = models.UUIDField(null=True, blank=True)
    bound_at = models.DateTimeField(null=True, blank=True)
    sealed = models.BooleanField(default=False, help_text="its bytes are ciphertext under the key of its case")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="file_not_empty"),
            models.CheckConstraint(
                condition=models.Q(case_id=None, bound_at=None) | models.Q(case_id__isnull=False, bound_at__isnull=False),
                name="bound_or_not",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case_id"], name="file_case", condition=models.Q(case_id__isnull=False)),
            models.Index(fields=["kept_at"], name="file_unbound", condition=models.Q(case_id=None)),
        ]


class Leftover(models.Model):
    """Bytes that no row names any more; noted in the transaction that left them, so that they go even after a crash."""

    key = models.CharField(max_length=64, primary_key=True)
    left_at = models.DateTimeField()
