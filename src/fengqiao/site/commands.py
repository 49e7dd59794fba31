"""The commands that belong to the house itself."""

import argparse
import importlib
import importlib.util
import os
import sys

from fengqiao.site import database, work


def prepare(arguments: list[str]) -> int:
    """Bring the database up to this version; a demo is given its life as well."""
    parser = argparse.ArgumentParser(prog="fengqiao prepare")
    parser.add_argument("--demo", action="store_true", help="the invented district, its people and its cases")
    asked = parser.parse_args(arguments)
    owner_url, app_url = os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"]
    if database.prepare(owner_url, app_url, demo=asked.demo, then=_populate if asked.demo else None):
        print("The database is ready.", file=sys.stderr)
    return 0


def _populate() -> None:
    """Fill an empty district with life, as the application's own role."""
    if importlib.util.find_spec("fengqiao.simulation") is None or importlib.util.find_spec("fengqiao.simulation.life") is None:
        return
    importlib.import_module("fengqiao.simulation.life").populate()


def worker(arguments: list[str]) -> int:
    """Do what the clock sets off, until stopped."""
    database.check_role()
    return work.work()


def check_role(arguments: list[str]) -> int:
    """Refuse a database role with too many rights."""
    database.check_role()
    print("The application's role is as weak as it should be.")
    return 0
