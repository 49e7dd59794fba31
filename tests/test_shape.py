"""The shape of the house: rooms alike, files and functions that fit in the eye, floors that hold."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "fengqiao"
MODULES = sorted(path for path in (PACKAGE / "modules").iterdir() if (path / "apps.py").exists())
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
SCREENS = sorted(path for kind in ("*.vue", "*.ts") for path in (ROOT / "web" / "src").rglob(kind))

NEEDED = {"__init__", "apps", "services", "policies", "loop", "tests"}
ALLOWED = NEEDED | {
    "pages", "api", "jobs", "reactions", "queries", "figures", "models", "schemas", "measures", "terms",
    "migrations", "templates", "static", "seeds",
}  # fmt: skip
LONGEST_FILE, LONGEST_FUNCTION = 400, 50
VAGUE = {"utils", "helpers", "common", "manager", "managers", "misc"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_has_the_files_of_the_table_and_no_others(module):
    found = {path.stem for path in module.iterdir() if not path.name.startswith(("__pycache__", "."))}
    assert found <= ALLOWED, f"not in the table: {sorted(found - ALLOWED)}"
    assert found >= NEEDED, f"missing: {sorted(NEEDED - found)}"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_says_what_it_is_for_and_its_init_says_nothing_else(module):
    tree = ast.parse((module / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "what is this module for, and what does closed mean here?"
    assert len(tree.body) == 1


def test_every_file_says_what_it_is_for():
    silent = [named(path) for path in SOURCES if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []


def test_no_file_is_longer_than_the_end():
    long = {
        named(path): lines for path in (*SOURCES, *SCREENS) if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_function_is_longer_than_the_end():
    long = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long[f"{named(path)}:{node.name}"] = lines
    assert long == {}


def test_no_file_has_a_vague_name():
    assert [named(path) for path in SOURCES if path.stem in VAGUE] == []


def test_the_ground_floor_imports_the_standard_library_only():
    strangers = set()
    for path in SOURCES:
        if PACKAGE / "base" not in path.parents or "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            strangers |= {
                f"{named(path)}: {name}"
                for name in names
                if not name.startswith("fengqiao.base") and name.split(".")[0] not in sys.stdlib_module_names
            }
    assert strangers == set()


def test_nobody_below_the_door_asks_the_clock():
    """`base.clock.now` is for doors: pages, api, jobs, commands, seeds and the site."""
    askers = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        if path == PACKAGE / "base" / "clock.py" or "tests" in path.parts:
            continue
        if any(ask in text for ask in ("datetime.now(", "timezone.now(", "date.today(", "utcnow(")):
            askers.append(named(path))
    assert askers == []


def test_the_environment_is_read_at_the_door_only():
    readers = [named(path) for path in SOURCES if "os.environ" in path.read_text(encoding="utf-8")]
    outside = [name for name in readers if not name.startswith(("src/fengqiao/site/", "src/fengqiao/testing"))]
    assert outside == []
