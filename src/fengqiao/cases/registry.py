"""Which kinds of case there are, by which loop each goes, and which function answers for which move.

A module is found because it stands in ``INSTALLED_APPS``: its ``loop.py`` exports ``LOOPS`` and its ``services.py`` may
hold a function named like a move or a chain. Nothing is registered by hand.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.apps import AppConfig

from fengqiao.base.act import Act
from fengqiao.base.errors import NotFound
from fengqiao.base.words import _
from fengqiao.cases.forms import CHOICES
from fengqiao.loop.definition import Loop

Service = Callable[..., Any]
Reaction = Callable[[Act, UUID], None]

_loops: dict[str, dict[int, Loop]] = {}
_services: dict[tuple[str, str], Service] = {}
_reactions: dict[str, list[Reaction]] = {}
_figures: list[Any] = []
_sources: list[Any] = []
_opening: dict[str, Service] = {}


class UnknownKind(NotFound):
    """No module has a loop of this name."""

    message = _("There is no kind of case called “{kind}” here.")


class ModuleConfig(AppConfig):
    """A room of the house: its loops, services, reactions and figures are found by their place."""

    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(self.name)


def register(package: str) -> None:
    """Read a module's ``loop``, ``services``, ``reactions``, ``figures`` and ``terms`` into the registry."""
    services = _part(package, "services")
    CHOICES.update(getattr(_part(package, "terms"), "CHOICES", {}))
    for loop in getattr(_part(package, "loop"), "LOOPS", ()):
        _loops.setdefault(loop.key, {})[loop.version] = loop
        for name in (*loop.every_move, *(chain.name for chain in loop.chains)):
            service = getattr(services, name, None)
            if service is not None:
                _services[loop.key, name] = service
    reactions: Mapping[str, Iterable[Reaction]] = getattr(_part(package, "reactions"), "REACTIONS", {})
    for topic, callables in reactions.items():
        _reactions.setdefault(topic, []).extend(callables)
    _figures.extend(getattr(_part(package, "figures"), "FIGURES", ()))
    _sources.extend(getattr(_part(package, "figures"), "SOURCES", ()))


def _part(package: str, name: str) -> Any:
    return import_module(f"{package}.{name}") if find_spec(f"{package}.{name}") else None


def kinds() -> tuple[str, ...]:
    """Return the keys of all kinds of case, in the order of their modules."""
    return tuple(_loops)


def loop(kind: str, version: int | None = None) -> Loop:
    """Return the loop of a kind: the version a case began under, or the newest."""
    versions = _loops.get(kind)
    if not versions:
        raise UnknownKind(kind=kind)
    return versions[version if version in versions else max(versions)]


def loops() -> tuple[Loop, ...]:
    """Return the newest loop of every kind."""
    return tuple(loop(kind) for kind in _loops)


def published() -> tuple[Loop, ...]:
    """Return every version of every loop that is still published."""
    return tuple(version for versions in _loops.values() for version in versions.values())


def service(kind: str, move: str) -> Service | None:
    """Return the module's own function for a move, if it has one."""
    return _services.get((kind, move))


def open_through(opening: Service) -> None:
    """Let every door open cases through this function (intake: it routes first); named once, at start-up."""
    _opening["*"] = opening


def opening(kind: str) -> Service | None:
    """Return the function through which cases of a kind are opened: the module's own, or intake's, if there is one."""
    return _services.get((kind, "report")) or _opening.get("*")


def reactions(topic: str) -> tuple[Reaction, ...]:
    """Return what is done when this has happened: by topic, by move whatever the kind, and always."""
    move = topic.rpartition(".")[2]
    return tuple(reaction for key in (topic, f"*.{move}", "*") for reaction in _reactions.get(key, ()))


def figures() -> tuple[Any, ...]:
    """Return the indicators that the modules offer."""
    return tuple(_figures)


def sources() -> tuple[Any, ...]:
    """Return where the figures and layers of the modules come from."""
    return tuple(_sources)
