"""The name of this module."""

from fengqiao.cases import registry


class PrivacyConfig(registry.ModuleConfig):
    name = "fengqiao.modules.privacy"
    label = "privacy"
