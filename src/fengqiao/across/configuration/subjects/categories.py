"""The tree of kinds of matter (handbook C7): what a case of each begins with."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext, gettext_lazy, ngettext

from fengqiao.across.configuration.subjects.base import Facts, Row, Subject, counted, english, plain
from fengqiao.base.act import Act
from fengqiao.base.words import _
from fengqiao.cases import centre, reference, registry
from fengqiao.cases.models import Category
from fengqiao.loop.terms import SLA_TITLES, Sla

LEVELS = [
    (0, gettext_lazy("C0: anybody may read it")), (1, gettext_lazy("C1: officers on this ground")),
    (2, gettext_lazy("C2: personal; every reading is noted")), (3, gettext_lazy("C3: sealed; read for a stated purpose")),
    (4, gettext_lazy("C4: sealed compartment; named persons only")),
]  # fmt: skip


def classes() -> list[tuple[str, Any]]:
    """Return the service classes with their words."""
    return [(str(sla), f"{sla} · {gettext(SLA_TITLES[sla])}") for sla in Sla]


def named(row: Category) -> str:
    """Return what a kind is called."""
    return (english() and row.name_en) or row.name


class CategoryForm(forms.Form):
    """What a kind of matter is called, and what a case of it begins with."""

    code = forms.CharField(
        label=gettext_lazy("Code of the entry"), max_length=8,
        validators=[RegexValidator(r"^\d{2}(\d{2}){0,3}$", gettext_lazy("Two digits for a class, four for a kind."))],
        help_text=gettext_lazy("Two digits for a class, four for a kind."),
    )  # fmt: skip
    parent = forms.ChoiceField(label=gettext_lazy("Class"), required=False)
    name = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80)
    sla = forms.ChoiceField(label=gettext_lazy("Service class"))
    confidentiality = forms.TypedChoiceField(label=gettext_lazy("Confidentiality"), coerce=int, choices=LEVELS)
    loop = forms.ChoiceField(label=gettext_lazy("Dealt with as"))
    spot_ok = forms.BooleanField(label=gettext_lazy("May be settled on the spot"), required=False)
    physical = forms.BooleanField(
        label=gettext_lazy("Stands at a place: a photo helps, and the same report near by is looked for"), required=False
    )
    public_danger = forms.BooleanField(label=gettext_lazy("Danger to the public: hours run through the night"), required=False)
    active = forms.BooleanField(label=gettext_lazy("Can be chosen for new cases"), required=False, initial=True)

    def __init__(self, *args: Any, about: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        tree = reference.categories()
        tops = [
            ("", gettext("None: it is a class itself")),
            *((row.code, f"{row.code} {named(row)}") for row in tree.values() if row.parent_id is None),
        ]
        self.fields["parent"].choices = tops  # type: ignore[attr-defined]
        self.fields["sla"].choices = classes()  # type: ignore[attr-defined]
        self.fields["loop"].choices = [(key, gettext(registry.loop(key).title)) for key in registry.kinds()]  # type: ignore[attr-defined]
        if about:
            del self.fields["code"], self.fields["parent"]

    def clean(self) -> dict[str, Any]:
        """Keep the tree a tree: a kind's code begins with its class, and a class with kinds in use stays."""
        said: dict[str, Any] = super().clean() or {}
        tree = reference.categories()
        code, parent = said.get("code", ""), said.get("parent", "")
        if not self.about and code:
            if code in tree:
                self.add_error("code", gettext("There is a kind of this code already. Open it and change it there."))
            elif bool(parent) == (len(code) == 2) or not code.startswith(parent):
                self.add_error(
                    "code", gettext("The code of a kind begins with the code of its class and is longer; a class has two digits.")
                )
        if self.about and said.get("active") is False and any(row.parent_id == self.about and row.active for row in tree.values()):
            self.add_error("active", gettext("This class still has kinds in use. Retire those first."))
        return said


class Categories(Subject):
    """Kinds of matter by their code."""

    key = "category"
    title = _("Kinds of matter")
    meaning = _("The tree that reports are sorted by, with the class and confidentiality a new case begins with.")
    columns = (_("Code of the entry"), _("Name"), _("Service class"), _("Confidentiality"), _("Dealt with as"))
    fields = {
        "name": _("Name in Chinese"), "name_en": _("Name in English"), "parent": _("Class"), "sla": _("Service class"),
        "confidentiality": _("Confidentiality"), "loop": _("Dealt with as"), "spot_ok": _("May be settled on the spot"),
        "physical": _("Stands at a place"), "public_danger": _("Danger to the public"), "active": _("Can be chosen for new cases"),
    }  # fmt: skip
    form = CategoryForm

    def rows(self, on: date) -> list[Row]:
        """Return the tree in the order of the codes."""
        return [
            Row(
                row.code, (row.code, named(row), row.sla, f"C{row.confidentiality}", gettext(registry.loop(row.loop).title)), not row.active
            )
            for row in reference.categories().values()
        ]

    def every(self, on: date) -> dict[str, Facts]:
        """Return the tree as facts."""
        return {row.code: _facts(row) for row in reference.categories().values()}

    def called(self, about: str) -> str:
        """Return code and name."""
        row = reference.categories().get(about)
        return f"{about} {named(row)}" if row else about

    def to_form(self, about: str, facts: Facts) -> dict[str, Any]:
        """Return the fields, the code among them."""
        return {"code": about, **facts}

    def from_form(self, said: dict[str, Any]) -> tuple[str, Facts]:
        """Return code and facts."""
        code = said.get("code", "")
        return code, {name: said[name] for name in self.fields if name in said}

    def checked(self, about: str, facts: Facts, on: date) -> Facts:
        """Return the facts; the class of one that stands does not change."""
        clean = super().checked(about, facts, on)
        known = self.now(about, on)
        return {**clean, "parent": known["parent"] if known else clean.get("parent", "")}

    def touches(self, act: Act, about: str, before: Facts | None, after: Facts, since: date) -> list[str]:
        """Say how many cases are of this kind, and that they keep what they have."""
        if before is None:
            return [gettext("A new kind of matter. Routing rules without a kind of their own decide who gets it.")]
        open_now, ended = counted(act.at, category__startswith=about)
        told = [
            ngettext("%(count)s open case is of this kind", "%(count)s open cases are of this kind", open_now) % {"count": open_now}
            + ngettext(", and %(count)s ended one.", ", and %(count)s ended ones.", ended) % {"count": ended}
        ]
        if any(before[name] != after[name] for name in ("sla", "confidentiality", "public_danger", "loop")):
            told.append(
                gettext(
                    "They keep their limits and their confidentiality; what is filed or triaged from that day on begins with the new ones."
                )
            )
        if before["confidentiality"] > after["confidentiality"]:
            told.append(gettext("New cases of this kind can be read more widely than before: a second person must confirm."))
        if before["active"] and not after["active"]:
            told.append(gettext("From that day on nobody can choose it; cases that have it keep it and its name."))
        return told

    def needs_second(self, about: str, before: Facts | None, after: Facts) -> bool:
        """What was sealed is not opened by one person alone."""
        return before is not None and before["confidentiality"] > after["confidentiality"] and before["confidentiality"] >= 2

    def write(self, act: Act, about: str, after: Facts, since: date) -> None:
        """Write the row."""
        centre.write_category(about, after)

    def said(self, field: str, value: Any) -> str:
        """Say a fact."""
        if field == "sla" and value in set(Sla):
            return f"{value} · {gettext(SLA_TITLES[Sla(value)])}"
        if field == "confidentiality":
            return f"C{value}"
        if field == "loop" and value in registry.kinds():
            return gettext(registry.loop(value).title)
        return plain(value)


def _facts(row: Category) -> Facts:
    told = ("name", "name_en", "sla", "confidentiality", "loop", "spot_ok", "physical", "public_danger", "active")
    return {"parent": row.parent_id or "", **{name: getattr(row, name) for name in told}}
