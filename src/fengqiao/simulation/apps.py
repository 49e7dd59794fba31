"""The name of this room."""

from django.apps import AppConfig


class SimulationConfig(AppConfig):
    name = "fengqiao.simulation"
    label = "simulation"
