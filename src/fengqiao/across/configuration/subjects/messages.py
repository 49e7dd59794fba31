"""What residents and officers are told, by event, language and channel; shown on a real message before it counts."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, ngettext, override

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.configuration.subjects.base import Facts, Row, Subject, plain
from fengqiao.across.duty import telling
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.words import _
from fengqiao.cases.models import Case
from fengqiao.cases.terms import REQUEST_TITLES, RequestKind
from fengqiao.kits.notices import events, queries, texts, wording
from fengqiao.loop.alphabet import CLOCK_TITLES
from fengqiao.people import queries as people

EXAMPLES = timedelta(days=60)
SMS_ALONE, SMS_PART = 70, 67
"""Characters of a text message with Chinese in it, and of each part where there are several."""

TONGUES = {"zh-hans": "中文", "en": "English"}
WAYS = {texts.EVERYWHERE: _("Every way"), texts.SHORT: _("Text message")}
WHOM = {events.REPORTER: _("Whoever reported"), events.OFFICER: _("Officers")}


class MessageForm(forms.Form):
    """Which message, and what it says."""

    event = forms.ChoiceField(label=gettext_lazy("Message"))
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=list(TONGUES.items()))
    channel = forms.ChoiceField(
        label=gettext_lazy("Way out"), required=False, help_text=gettext_lazy("Text messages may have shorter words of their own.")
    )
    text = forms.CharField(label=gettext_lazy("Text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, about: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        self.fields["event"].choices = [(one.key, f"{called(one)}") for one in events.every()]  # type: ignore[attr-defined]
        self.fields["channel"].choices = [(key, gettext(title)) for key, title in WAYS.items()]  # type: ignore[attr-defined]
        if about:
            del self.fields["event"], self.fields["language"], self.fields["channel"]
            event = events.named(split(about)[0])
            holes = ", ".join(f"{{{hole}}}" for hole in texts.HOLES.findall(str(event.sentence))) if event else ""
            self.fields["text"].help_text = gettext("It can say: %(holes)s.") % {"holes": holes or "–"}

    def clean(self) -> dict[str, Any]:
        """Refuse placeholders that the message does not know."""
        said: dict[str, Any] = super().clean() or {}
        event = events.named(split(self.about)[0] if self.about else said.get("event", ""))
        if event is not None and "text" in said:
            try:
                said["text"] = texts.checked(event, said["text"])
            except FengqiaoError as error:
                self.add_error("text", error.say(gettext))
        return said


class Messages(Subject):
    """Messages by event, language and channel: ``reporter_close/zh-hans`` or ``reporter_close/zh-hans/sms``."""

    key = "message"
    title = _("Texts of messages")
    meaning = _("What residents and officers are told, by event and language.")
    columns = (_("Code of the entry"), _("To whom"), _("Language"), _("Way out"), _("Text"), _("Whose words"))
    fields = {"text": _("Text")}
    form = MessageForm

    def rows(self, on: date) -> list[Row]:
        """Return every message in both languages, and those with words of their own for one way out."""
        own, found = texts.chosen(), []
        for event in events.every():
            for language, tongue in TONGUES.items():
                for way, title in WAYS.items():
                    mine = (event.key, language, way) in own
                    if way and not mine:
                        continue
                    words = gettext("our own") if mine else gettext("as delivered")
                    text = texts.standing(event, language, way)
                    cells = (event.key, gettext(WHOM[event.audience]), tongue, gettext(title), text, words)
                    found.append(Row(name(event.key, language, way), cells))
        return found

    def every(self, on: date) -> dict[str, Facts]:
        """Return what a centre has chosen itself: what is as delivered goes with the release."""
        return {name(*key): {"text": self._text(key)} for key in sorted(texts.chosen()) if events.named(key[0])}

    def now(self, about: str, on: date) -> Facts | None:
        """Return what is said now; of every known message there is something."""
        key = split(about)
        if events.named(key[0]) is None or key[1] not in TONGUES or key[2] not in WAYS:
            return None
        return {"text": self._text(key)}

    def _text(self, key: texts.Key) -> str:
        event = events.named(key[0])
        return texts.standing(event, key[1], key[2]) if event else ""

    def called(self, about: str) -> str:
        """Return the delivered sentence and its language."""
        event, language, channel = split(about)
        found = events.named(event)
        parts = (called(found) if found else event, TONGUES.get(language, language), gettext(WAYS[channel]) if channel in WAYS else channel)
        return " · ".join(parts if channel else parts[:2])

    def to_form(self, about: str, facts: Facts) -> dict[str, Any]:
        """Return the fields, with what the text is of."""
        event, language, channel = split(about)
        return {"event": event, "language": language, "channel": channel, "text": facts["text"]}

    def from_form(self, said: dict[str, Any]) -> tuple[str, Facts]:
        """Return what the text is of, and the text."""
        about = name(said["event"], said["language"], said["channel"]) if "event" in said else ""
        return about, {"text": said["text"]}

    def touches(self, act: Act, about: str, before: Facts | None, after: Facts, since: date) -> list[str]:
        """Say it on the last real message of this kind, and how long it becomes."""
        event, language, channel = split(about)
        found = events.named(event)
        if found is None:
            return []
        told = [*_shown(act, found, language, after["text"]), gettext("What was said before is still read as it was said.")]
        outside = set(texts.HOLES.findall(after["text"])) - wording.OUTSIDE
        if outside:
            told.append(gettext("It says what must not leave the house; outside it becomes: “%(text)s”.") % {"text": _in(language)})
        length = len(after["text"])
        if channel == texts.SHORT:
            parts = 1 if length <= SMS_ALONE else -(-length // SMS_PART)
            told.append(
                ngettext("As a text message it takes about %(count)s part.", "As a text message it takes about %(count)s parts.", parts)
                % {"count": parts}
            )
        return told

    def write(self, act: Act, about: str, after: Facts, since: date) -> None:
        """Let the words count."""
        event, language, channel = split(about)
        found = events.named(event)
        if found is not None:
            texts.write(act, found, language, channel, after["text"])

    def said(self, field: str, value: Any) -> str:
        """Say a fact."""
        return plain(value)


def split(about: str) -> texts.Key:
    """Return event, language and channel of a message's name."""
    event, language, channel, *_more = (*about.split("/"), "", "", "")
    return event, language, channel


def name(event: str, language: str, channel: str = "") -> str:
    """Return a message's name."""
    return "/".join(part for part in (event, language, channel) if part)


def called(event: events.Event) -> str:
    """Return the delivered sentence in the reader's language, cut short."""
    said = gettext(str(event.sentence))
    return said if len(said) <= 60 else said[:59] + "…"


def _in(language: str) -> str:
    with override(language):
        return gettext(wording.SOMETHING)


def _shown(act: Act, event: events.Event, language: str, text: str) -> list[str]:
    """Say a text with the facts of the last message of its kind; where none was sent, with those of the newest case."""
    with acting(machine_act("settings", act.at)):
        last = queries.example(str(event.sentence), event.audience == events.REPORTER, act.at - EXAMPLES)
        facts = last.facts if last else _facts(act)
        with override(language):
            said = text.format_map(defaultdict(lambda: "…", wording.filled(facts, language)))
    if last is None:
        return [gettext("With the newest case it would read: “%(text)s”.") % {"text": said}] if facts else []
    day = last.at.astimezone(people.zone()).strftime("%Y-%m-%d %H:%M")
    return [gettext("The last one, of %(day)s, would have read: “%(text)s”.") % {"day": day, "text": said}]


def _facts(act: Act) -> dict[str, Any]:
    case = Case.objects.filter(confidentiality__lt=2).order_by("-id").first()
    if case is None:
        return {}
    lead = wording.organisation(case.lead) if case.lead else "…"
    return {
        **telling.facts_of(case), "clock": wording.words(CLOCK_TITLES["handle"]), "organisation": lead, "count": 3,
        "due": wording.moment(case.due_at or act.at), "who": wording.person(act.actor.person), "post": wording.post(act.actor.post),
        "what": wording.words(REQUEST_TITLES[RequestKind.EXTENSION]), "missed": lead,
    }  # fmt: skip
