"""The name of this room."""

from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "fengqiao.across.cockpit"
    label = "cockpit"
