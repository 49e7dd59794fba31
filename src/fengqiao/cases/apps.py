"""The app ``cases``."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases, events, clocks and everything that is the same for every kind."""

    name = "fengqiao.cases"
    label = "cases"
