"""What things are called on the pages of the cockpit, in the reader's language."""

from django.utils.translation import get_language, gettext

from fengqiao.base.words import Words
from fengqiao.cases import reference
from fengqiao.cases.terms import CHANNEL_TITLES
from fengqiao.loop.alphabet import state_of
from fengqiao.people import queries as people


def channel(key: str) -> str:
    """Say by which way something was reported."""
    return CHANNEL_TITLES.get(key, Words(key)).say(gettext)


def matter(key: str) -> str:
    """Say a class or kind of matter; of confidential ones, that they are."""
    found = reference.categories().get(key)
    if found is None:
        return gettext("Confidential, kinds not told") if key == "sealed" else gettext("Without a kind")
    return str(found.name_en if (get_language() or "").startswith("en") else found.name)


def state(letter: str) -> str:
    """Say a state."""
    try:
        return state_of(letter).title.say(gettext)
    except ValueError:
        return letter


def owner(organisation: str) -> str:
    """Say which organisation leads, or that none does yet."""
    if organisation in ("", "none"):
        return gettext("No one yet: with the dispatchers")
    return people.organisation(organisation).called(get_language() or "")


def area(code: str) -> str:
    """Say an area."""
    found = people.area(code)
    return found.called(get_language() or "") if found else code


def percent(value: float, *, signed: bool = False) -> str:
    """Say a part as a percentage; beyond a thousand it says no more than that."""
    if value > 10:
        return "> +1000%" if signed else "> 1000%"
    return f"{100 * value:+.0f}%".replace("-", "−") if signed else f"{100 * value:.1f}%"


def hours(value: float | None) -> str:
    """Say a duration: minutes below an hour, days above two."""
    if value is None:
        return "…"
    if value < 1:
        return gettext("{minutes} min").format(minutes=round(60 * value))
    return gettext("{days} d").format(days=f"{value / 24:.1f}") if value >= 48 else gettext("{hours} h").format(hours=f"{value:.1f}")
