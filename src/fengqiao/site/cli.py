"""The commands of `python -m fengqiao`."""

import os
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run one command."""
    given = sys.argv[1:] if arguments is None else arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["fengqiao", *given])
    return 0
