"""What a desk keeps: the views of a person, and the texts that are said again and again."""

from typing import ClassVar

from django.db import models


class View(models.Model):
    """A list somebody narrowed and kept under a name; it holds what was asked, never what was found."""

    id = models.UUIDField(primary_key=True)
    person = models.UUIDField()
    name = models.CharField(max_length=30)
    asked = models.JSONField(default=dict)
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "desk_view"
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "name"], name="one_view_a_name")]


class StandardText(models.Model):
    """What may be said with a move, by kind of matter; holes in braces are filled from the case. Empty means any."""

    id = models.UUIDField(primary_key=True)
    move = models.CharField(max_length=30, blank=True, default="")
    category = models.CharField(max_length=8, blank=True, default="")
    state = models.CharField(max_length=1, blank=True, default="")
    title = models.CharField(max_length=40)
    title_en = models.CharField(max_length=60, blank=True, default="")
    text = models.CharField(max_length=1000)
    text_en = models.CharField(max_length=1500, blank=True, default="")
    active = models.BooleanField(default=True)
    written_by = models.CharField(max_length=80, blank=True, default="")
    written_at = models.DateTimeField()

    class Meta:
        db_table = "desk_text"
        ordering: ClassVar = ["move", "category", "title"]
