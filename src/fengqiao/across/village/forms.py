"""The forms of the village's desk: short, one question after the other."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fengqiao.cases import reference, views

DISPUTES = "11"


def _words(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _disputes() -> list[tuple[str, str]]:
    english = views.language().startswith("en")
    found = [row for row in reference.categories().values() if row.code.startswith(DISPUTES) and len(row.code) > len(DISPUTES)]
    return [(row.code, row.name_en if english else row.name) for row in found]


class AnswerForm(forms.Form):
    """An answer that goes to the resident's page as it stands."""

    text = forms.CharField(
        label=gettext_lazy("Answer, in plain words"), help_text=gettext_lazy("It stands on the resident's page at once."), min_length=4,
        max_length=4000, widget=_words(6),
    )  # fmt: skip


class PassOnForm(forms.Form):
    """The assessment with which the town goes on; the resident reads it too."""

    reason = forms.CharField(
        label=gettext_lazy("Your assessment"),
        help_text=gettext_lazy("What it is about and why the town must take it. The resident reads it."),
        min_length=4, max_length=2000, widget=_words(),
    )  # fmt: skip


class QuarrelForm(forms.Form):
    """It is a quarrel: somebody must be reachable."""

    category = forms.ChoiceField(label=gettext_lazy("What kind of quarrel?"))
    name = forms.CharField(label=gettext_lazy("Name of whoever reported"), max_length=60)
    phone = forms.RegexField(
        r"^[0-9+\- ]{5,30}$", label=gettext_lazy("Their telephone"), widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Why it is a quarrel"), required=False, max_length=1000, widget=_words(3))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = _disputes()  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """Which committee takes it; who is there now is said beside."""

    lead = forms.ChoiceField(label=gettext_lazy("To whom?"), widget=forms.RadioSelect)
    note = forms.CharField(label=gettext_lazy("What they should know"), required=False, max_length=2000, widget=_words(3))

    def __init__(self, *args: Any, committees: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].choices = committees  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    """Both sides have just agreed."""

    applicant_agrees = forms.BooleanField(label=gettext_lazy("Whoever came to us agrees"), required=False)
    respondent_agrees = forms.BooleanField(label=gettext_lazy("The other side agrees"), required=False)
    text = forms.CharField(
        label=gettext_lazy("What they agreed: who does what, and by when"), min_length=4, max_length=2000, widget=_words()
    )


class TellForm(forms.Form):
    """Why it takes longer, for whoever waits."""

    note = forms.CharField(
        label=gettext_lazy("Why it takes longer"), help_text=gettext_lazy("It is sent to the resident and stands on the record."),
        min_length=4, max_length=1000, widget=_words(3),
    )  # fmt: skip
