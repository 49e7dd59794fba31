"""The name of this room."""

from django.apps import AppConfig


class MappingConfig(AppConfig):
    name = "fengqiao.across.mapping"
    label = "mapping"
