"""How allauth serves this house: no signing up, no mail, our sentences."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

WRONG_CODE = gettext_lazy("This code is wrong or has expired. Enter the newest one from your app.")


class HouseAdapter(DefaultAccountAdapter):
    """Accounts are made by the centre."""

    error_messages: dict[str, str | Promise] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("This user name and password do not belong together. Check both and try again."),
        "invalid_login": gettext_lazy("This user name and password do not belong together. Check both and try again."),
        "incorrect_password": gettext_lazy("This password is wrong."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait a quarter of an hour, or ask your administrator."),
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: notices go by the notices kit."""

    def add_message(self, *arguments: Any, **options: Any) -> None:
        """Say nothing: a greeting that must be read away is no help at a working desk."""


class HouseMfaAdapter(DefaultMFAAdapter):
    """Second factors, with our sentences."""

    error_messages: dict[str, str | Promise] = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """Propose a name for a new passkey."""
        return gettext("Passkey {number}").format(number=Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1)
