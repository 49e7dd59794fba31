"""What the page itself needs, whatever stands on it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, gettext

TYPE_COOKIE = "big_type"
THEME_COOKIE = "theme"


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the name over the door, and how the reader likes to read."""
    reader = getattr(request, "user", None)
    person_wants = bool(getattr(reader, "big_type", False))
    english = (get_language() or "").startswith("en")
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "reader_name": (english and getattr(reader, "name_en", "")) or getattr(reader, "name", ""),
        "house_name": settings.FENGQIAO_NAME or gettext("Fengqiao"),
        "big_type": request.COOKIES.get(TYPE_COOKIE, "yes" if person_wants else "no") == "yes",
        "theme": theme if theme in {"light", "dark"} else "",
    }
