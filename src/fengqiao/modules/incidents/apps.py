"""The name of this module."""

from fengqiao.cases import registry


class IncidentsConfig(registry.ModuleConfig):
    name = "fengqiao.modules.incidents"
    label = "incidents"
