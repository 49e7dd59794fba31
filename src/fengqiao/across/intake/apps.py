"""The name of this room."""

from importlib import import_module

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "fengqiao.across.intake"
    label = "intake"

    def ready(self) -> None:
        # Every door opens cases through us, so that whatever comes in is routed and raised in the same way.
        registry = import_module("fengqiao.cases.registry")
        registry.open_through(import_module("fengqiao.across.intake.services").open_routed)
