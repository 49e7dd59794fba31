"""Moments and ages as people say them."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.translation import get_language, gettext

from fengqiao.base.words import _

register = template.Library()

JUST_NOW = _("just now")
HOURS = _("{n} h ago")
DAYS = _("{n} d ago")


DAYS_ZH = "一二三四五六日"
DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@register.filter
def moment(at: datetime | None) -> str:
    """Say a moment in the district's zone: 11月22日 周日 15:04, or Sun 22 Nov 15:04; with the year if it is another one."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    other = local.year != timezone.localtime().year
    if (get_language() or "").startswith("zh"):
        return f"{f'{local.year}年' if other else ''}{local.month}月{local.day}日 周{DAYS_ZH[local.weekday()]} {local:%H:%M}"
    day = f"{DAYS_EN[local.weekday()]} {local.day} {MONTHS_EN[local.month - 1]}"
    return f"{day} {local.year} {local:%H:%M}" if other else f"{day} {local:%H:%M}"


@register.filter
def ago(age: timedelta) -> str:
    """Say an age roughly: hours within a day, days after."""
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return gettext(JUST_NOW)
    return HOURS.say(gettext, {"n": hours}) if hours < 24 else DAYS.say(gettext, {"n": hours // 24})
