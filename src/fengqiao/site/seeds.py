"""Fills the reference data: calendar, posts, the invented district, and whatever a room brings of its own."""

import importlib
import importlib.util
import inspect

from django.apps import apps


def seed_reference(demo: bool = True) -> None:
    """Call `seed_reference` of every room that has one, lowest floor first; running it twice changes nothing."""
    for room in apps.get_app_configs():
        if not room.name.startswith("fengqiao.") or importlib.util.find_spec(f"{room.name}.seeds") is None:
            continue
        seed = getattr(importlib.import_module(f"{room.name}.seeds"), "seed_reference", None)
        if seed is not None:
            seed(**({"demo": demo} if "demo" in inspect.signature(seed).parameters else {}))
