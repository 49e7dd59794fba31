"""`./run bench`: the benchmark lives beside the package, in `bench/`, and measures it from outside."""

import runpy
import sys
from pathlib import Path

PLACE = Path(__file__).parents[3] / "bench" / "run.py"


def main(arguments: list[str]) -> int:
    """Run the benchmark of this checkout."""
    if not PLACE.exists():
        print("The benchmark is part of the source, not of the installed package: run it in a checkout.", file=sys.stderr)
        return 3
    made = runpy.run_path(str(PLACE))
    result: int = made["main"](arguments)
    return result
