"""Signatures by the Standard Webhooks rules: ``v1,`` and base64 of HMAC-SHA256 over id, time and body.

While a secret is being changed both sign, so that a receiver may change over whenever it likes.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from fengqiao.base.errors import Unavailable
from fengqiao.base.words import _

PREFIX = "whsec_"
TOLERANCE = 5 * 60


class SecretLost(Unavailable):
    """The house's key was changed, so what it sealed cannot be opened."""

    message = _("The secret of this webhook cannot be read any more, because the house's own key was changed. Make a new secret.")


def new_secret() -> str:
    """Return a fresh secret as the receiver is given it."""
    return PREFIX + base64.b64encode(os.urandom(32)).decode()


def key_of(secret: str) -> bytes:
    """Return the key inside a secret."""
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return one signature."""
    digest = hmac.new(key_of(secret), f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def headers(secrets: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers that go with a message; one signature for every secret in force."""
    signed = " ".join(signature(secret, message_id, timestamp, body) for secret in secrets)
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": signed}


def verifies(secret: str, told: Mapping[str, str], body: bytes, at: int) -> bool:
    """Tell whether a message is genuine and fresh: what a receiver does, and what our own connectors will do."""
    stamp = told.get("webhook-timestamp", "")
    if not stamp.isascii() or not stamp.isdigit() or abs(at - int(stamp)) > TOLERANCE:
        return False
    expected = signature(secret, told.get("webhook-id", ""), int(stamp), body)
    given = told.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)


def sealed(secret: str) -> bytes:
    """Seal a secret for the database, so that a copy of the database signs nothing."""
    nonce = os.urandom(12)
    return nonce + AESGCM(_house_key()).encrypt(nonce, secret.encode(), b"webhook")


def unsealed(kept: bytes | memoryview) -> str:
    """Open a sealed secret."""
    try:
        return AESGCM(_house_key()).decrypt(bytes(kept[:12]), bytes(kept[12:]), b"webhook").decode()
    except InvalidTag:
        raise SecretLost from None


def _house_key() -> bytes:
    return hashlib.sha256(b"fengqiao.webhooks:" + settings.SECRET_KEY.encode()).digest()
