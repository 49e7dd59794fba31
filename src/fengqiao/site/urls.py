"""Routes: every room brings its own `urlpatterns`, in `urls.py` or `pages.py`; the API is put together in `site.api`."""

import importlib
import importlib.util

from django.apps import apps
from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from fengqiao.site import desk
from fengqiao.site.api import api


def rooms() -> list[URLPattern | URLResolver]:
    """Return the addresses of every room."""
    found: list[URLPattern | URLResolver] = []
    for room in apps.get_app_configs():
        for name in ("urls", "pages") if room.name.startswith("fengqiao.") else ():
            if importlib.util.find_spec(f"{room.name}.{name}"):
                found += getattr(importlib.import_module(f"{room.name}.{name}"), "urlpatterns", [])
    return found


urlpatterns = [path("api/", api.urls), *desk.urlpatterns, *rooms()]

handler404 = "fengqiao.kits.web.pages.not_found"
