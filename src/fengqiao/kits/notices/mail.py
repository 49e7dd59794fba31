"""E-mail, by whatever server the district names; Django's own backend speaks to it."""

import smtplib
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from fengqiao.kits.notices.addresses import Address
from fengqiao.kits.notices.channels import PATIENCE, Message, OutOfReach, Refused

SUBJECT = 60


@dataclass(frozen=True, slots=True)
class Mail:
    """E-mail to one person; the message's id is its Message-ID, by which mail programs drop a second copy."""

    sender: str
    name: str = "email"
    a_day: int = 0

    def reaches(self, address: Address) -> bool:
        """Tell whether there is an address."""
        return bool(address.email)

    def send(self, address: Address, message: Message, at: datetime) -> str:
        """Hand the message to the mail server; a number of 5xx for this receiver is final, all else is tried again."""
        subject = f"[{message.title}] {message.text}".replace("\n", " ")
        mail = EmailMessage(
            subject if len(subject) <= SUBJECT else subject[: SUBJECT - 1] + "…",
            f"{message.text}\n\n{message.url}".rstrip() + "\n",
            self.sender,
            [address.email],
            connection=get_connection(timeout=PATIENCE),
            headers={
                "Message-ID": f"<{message.id}@{self.sender.rpartition('@')[2].rstrip('>')}>", "Date": format_datetime(at),
                "Auto-Submitted": "auto-generated",
            },
        )  # fmt: skip
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            raise _judged(*next(iter(error.recipients.values()))) from error
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused) as error:
            # Ours to mend, and then everything that waits goes out.
            raise OutOfReach(f"{error.smtp_code} {_text(error.smtp_error)}") from error
        except smtplib.SMTPResponseException as error:
            raise _judged(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise OutOfReach(f"{type(error).__name__}: {error}") from error
        return ""


def _judged(code: int, said: bytes | str) -> Exception:
    why = f"{code} {_text(said)}"
    return Refused(why) if code >= 500 else OutOfReach(why)


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def configured() -> Mail | None:
    """Return e-mail, if the district has named a server and a sender."""
    sender = settings.DEFAULT_FROM_EMAIL
    return Mail(sender) if settings.EMAIL_HOST and sender else None
