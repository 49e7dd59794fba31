"""The commands of `python -m fengqiao`: each a function that takes the words after its name and returns an exit code."""

import importlib
import os
import sys
from pathlib import Path

# name -> (module:function, whether it needs Django, whether it needs a database, what it does)
COMMANDS: dict[str, tuple[str, bool, bool, str]] = {
    "demo": ("fengqiao.site.supervisor:demo", False, False, "serve the invented district"),
    "serve": ("fengqiao.site.supervisor:serve", False, False, "serve a real district on one machine"),
    "prepare": ("fengqiao.site.commands:prepare", True, True, "roles, tables and reference data, up to this version"),
    "worker": ("fengqiao.site.commands:worker", True, True, "do what the clock sets off, until stopped"),
    "check-role": ("fengqiao.site.commands:check_role", True, True, "refuse a database role with too many rights"),
    "backup": ("fengqiao.site.backup:backup", False, True, "write database and files to a folder, as of one moment"),
    "restore": ("fengqiao.site.backup:restore", False, True, "bring a backup back into an empty place"),
    "words": ("fengqiao.site.words:main", True, False, "collect and merge the texts of both languages"),
    "verify-ledger": ("fengqiao.cases.verifying:main", True, True, "prove that nobody changed what was recorded"),
    "recount": ("fengqiao.across.cockpit.jobs:main", True, True, "compare every kept count with a recount, and put right what differs"),
    "publish": ("fengqiao.cases.publishing:main", True, False, "note the fingerprints of the published loops"),
    "import": ("fengqiao.site.throwaway:main", True, True, "bring in calls, messages or requests from files"),
    "district": ("fengqiao.people.district.command:main", True, True, "set up a real district from files"),
    "module": ("fengqiao.site.laying:main", False, False, "lay out a new module"),
    "bench": ("fengqiao.site.bench:main", False, False, "measure"),
    "pictures": ("fengqiao.site.pictures:main", False, False, "take the pictures of README and tour anew"),
    "django": ("fengqiao.site.cli:django", False, False, "any command of Django"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; `--data DIR` before or after its name says where the files and the embedded database are."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    name = given.pop(0) if given and not given[0].startswith("-") else ""
    if name not in COMMANDS:
        print("Commands of python -m fengqiao:", *(f"  {one:<14} {row[3]}" for one, row in COMMANDS.items()), sep="\n", file=sys.stderr)
        return 0 if not name else 2
    place, needs_django, needs_database, _ = COMMANDS[name]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.site.settings")
    if name not in ("demo", "serve") and "--data" in given:
        at = given.index("--data")
        os.environ["FENGQIAO_DATA"] = str(Path(given[at + 1]).resolve())
        del given[at : at + 2]
    server = _database() if needs_database else None
    try:
        if needs_django:
            importlib.import_module("django").setup()
        module, _, function = place.partition(":")
        result: int | None = getattr(importlib.import_module(module), function)(given)
        return result or 0
    except Exception as error:
        if not type(error).__module__.startswith("fengqiao."):
            raise
        print(error, file=sys.stderr)  # One of ours is a sentence for people; anything else is a fault and shows its trace.
        return 1
    finally:
        if server is not None:
            importlib.import_module("fengqiao.site.launcher").stop(server)


def django(arguments: list[str]) -> int:
    """Run any command of Django; one that needs a database is given DATABASE_URL."""
    importlib.import_module("django.core.management").execute_from_command_line(["fengqiao django", *arguments])
    return 0


def _database() -> object | None:
    """Start or join the embedded database of the data directory, unless addresses were given."""
    if os.environ.get("DATABASE_URL"):
        return None
    launcher = importlib.import_module("fengqiao.site.launcher")
    server = launcher.start(Path(os.environ.get("FENGQIAO_DATA", ".fengqiao/8000")).resolve())
    os.environ["DATABASE_URL"] = server.app_url("fengqiao")
    os.environ["DATABASE_OWNER_URL"] = server.owner_url("postgres")
    return server
