"""Standard texts: what may be said with a move, by kind of matter and state; the holes are filled from the case."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.configuration.subjects.base import Facts, Row, Subject, english, plain
from fengqiao.across.configuration.subjects.categories import named
from fengqiao.across.desk import queries, services
from fengqiao.across.desk.models import StandardText
from fengqiao.across.desk.schemas import TextIn
from fengqiao.base.act import Act
from fengqiao.base.ids import derived_id
from fengqiao.base.words import _
from fengqiao.cases import reference
from fengqiao.cases.models import Case
from fengqiao.kits.notices import texts
from fengqiao.loop.alphabet import EVERY_MOVE, State

FIELDS = ("move", "category", "state", "title", "title_en", "text", "text_en", "active")


class PhraseForm(forms.Form):
    """Where a text is offered, and what it says."""

    move = forms.ChoiceField(label=gettext_lazy("With the step"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Only for this kind of matter"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("Only in this state"), required=False)
    title = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=40)
    title_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=60, required=False)
    text = forms.CharField(label=gettext_lazy("Text in Chinese"), min_length=2, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"), max_length=1500, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    active = forms.BooleanField(label=gettext_lazy("Is offered"), required=False, initial=True)

    def __init__(self, *args: Any, about: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        kinds = [(code, f"{code} {named(row)}") for code, row in reference.categories().items() if row.active]
        choices = {
            "move": [("", gettext("Every step")), *((key, gettext(move.title)) for key, move in EVERY_MOVE.items())],
            "category": [("", gettext("Every kind of matter")), *kinds],
            "state": [("", gettext("Every state")), *((state, gettext(title)) for state, title in states().items())],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        holes = ", ".join(f"{{{hole}}}" for hole in queries.HOLES)
        self.fields["text"].help_text = gettext("Filled from the case: %(holes)s.") % {"holes": holes}

    def clean(self) -> dict[str, Any]:
        """Refuse holes that no case fills: a person would have to see and mend them each time."""
        said: dict[str, Any] = super().clean() or {}
        for name in ("text", "text_en"):
            for hole in texts.HOLES.findall(said.get(name, "")):
                if hole not in queries.HOLES:
                    known = ", ".join(f"{{{each}}}" for each in queries.HOLES)
                    self.add_error(name, texts.UnknownHole(hole="{" + hole + "}", holes=known).say(gettext))
                    break
        return said


def states() -> dict[str, str]:
    """Return the states with their titles."""
    return {str(state): state.title for state in State}


class Phrases(Subject):
    """Standard texts by their id."""

    key = "phrase"
    title = _("Standard texts")
    meaning = _("Sentences that handlers put into their answers.")
    columns = (_("Step"), _("Kind of matter"), _("State"), _("Name"), _("Text"))
    fields = {
        "move": _("With the step"), "category": _("Only for this kind of matter"), "state": _("Only in this state"),
        "title": _("Name in Chinese"), "title_en": _("Name in English"), "text": _("Text in Chinese"), "text_en": _("Text in English"),
        "active": _("Is offered"),
    }  # fmt: skip
    form = PhraseForm

    def rows(self, on: date) -> list[Row]:
        """Return all texts, those retired among them."""
        return [
            Row(
                str(row.id),
                (
                    self.said("move", row.move), self.said("category", row.category), self.said("state", row.state),
                    (english() and row.title_en) or row.title, (english() and row.text_en) or row.text,
                ),
                not row.active,
            )
            for row in queries.texts()
        ]  # fmt: skip

    def every(self, on: date) -> dict[str, Facts]:
        """Return all texts as facts."""
        return {str(row.id): _facts(row) for row in queries.texts()}

    def called(self, about: str) -> str:
        """Return its name."""
        row = next((row for row in queries.texts() if str(row.id) == about), None)
        return ((english() and row.title_en) or row.title) if row else gettext(self.title)

    def from_form(self, said: dict[str, Any]) -> tuple[str, Facts]:
        """Return which text it is, by where it stands and what it is called, and what it says."""
        facts = {name: said[name] for name in FIELDS}
        return str(derived_id("standard text", facts["move"], facts["category"], facts["title"])), facts

    def fits(self, about: str, found: str) -> bool:
        """A text of another house comes under the id it has there."""
        return found == about or _is_id(about)

    def touches(self, act: Act, about: str, before: Facts | None, after: Facts, since: date) -> list[str]:
        """Show it as it would stand, and say where it is offered."""
        where = [self.said(name, after[name]) for name in ("move", "category", "state")]
        told = [gettext("Offered with: %(where)s.") % {"where": " · ".join(where)}, *_shown(act, after)]
        if before and before["active"] and not after["active"]:
            told.append(gettext("It is not offered any more; answers that were given with it stay."))
        return told

    def write(self, act: Act, about: str, after: Facts, since: date) -> None:
        """Write the text."""
        services.write_text(act, TextIn(**after), UUID(about), made=self.now(about, since) is None)

    def said(self, field: str, value: Any) -> str:
        """Say a fact."""
        if field == "move":
            return gettext(EVERY_MOVE[value].title) if value in EVERY_MOVE else gettext("Every step")
        if field == "state":
            return gettext(states().get(value, "")) if value else gettext("Every state")
        if field == "category":
            row = reference.categories().get(value)
            return f"{value} {named(row)}" if row else gettext("Every kind of matter")
        return plain(value)


def _shown(act: Act, facts: Facts) -> list[str]:
    """Say it of the newest case of its kind that is no secret."""
    with acting(machine_act("settings", act.at)):
        case = Case.objects.filter(confidentiality__lt=2, category__startswith=facts["category"]).order_by("-id").first()
        if case is None:
            return []
        row = StandardText(**{name: facts[name] for name in FIELDS})
        said = queries.filled(row, queries.facts_of(act.actor, case, act.at), get_language() or "")
    return [gettext("With the newest case it would read: “%(text)s”.") % {"text": said["text"]}]


def _is_id(about: str) -> bool:
    try:
        return bool(UUID(about))
    except ValueError:
        return False


def _facts(row: StandardText) -> Facts:
    return {name: getattr(row, name) for name in FIELDS}
