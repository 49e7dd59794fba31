"""The name of this room."""

from importlib import import_module

from django.apps import AppConfig


class VillageConfig(AppConfig):
    name = "fengqiao.across.village"
    label = "village"

    def ready(self) -> None:
        events = import_module("fengqiao.kits.notices.events")
        events.register(events.REPORTER, {"reporter_why": import_module("fengqiao.across.village.services").WHY})
