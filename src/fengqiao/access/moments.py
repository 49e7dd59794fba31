"""A moment as a program says it: a date and time with its zone, never a bare number."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError


def _not_a_number(said: Any) -> Any:
    # A bare number would be taken for seconds since 1970.
    number = isinstance(said, int | float) or (isinstance(said, str) and said.replace(".", "", 1).lstrip("+-").isdigit())
    if number:
        raise PydanticCustomError("datetime_parsing", "number")
    return said


Moment = Annotated[AwareDatetime, BeforeValidator(_not_a_number)]
