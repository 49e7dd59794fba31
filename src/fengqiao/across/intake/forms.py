"""The forms of the resident's pages. One form goes through all steps, so nothing that was typed is ever lost."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_lazy

from fengqiao.across.intake import queries
from fengqiao.across.intake.terms import CONSENT_TITLES, SPOT_TITLES, Aim
from fengqiao.base.words import Words, _

MOST_PHOTOS = 9

FIELDS_OF: dict[str, tuple[str, ...]] = {
    "what": ("text", "photo"),
    "where": ("address",),
    "same": (),
    "who": ("category", "consent", "name", "phone"),
}
STEPS = ("what", "where", "who")
HIDDEN = ("photos", "lon", "lat", "checked")


class Pictures(forms.ClearableFileInput):
    """Several pictures at once, straight from the camera if there is one."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Any number of pictures; none is fine too."""

    widget = Pictures

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        many = data if isinstance(data, list | tuple) else [data]
        return [super(PicturesField, self).clean(one, initial) for one in many if one]


def _kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    return [(group.title, list(group.kinds)) for group in queries.kinds_for(Aim.DEFECT)]


def _agreed(title: Words) -> str:
    return gettext(YES).format(how=gettext(title))


YES = _("Yes; they agreed: {how}")


class ReportForm(forms.Form):
    """What is the matter, where is it, and, if somebody likes, who says so."""

    text = forms.CharField(
        label=gettext_lazy("Describe it"),
        help_text=gettext_lazy("In your own words. Do not write names of other people unless it is needed."),
        max_length=4000, min_length=2, widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    photo = PicturesField(
        label=gettext_lazy("Photos"), help_text=gettext_lazy("A photo helps most. Place and device are taken out of it."),
        required=False, widget=Pictures(attrs={"accept": "image/*", "multiple": True, "data-photos": ""}),
    )  # fmt: skip
    address = forms.CharField(
        label=gettext_lazy("Where exactly?"), help_text=gettext_lazy("Street, house, entrance, floor, or what stands beside it."),
        max_length=200, required=False,
    )  # fmt: skip
    category = forms.ChoiceField(label=gettext_lazy("Kind of matter"))
    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=60, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    consent = forms.ChoiceField(
        label=gettext_lazy("Do you file this for somebody else?"),
        required=False,
        choices=[("", gettext_lazy("No, it is my own report"))],
    )
    photos = forms.CharField(required=False, max_length=600, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    checked = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: str, officer: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        if officer:
            agreed = [(str(key), _agreed(title)) for key, title in CONSENT_TITLES.items()]
            self.fields["consent"].choices = [*self.fields["consent"].choices, *agreed]  # type: ignore[attr-defined]
        else:
            del self.fields["consent"]
        self.fields["category"].choices = lazy(_kinds, list)()  # type: ignore[attr-defined]
        for name in list(self.fields):
            if name in FIELDS_OF[step] or name in HIDDEN:
                continue
            if name == "photo":
                # A file cannot be carried along in a form: it was kept at its own step, and its id is carried instead.
                del self.fields[name]
            else:
                self.fields[name].widget = forms.HiddenInput()

    def clean_text(self) -> str:
        """Refuse what no database can store."""
        return str(self.cleaned_data["text"]).replace("\x00", "").strip()


class LookUpForm(forms.Form):
    """Number and code, as the receipt says them; blanks, dashes and small letters do not matter."""

    number = forms.CharField(
        label=gettext_lazy("Number"), max_length=40, help_text=gettext_lazy("23 digits on your receipt"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=20, help_text=gettext_lazy("6 letters and digits"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip

    def clean_number(self) -> str:
        """Keep the digits."""
        return "".join(sign for sign in self.cleaned_data["number"] if sign.isdigit())

    def clean_code(self) -> str:
        """Keep the signs."""
        return "".join(sign for sign in self.cleaned_data["code"].upper() if sign.isalnum())


class RateForm(forms.Form):
    """One to five stars, and why."""

    stars = forms.TypedChoiceField(
        label=gettext_lazy("How well was it dealt with?"), coerce=int, widget=forms.RadioSelect,
        choices=[
            (5, gettext_lazy("5 stars: very well")), (4, gettext_lazy("4 stars: well")), (3, gettext_lazy("3 stars: so-so")),
            (2, gettext_lazy("2 stars: badly")), (1, gettext_lazy("1 star: very badly")),
        ],
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("What was good or bad?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class WhyForm(forms.Form):
    """A move that needs a reason."""

    reason = forms.CharField(label=gettext_lazy("Why?"), min_length=2, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class DataForm(forms.Form):
    """A request about one's own data (L9 §44-47)."""

    WISHES: ClassVar = [
        ("photo", gettext_lazy("Delete a photo")), ("contact", gettext_lazy("Delete my name and telephone")),
        ("correct", gettext_lazy("Correct something")), ("copy", gettext_lazy("Give me a copy")),
        ("all", gettext_lazy("Delete everything that may be deleted")), ("why", gettext_lazy("Explain to me what was done with it")),
    ]  # fmt: skip
    wish = forms.ChoiceField(label=gettext_lazy("What do you want?"), widget=forms.RadioSelect, choices=WISHES)
    text = forms.CharField(
        label=gettext_lazy("Anything we should know?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CodesForm(forms.Form):
    """A batch of codes: where they hang, and a name for each."""

    area = forms.ChoiceField(label=gettext_lazy("Village, community or grid"))
    spot = forms.ChoiceField(
        label=gettext_lazy("Where they hang"), choices=[(str(key), gettext_lazy(str(title))) for key, title in SPOT_TITLES.items()]
    )
    labels = forms.CharField(
        label=gettext_lazy("Names, one a line"), help_text=gettext_lazy("For example: Building 1, entrance 2"), max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip


class RevokeForm(forms.Form):
    """Withdrawing a code."""

    why = forms.CharField(label=gettext_lazy("Why is it withdrawn?"), max_length=200)


class RulesForm(forms.Form):
    """A set of routing rules as a table, and the day from which it counts."""

    table = forms.CharField(
        label=gettext_lazy("Rules, one a line"),
        help_text=gettext_lazy("Copy it into a spreadsheet and back; empty cells fit everything."),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "wrap": "off"}),
    )
    since = forms.DateField(label=gettext_lazy("Counts from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


# Sentences of the step titles, kept together so that the steps read as one conversation.
STEP_TITLES = {
    "what": _("What is the matter?"),
    "where": _("Where is it?"),
    "same": _("Is it one of these?"),
    "who": _("Send"),
}
