"""How long ago something was, in one word."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext

from fengqiao.base.words import _

register = template.Library()

JUST_NOW = _("just now")
HOURS = _("{n} h ago")
DAYS = _("{n} d ago")


@register.filter
def ago(age: timedelta) -> str:
    """Say an age roughly: hours within a day, days after."""
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return gettext(JUST_NOW)
    return HOURS.say(gettext, {"n": hours}) if hours < 24 else DAYS.say(gettext, {"n": hours // 24})
