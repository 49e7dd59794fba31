"""The name of this room."""

from importlib import import_module

from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "fengqiao.across.duty"
    label = "duty"

    def ready(self) -> None:
        import_module("fengqiao.cases.registry").register(self.name)
        import_module("fengqiao.kits.notices.addresses").register(import_module("fengqiao.across.duty.roster").reporter_of)
        import_module("fengqiao.across.duty.messages").register()
