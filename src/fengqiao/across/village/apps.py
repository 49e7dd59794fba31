"""The name of this room."""

from django.apps import AppConfig


class VillageConfig(AppConfig):
    name = "fengqiao.across.village"
    label = "village"
