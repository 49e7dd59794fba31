"""The name of this kit."""

from importlib import import_module

from django.apps import AppConfig
from django.core.checks import register


class NoticesConfig(AppConfig):
    name = "fengqiao.kits.notices"
    label = "notices"

    def ready(self) -> None:
        register(import_module("fengqiao.kits.notices.gateways").check_gateways)
        wording, events = (import_module(f"fengqiao.kits.notices.{name}") for name in ("wording", "events"))
        events.register(events.OFFICER, {"digest": wording.DIGEST, "test": wording.TRY})
        events.register(events.REPORTER, {"reporter_digest": wording.DIGEST_REPORTER})
