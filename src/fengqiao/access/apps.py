"""The name of this room."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "fengqiao.access"
    label = "access"
