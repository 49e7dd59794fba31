"""The name of this module."""

from fengqiao.cases.registry import ModuleConfig


class IncidentsConfig(ModuleConfig):
    name = "fengqiao.modules.incidents"
    label = "incidents"
