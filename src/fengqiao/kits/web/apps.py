"""The name of this kit."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "fengqiao.kits.web"
    label = "web"
