"""The name of this room."""

from django.apps import AppConfig


class ConfigurationConfig(AppConfig):
    name = "fengqiao.across.configuration"
    label = "configuration"
