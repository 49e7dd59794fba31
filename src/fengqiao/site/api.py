"""The API under `/api/`: every room that has an `api.py` is mounted; nothing is listed by hand.

A room's `router` hangs under `/<label>`, or where its `MOUNT` says; a room with several has `MOUNTS`, path to router.
"""

import importlib
import importlib.util

from django.apps import apps
from ninja import Router

from fengqiao.kits.web.api import make_api

api = make_api()


def mounts() -> dict[str, Router]:
    """Return every room's routers by their path."""
    found: dict[str, Router] = {}
    for room in apps.get_app_configs():
        if not room.name.startswith("fengqiao.") or importlib.util.find_spec(f"{room.name}.api") is None:
            continue
        module = importlib.import_module(f"{room.name}.api")
        if hasattr(module, "MOUNTS"):
            found.update(module.MOUNTS)
        elif hasattr(module, "router"):
            found[getattr(module, "MOUNT", f"/{room.label}")] = module.router
    return found


for place, router in mounts().items():
    api.add_router(place, router)
