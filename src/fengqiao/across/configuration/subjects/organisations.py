"""Organisations one by one: name, trade, telephone, and whether they still take cases. A whole district comes from files."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.configuration.subjects.base import OPEN, Facts, Row, Subject, plain
from fengqiao.across.intake.terms import TRADE_TITLES
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.words import _
from fengqiao.cases.models import Case
from fengqiao.people import bodies, models, opening
from fengqiao.people import queries as people
from fengqiao.people.terms import DESKS, KIND_TITLES, Presence

PRESENCES = [
    ("", gettext_lazy("Not in the centre")), (str(Presence.RESIDENT), gettext_lazy("Sits in the centre")),
    (str(Presence.ROTATING), gettext_lazy("Comes to the centre in turns")), (str(Presence.ON_CALL), gettext_lazy("Comes when called")),
]  # fmt: skip


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of organisation."""
    return [(str(kind), gettext(title)) for kind, title in KIND_TITLES.items()]


def desks() -> list[tuple[str, str]]:
    """Return the desks by the district's scheme."""
    english = (get_language() or "").startswith("en")
    return [("", gettext("None")), *((code, name_en if english else name) for code, name, name_en in DESKS[people.desk_scheme()])]


class OrganisationForm(forms.Form):
    """What is known of a body that handles matters."""

    code = forms.CharField(
        label=gettext_lazy("Code of the entry"),
        max_length=40,
        validators=[RegexValidator(r"^[0-9A-Za-z_.-]+$", gettext_lazy("Letters, digits, dots and dashes only."))],
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of organisation"))
    area = forms.CharField(
        label=gettext_lazy("Area"), max_length=20, help_text=gettext_lazy("Code of the district, town or village it works in.")
    )
    name = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120, required=False)
    field = forms.CharField(label=gettext_lazy("Trade"), max_length=20, required=False)
    desk = forms.ChoiceField(label=gettext_lazy("Desk it answers to"), required=False)
    presence = forms.ChoiceField(label=gettext_lazy("In the governance centre"), required=False, choices=PRESENCES)
    phone = forms.CharField(label=gettext_lazy("Office telephone (public)"), max_length=30, required=False)
    opening = forms.CharField(
        label=gettext_lazy("Opening hours"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Days and hours, one group a line: 1-5 08:30-12:00 14:00-17:30. Sunday's count on holidays."),
    )  # fmt: skip
    active = forms.BooleanField(label=gettext_lazy("Takes new cases"), required=False, initial=True)

    def __init__(self, *args: Any, about: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        self.fields["kind"].choices = kinds()  # type: ignore[attr-defined]
        self.fields["desk"].choices = desks()  # type: ignore[attr-defined]
        trades = ", ".join(f"{key} ({gettext(title)})" for key, title in TRADE_TITLES.items())
        self.fields["field"].help_text = gettext("Routing rules name trades: %(trades)s, or one of your own.") % {"trades": trades}
        if about:
            del self.fields["code"]

    def clean_area(self) -> str:
        """Refuse ground that is not there."""
        code = str(self.cleaned_data["area"]).strip()
        if people.area(code) is None:
            raise forms.ValidationError(bodies.NoSuchArea(code=code).say(gettext))
        return code

    def clean_opening(self) -> str:
        """Refuse hours that cannot be read."""
        try:
            return opening.kept(str(self.cleaned_data["opening"]))
        except FengqiaoError as error:
            raise forms.ValidationError(error.say(gettext)) from error

    def clean_code(self) -> str:
        """Refuse a code that is taken."""
        code = str(self.cleaned_data["code"]).strip()
        if not self.about and models.Organisation.objects.filter(code=code).exists():
            raise forms.ValidationError(gettext("There is an organisation with this code already. Open it and change it there."))
        return code


class Organisations(Subject):
    """Organisations by the code the district gave them."""

    key = "organisation"
    title = _("Organisations")
    meaning = _("Who takes cases: names, trades, telephones. Whole districts come from files.")
    columns = (_("Code of the entry"), _("Name"), _("Kind of organisation"), _("Trade"), _("Area"), _("Office telephone (public)"))
    fields = {
        "name": _("Name in Chinese"), "name_en": _("Name in English"), "kind": _("Kind of organisation"), "area": _("Area"),
        "field": _("Trade"), "desk": _("Desk it answers to"), "presence": _("In the governance centre"),
        "phone": _("Office telephone (public)"), "opening": _("Opening hours"), "active": _("Takes new cases"),
    }  # fmt: skip
    form = OrganisationForm

    def rows(self, on: date) -> list[Row]:
        """Return all organisations."""
        tongue, titles = get_language() or "", dict(kinds())
        return [
            Row(
                row.code,
                (
                    row.code, _called(row.name, row.name_en), titles.get(row.kind, row.kind), _trade(row.field),
                    people.address(row.area_id, tongue) or row.area_id, row.phone,
                ),
                not row.active,
            )
            for row in models.Organisation.objects.all()
        ]  # fmt: skip

    def every(self, on: date) -> dict[str, Facts]:
        """Return all organisations as facts."""
        return {row.code: _facts(row) for row in models.Organisation.objects.all()}

    def now(self, about: str, on: date) -> Facts | None:
        """Return one organisation."""
        row = models.Organisation.objects.filter(code=about).first()
        return _facts(row) if row else None

    def called(self, about: str) -> str:
        """Return its name."""
        row = models.Organisation.objects.filter(code=about).first()
        return _called(row.name, row.name_en) if row else about

    def to_form(self, about: str, facts: Facts) -> dict[str, Any]:
        """Return the fields, the code among them; a file of an older system says nothing of opening hours."""
        hours = "\n".join(part.strip() for part in facts.get("opening", "").split(";"))
        return {"code": about, **facts, "opening": hours}

    def from_form(self, said: dict[str, Any]) -> tuple[str, Facts]:
        """Return code and facts."""
        return said.get("code", ""), {name: said[name] for name in self.fields}

    def touches(self, act: Act, about: str, before: Facts | None, after: Facts, since: date) -> list[str]:
        """Say how many cases lie with it and what becomes of them."""
        row = models.Organisation.objects.filter(code=about).first()
        if row is None or before is None:
            return [gettext("A new organisation. It takes cases as soon as somebody holds a post in it.")]
        with acting(machine_act("settings", act.at)):
            mine = Case.objects.filter(lead=row.id, state__in=OPEN).count()
        told = [ngettext("%(count)s open case lies with it.", "%(count)s open cases lie with it.", mine) % {"count": mine}]
        if before["active"] and not after["active"]:
            told.append(gettext("It will not be proposed any more. What lies with it stays until somebody assigns it elsewhere."))
        if before["field"] != after["field"]:
            told.append(gettext("Routing rules that name a trade will propose it by its new trade."))
        if before["area"] != after["area"]:
            told.append(gettext("It will be proposed for its new area. Those who hold posts in it keep the area of their post."))
        return told

    def write(self, act: Act, about: str, after: Facts, since: date) -> None:
        """Write the row."""
        bodies.write_organisation(act, about, after)

    def said(self, field: str, value: Any) -> str:
        """Say a fact."""
        tables = {"kind": dict(kinds()), "presence": {key: str(title) for key, title in PRESENCES}, "desk": dict(desks())}
        if field == "opening" and value:
            return opening.said(value, gettext)
        if field == "field":
            return _trade(value) or plain(value)
        return tables.get(field, {}).get(value) or plain(value)


def _called(name: str, name_en: str) -> str:
    return (name_en if (get_language() or "").startswith("en") else "") or name


def _trade(field: str) -> str:
    title = TRADE_TITLES.get(field)
    return gettext(title) if title else field


def _facts(row: models.Organisation) -> Facts:
    told = ("name", "name_en", "kind", "field", "desk", "presence", "phone", "opening", "active")
    return {**{name: getattr(row, name) for name in told}, "area": row.area_id}
