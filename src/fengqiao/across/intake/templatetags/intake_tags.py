"""Moments and ages as people say them, and a drawing for each class of matter."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from fengqiao.base.words import _

register = template.Library()

# One drawing a class, a few lines each: what stands on the page for a photo that is nobody else's to see.
DRAWN = {
    "01": "M12 2.5l8 3v6c0 5-3.5 8.3-8 10-4.5-1.7-8-5-8-10v-6z",
    "02": "M12 2.5c1 4 5.5 6 5.5 11.5a5.5 5.5 0 0 1-11 0c0-2.5 1.3-4 2.5-5 .3 1.5 1 2.2 1.7 2.5-.2-3.5.3-6.5 1.3-9z",
    "03": "M3 17.5h18M5 17.5v-3a7 7 0 0 1 14 0v3M10 8V5.5h4V8",
    "04": "M9.5 3h5l4.5 16.5h-14zM7.5 11h9M6 16h12M3 19.5h18",
    "05": "M8 21V5.5a2.5 2.5 0 0 1 2.5-2.5H15M12.5 6.5h6L17 3h-3zM5.5 21h5M15.5 9v1.5M12.5 9.5l-.7 1.2M18.5 9.5l.7 1.2",
    "06": "M12 3c4 5 6 7.8 6 11a6 6 0 0 1-12 0c0-3.2 2-6 6-11zM9 14.5a3 3 0 0 0 2.5 3",
    "07": "M4 10v10.5h16V10M3 10l2-6.5h14L21 10zM10 20.5v-6h4v6",
    "08": "M3 11.5L12 4l9 7.5M5.5 9.5v11h13v-11M10 20.5v-6h4v6",
    "09": "M14 7a4 4 0 0 1 5.5-3.5L17 6l1 1 2.5-2.5A4 4 0 0 1 15.5 10l-8 8.5a1.8 1.8 0 0 1-2.5-2.5z",
    "10": "M4 4.5h16v11.5h-9l-4.5 4V16H4zM10 9a2 2 0 1 1 2.5 2l-.5.8M12 13.6v.1",
    "11": "M3 4.5h11v7.5H8l-3 2.5V12H3zM10 15h3.5l3 2.5V15H21V8h-4",
    "12": "M12 20.5C6 16 3.5 13 3.5 9.3A4.3 4.3 0 0 1 12 8a4.3 4.3 0 0 1 8.5 1.3C20.5 13 18 16 12 20.5z",
}
OTHERWISE = "M12 4l9 16H3zM12 10v4.5M12 17v.1"

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


@register.simple_tag
def drawing(category: str) -> SafeString:
    """Draw what kind of matter it is."""
    path = DRAWN.get(category[:2], OTHERWISE)
    return mark_safe(f'<svg class="drawn" viewBox="0 0 24 24" aria-hidden="true"><path d="{path}"/></svg>')  # both are ours
