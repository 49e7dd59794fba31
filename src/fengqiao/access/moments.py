"""A moment as a program says it: a date and time with its zone, never a bare number."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

FIRST, LAST = 1900, 2200


def _not_a_number(said: Any) -> Any:
    # A bare number would be taken for seconds since 1970.
    number = isinstance(said, int | float) or (isinstance(said, str) and said.replace(".", "", 1).lstrip("+-").isdigit())
    if number:
        raise PydanticCustomError("datetime_parsing", "number")
    return said


def in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC; raises ``ValueError`` for one that no database keeps (zones may lie a day away from it)."""
    try:
        told = moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(moment) from None
    if not FIRST <= told.year <= LAST:
        raise ValueError(moment)
    return told


def _kept(moment: datetime) -> datetime:
    try:
        return in_utc(moment)
    except ValueError:
        raise PydanticCustomError("datetime_parsing", "range") from None


Moment = Annotated[AwareDatetime, BeforeValidator(_not_a_number), AfterValidator(_kept)]
