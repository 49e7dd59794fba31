"""The name of this room."""

from importlib import import_module

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "fengqiao.access"
    label = "access"

    def ready(self) -> None:
        """Have the witness told of everybody who comes and goes."""
        import_module("fengqiao.access.sessions")
