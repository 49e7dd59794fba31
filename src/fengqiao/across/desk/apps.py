"""The name of this room."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "fengqiao.across.desk"
    label = "desk"
