"""The app ``cases``."""

from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases, events, clocks and everything that is the same for every kind."""

    name = "fengqiao.cases"
    label = "cases"

    def ready(self) -> None:
        registry = import_module("fengqiao.cases.registry")
        registry.register(self.name)
        import_module("fengqiao.cases.reading").open_files()
