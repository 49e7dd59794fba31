"""The name of this kit."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "fengqiao.kits.files"
    label = "files"
