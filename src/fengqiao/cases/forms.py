"""What a form asks, as a screen needs it: JSON Schema with labels in the reader's language (decision 29)."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext

from fengqiao.base.words import Words, _
from fengqiao.cases import terms
from fengqiao.cases.schemas import ASKS, DEFAULTS, Asked
from fengqiao.loop.definition import Loop
from fengqiao.loop.terms import PAUSE_REASONS, SLA_TITLES, Level

# The titles of coded choices; a module adds those of its own ``terms.CHOICES``.
CHOICES: dict[str, Words] = {
    **{str(key): title for key, title in terms.REJECT_TITLES.items()},
    **{str(key): title for key, title in terms.OUTCOME_TITLES.items()},
    **{str(key): title for key, title in terms.ELSEWHERE_TITLES.items()},
    **{str(key): title for key, title in PAUSE_REASONS.items()},
    **{str(key): title for key, title in SLA_TITLES.items()},
    Level.MICROGRID: _("Micro-grid"),
    Level.GRID: _("Grid"),
    Level.VILLAGE: _("Village or community"),
    Level.TOWN: _("Town or street"),
    Level.DISTRICT: _("District"),
    Level.CITY: _("City"),
    "granted": _("Granted"),
    "refused": _("Refused"),
    "called": _("By telephone"),
    "arrived": _("On the spot"),
    "visited": _("By a visit"),
    "written": _("In writing"),
    "guarded": _("Spot guarded"),
    "reminder": _("Reminder"),
    "yellow": _("Yellow card"),
    "red": _("Red card"),
    "true": _("It is as reported"),
    "false": _("Nothing of the kind"),
    "other": _("Something else"),
    "working_hour": _("working hours"),
    "working_day": _("working days"),
    "natural_day": _("days"),
    "daily": _("Daily whistle: within 2 working days"),
    "tough": _("Tough-task whistle: within 1 working day"),
    "emergency": _("Emergency"),
    "beyond_town": _("The town cannot solve it alone"),
    "joint_enforcement": _("Joint enforcement is needed"),
}


def asks_of(loop: Loop, name: str) -> type[Asked] | None:
    """Return the schema of what a move or chain asks: the loop's own, else the default."""
    chain = loop.chain(name)
    if chain is not None:
        return chain.asks
    return loop.move(name).asks or DEFAULTS.get(name)


def form_of(loop: Loop, name: str) -> Mapping[str, Any] | None:
    """Return the form of a move or chain in the reader's language, or nothing when it asks nothing."""
    asks = asks_of(loop, name)
    return form(asks, get_language() or "en") if asks is not None else None


def request_form(kind: str) -> Mapping[str, Any]:
    """Return the form of a side request."""
    return form(ASKS[kind], get_language() or "en")


@lru_cache(maxsize=512)
def form(asks: type[Asked], language: str) -> Mapping[str, Any]:
    """Return a schema's JSON Schema with titles and choices translated; ``language`` keys the memory."""
    schema = asks.model_json_schema()
    definitions = schema.get("$defs", {})
    fields = {name: _field(name, field, definitions) for name, field in schema.get("properties", {}).items()}
    order = [name for name in fields if fields[name].get("x-widget") != "hidden"]
    return {"type": "object", "properties": fields, "required": schema.get("required", []), "x-order": order}


def _field(name: str, field: dict[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    plain = _plain(field, definitions)
    title = plain.pop("x-title", None) or plain.get("title", name)
    plain["title"] = gettext(title)
    purpose = plain.get("x-purpose")
    if purpose:
        plain["x-purpose"] = gettext(purpose)
    values = plain.pop("x-choices", None) or plain.get("enum")
    if values:
        plain["enum"] = values
        plain["x-choices"] = [{"value": value, "title": gettext(CHOICES.get(str(value), Words(str(value))))} for value in values]
    return plain


def _plain(field: dict[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a field open: references and "or nothing" are noise for a screen."""
    found = {key: value for key, value in field.items() if key not in ("anyOf", "allOf", "$ref")}
    variants = [option for option in field.get("anyOf", field.get("allOf", [])) if option.get("type") != "null"]
    if len(variants) < len(field.get("anyOf", [])):
        found["x-nullable"] = True
    reference = field.get("$ref") or next((option["$ref"] for option in variants if "$ref" in option), None)
    if reference:
        inner = dict(definitions[reference.rsplit("/", 1)[-1]])
        return {**inner, **found, "description": ""}
    return {**(variants[0] if variants else {}), **found}
