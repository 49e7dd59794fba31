"""The forms of passkeys, with our words; what is checked is allauth's."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy

LONGEST = 60


class AddPasskey(AddWebAuthnForm):
    """A new passkey, with a name by which its owner knows it again."""

    name = forms.CharField(
        label=gettext_lazy("Name of the passkey"), help_text=gettext_lazy("For example: my phone, the blue key"), required=False,
        max_length=LONGEST,
    )  # fmt: skip


class RenamePasskey(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label=gettext_lazy("Name of the passkey"), max_length=LONGEST)
