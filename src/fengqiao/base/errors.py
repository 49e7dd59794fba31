"""Errors people can read: a name, a kind, and a sentence that says what to do.

An error is declared beside whoever raises it, as a subclass of one of the kinds below; `kits/web` turns kinds into
HTTP answers in one table.
"""

import re
from typing import ClassVar, Literal

from fengqiao.base.words import Translate, Words, _

Kind = Literal["not_found", "not_allowed", "invalid", "conflict", "too_many", "unavailable", "gone"]


class FengqiaoError(Exception):
    """The root of every error that is meant to be shown to somebody."""

    kind: ClassVar[Kind] = "unavailable"
    message: ClassVar[Words] = _("Something went wrong here. Please try again.")
    code: ClassVar[str] = "fengqiao_error"

    def __init_subclass__(cls, **arguments: object) -> None:
        super().__init_subclass__(**arguments)
        cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", cls.__name__).lower()

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(facts)

    def say(self, translate: Translate = str) -> str:
        """Return the sentence in the translator's language."""
        return self.message.say(translate, self.facts)

    def __str__(self) -> str:
        return self.say()

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.facts)


def _again(error: type[FengqiaoError], facts: dict[str, object]) -> FengqiaoError:
    # Exceptions are pickled by position; ours are built by name.
    return error(**facts)


class NotFound(FengqiaoError):
    """It does not exist, or the actor may not know that it does."""

    kind = "not_found"
    message = _("There is nothing here under this name.")


class NotAllowed(FengqiaoError):
    """The actor's post does not carry this, or a rule forbids it to this actor."""

    kind = "not_allowed"
    message = _("Your post does not allow this.")


class Invalid(FengqiaoError):
    """What was filled in cannot be used; `fields` names each field and its sentence."""

    kind = "invalid"
    message = _("Something in the form is missing or wrong.")

    def __init__(self, *, fields: dict[str, str] | None = None, **facts: object) -> None:
        self.fields: dict[str, str] = fields or {}
        super().__init__(**facts)

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), {**self.facts, "fields": self.fields})


class Conflict(FengqiaoError):
    """It was possible a moment ago; somebody or something came first."""

    kind = "conflict"
    message = _("This has changed in the meantime. Look at it again; what you typed is kept.")


class TooMany(FengqiaoError):
    """Too often in too short a time."""

    kind = "too_many"
    message = _("Too many requests. Please wait a moment and try again.")


class Unavailable(FengqiaoError):
    """A part that is needed does not answer now."""

    kind = "unavailable"
    message = _("This part is out of reach at the moment. Please try again later.")


class Gone(FengqiaoError):
    """It existed and was withdrawn, revoked or has expired."""

    kind = "gone"
    message = _("This is no longer valid.")
