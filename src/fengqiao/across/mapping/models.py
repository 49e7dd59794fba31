"""What a map may show: one row a layer, with whose it is, where it comes from and how fresh it is."""

from typing import ClassVar

from django.db import models


class Layer(models.Model):
    """Something that can be drawn on the map; a module brings its layers as rows, and no row without something to draw."""

    class Draws(models.TextChoices):
        TILES = "tiles"
        AREAS = "areas"
        FIVE = "five_colours"
        CASES = "cases"
        SEALED = "sealed"

    key = models.CharField(primary_key=True, max_length=40)
    title = models.CharField(max_length=40)
    title_en = models.CharField(max_length=60)
    draws = models.CharField(max_length=20, choices=Draws.choices)
    of = models.CharField(max_length=200, blank=True, default="", help_text="which level of areas, which indicator")
    owner = models.CharField(max_length=60)
    owner_en = models.CharField(max_length=80)
    source = models.CharField(max_length=120)
    source_en = models.CharField(max_length=160)
    refresh = models.PositiveIntegerField(help_text="seconds after which it is read anew; 0 when it only changes with the district")
    permission = models.CharField(max_length=60)
    place = models.SmallIntegerField(help_text="the order from the ground up, before a reader chooses another")
    opacity = models.PositiveSmallIntegerField(default=100)
    shown = models.BooleanField(default=True, help_text="whether it is on before a reader chooses")
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "map_layer"
        ordering: ClassVar = ["place", "key"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(opacity__range=(0, 100)), name="layer_opacity_is_a_percentage"),
            models.CheckConstraint(condition=~models.Q(permission=""), name="layer_has_a_permission"),
        ]

    def __str__(self) -> str:
        return self.title
