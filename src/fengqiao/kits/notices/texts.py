"""A centre's own words: by event, language and channel, from a moment on. What was said before is read as it was said then.

Rows are only ever added. Where there is none the sentence counts as delivered, with its translation; so a new release mends
the wording of every centre that has not chosen its own.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext, override

from fengqiao.base.act import Act
from fengqiao.base.errors import Invalid
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.kits.notices import events
from fengqiao.kits.notices.models import Template
from fengqiao.people import reference
from fengqiao.people.services import bump

EDITION = "notices"
EVERYWHERE, SHORT = "", "sms"
CHANNELS = (EVERYWHERE, SHORT)
"""A text message is short and costs by its parts, so it may have words of its own; all other ways share theirs."""

LANGUAGES = ("zh-hans", "en")
LONGEST = 300
HOLES = re.compile(r"{(\w+)}")
Key = tuple[str, str, str]


class UnknownHole(Invalid):
    """A text names something that this message does not know."""

    message = _("“{hole}” is not known in this message. It can say: {holes}.")


class StrayBrace(Invalid):
    """A brace that opens or closes nothing."""

    message = _("There is a brace without its partner, or with more than a name in it. Write placeholders like {example}.")


class TooLong(Invalid):
    """Longer than a message may be."""

    message = _("At most {most} characters; there are {count}.")


def tongue(language: str) -> str:
    """Return which of our languages a reader's language is."""
    return "en" if language.startswith("en") else "zh-hans"


def own(sentence: str, language: str, channel: str = EVERYWHERE, at: datetime | None = None) -> str | None:
    """Return the centre's own words for a sentence as they stood at a moment (none: now), or nothing."""
    event = events.of_sentence(sentence)
    if event is None:
        return None
    for way in dict.fromkeys((channel, EVERYWHERE)):
        found = _written().get((event.key, tongue(language), way), ())
        text = next((text for since, text in found if at is None or since <= at), None)
        if text is not None:
            return text
    return None


def standing(event: events.Event, language: str, channel: str = EVERYWHERE) -> str:
    """Return what is said now on an occasion: the centre's own words, or the delivered ones in that language."""
    found = own(str(event.sentence), language, channel)
    if found is not None:
        return found
    with override(language):
        return gettext(str(event.sentence))


def chosen() -> frozenset[Key]:
    """Return for what a centre has words of its own."""
    return frozenset(_written())


def checked(event: events.Event, text: str) -> str:
    """Return a text as it is kept; raises what is wrong with it in one sentence."""
    text = " ".join(text.split())
    known = HOLES.findall(str(event.sentence))
    for hole in HOLES.findall(text):
        if hole not in known:
            raise UnknownHole(hole="{" + hole + "}", holes=", ".join("{" + name + "}" for name in known) or "–")
    if set("{}") & set(HOLES.sub("", text)):
        raise StrayBrace(example="{number}")
    if len(text) > LONGEST:
        raise TooLong(most=LONGEST, count=len(text))
    return text


def write(act: Act, event: events.Event, language: str, channel: str, text: str) -> Template:
    """Let other words count from now on; who may is asked by whoever calls."""
    row = Template.objects.create(
        id=new_id(), event=event.key, language=language, channel=channel, text=checked(event, text), since=act.at, written_by=act.actor.id
    )
    bump(EDITION)
    return row


@reference.cached(EDITION)
def _written() -> Mapping[Key, Sequence[tuple[datetime, str]]]:
    """Return the centre's own words, the latest first."""
    found: dict[Key, list[tuple[datetime, str]]] = {}
    for row in Template.objects.order_by("-since", "-id"):
        found.setdefault((row.event, row.language, row.channel), []).append((row.since, row.text))
    return found
