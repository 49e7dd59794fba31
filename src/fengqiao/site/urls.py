"""Routes: every room brings its own `pages.urlpatterns`; the API is put together in `fengqiao.site.api`."""

import importlib
import importlib.util

from django.apps import apps
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

for room in apps.get_app_configs():
    if room.name.startswith("fengqiao.") and importlib.util.find_spec(f"{room.name}.pages"):
        urlpatterns += getattr(importlib.import_module(f"{room.name}.pages"), "urlpatterns", [])
urlpatterns += [path("accounts/", include("allauth.urls"))]
