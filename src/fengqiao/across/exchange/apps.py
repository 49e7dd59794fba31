"""The name of this room."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "fengqiao.across.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
