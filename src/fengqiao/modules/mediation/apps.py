"""The name of this module."""

from fengqiao.cases import registry


class MediationConfig(registry.ModuleConfig):
    name = "fengqiao.modules.mediation"
    label = "mediation"
