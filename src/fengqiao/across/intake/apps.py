"""The name of this room."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "fengqiao.across.intake"
    label = "intake"
