"""`./run module NAME`: what it lays out works at once, and only one line outside its folder is touched."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".fengqiao", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis")


@pytest.fixture
def copy(tmp_path):
    """A copy of the house in which a module may be laid out."""
    return shutil.copytree(ROOT, tmp_path / "house", ignore=LEFT_OUT)


def run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "FENGQIAO_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=copy, env={**kept, "PYTHONPATH": str(copy / "src")}, capture_output=True, text=True
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_module_laid_out_passes_its_tests_the_shape_and_the_docs(copy):
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    done = run(copy, "fengqiao", "module", "street_lamps", "--title-zh", "路灯")
    assert done.returncode == 0, done.stderr
    touched = {str(path.relative_to(copy)) for path, text in before.items() if path.read_bytes() != text}
    written_by_commands = {name for name in touched if name.endswith(("django.po", "django.mo", "published.json"))}
    assert touched - written_by_commands == {"src/fengqiao/site/settings.py"}
    done = run(copy, "pytest", "src/fengqiao/modules/street_lamps", "tests/test_shape.py", "-k", "street_lamps or kind or begins")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["Street", "street-lamps", "../away", "incidents"])
def test_a_name_that_cannot_be_a_modules_is_refused_in_one_sentence(name):
    done = run(ROOT, "fengqiao", "module", name)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
