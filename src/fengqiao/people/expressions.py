"""Three words of PostgreSQL that Django does not speak, for constraints."""

from django.db import models
from django.db.models import Func


class StartsWith(Func):
    """PostgreSQL's ``starts_with``: no pattern characters to escape, unlike LIKE."""

    function = "starts_with"
    output_field = models.BooleanField()


class Daterange(Func):
    """A half-open range of days, open to the right when ``until`` is empty."""

    function = "daterange"
    template = "%(function)s(%(expressions)s, '[)')"


class Timerange(Func):
    """A half-open range of moments."""

    function = "tstzrange"
    template = "%(function)s(%(expressions)s, '[)')"
