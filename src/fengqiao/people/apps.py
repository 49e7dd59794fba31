"""The app ``people``."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, organisations, areas, rosters and working calendars."""

    name = "fengqiao.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
