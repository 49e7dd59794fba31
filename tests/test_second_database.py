"""The floor of what we ask of PostgreSQL: the same tests pass on the system's own, which is older than the wheel's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OLDEST = 15
FOUND = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
SYSTEM = sorted(path for path in FOUND if int(path.parent.name) >= OLDEST)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_all_that_touches_the_database_passes_on_the_systems_postgresql():
    if not SYSTEM:
        pytest.skip("this machine has no PostgreSQL of its own; install the package postgresql to run this")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "DJANGO_"))}
    kept["FENGQIAO_PGBIN"] = str(SYSTEM[0])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "src", "tests/test_ground.py", "-m", "not browser and not slow"],
        cwd=ROOT,
        env=kept,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
