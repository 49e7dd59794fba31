"""What every change is asked beside its facts, and the forms of the pages around it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


class WhenForm(forms.Form):
    """From which day, and why."""

    since = forms.DateField(label=gettext_lazy("Counts from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(
        label=gettext_lazy("Why?"), max_length=300, required=False, help_text=gettext_lazy("Stands in the history, for whoever asks later.")
    )

    def __init__(self, *args: Any, effective: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not effective:
            del self.fields["since"]


class FileForm(forms.Form):
    """A file of settings from another system, and the day from which it is to count."""

    text = forms.CharField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("File of settings"), required=False, widget=forms.ClearableFileInput(attrs={"accept": ".json"})
    )
    since = forms.DateField(label=gettext_lazy("Counts from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class PersonForm(forms.Form):
    """Who somebody is and how to reach them."""

    username = forms.CharField(
        label=gettext_lazy("Name to sign in with"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label=gettext_lazy("Full name"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    account = forms.CharField(
        label=gettext_lazy("Account in the office system"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For work notices; empty: the name to sign in with here."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=[("zh-hans", "中文"), ("en", "English")])

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["username"]


class StandInForm(forms.Form):
    """Who stands in, and for how long."""

    substitute = forms.CharField(
        label=gettext_lazy("Who stands in (name to sign in with)"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "persons", "autocomplete": "off", "autocapitalize": "none"}),
    )
    first = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class AppointForm(forms.Form):
    """A post to give."""

    post = forms.ChoiceField(label=gettext_lazy("Post"))
    organisation = forms.CharField(
        label=gettext_lazy("Code of the organisation"),
        max_length=40,
        widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}),
    )
    area = forms.CharField(
        label=gettext_lazy("Code of the area"), max_length=20, required=False, help_text=gettext_lazy("Empty: the organisation's own area.")
    )
    since = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(
        label=gettext_lazy("Until (first day it is no longer held)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    temporary = forms.BooleanField(label=gettext_lazy("For the time being (needs an end)"), required=False)

    def __init__(self, *args: Any, posts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [("", "–"), *posts]  # type: ignore[attr-defined]
