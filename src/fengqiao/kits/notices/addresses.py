"""Where a message goes: officers by our own address book; reporters by whoever keeps theirs, because the kit knows no case."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from fengqiao.people.models import Contact, Person


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody outside: a phone for text messages, an account for work notices, a mailbox, and the language they read."""

    phone: str = ""
    account: str = ""
    language: str = "zh-hans"
    email: str = ""


Book = Callable[[UUID], Address | None]
_books: list[Book] = []


def register(book: Book) -> Book:
    """Name a book that finds whoever reported something; harmless when done twice."""
    if book not in _books:
        _books.append(book)
    return book


def of_person(id: UUID) -> Address | None:
    """Return where an officer is reached."""
    person = Person.objects.filter(pk=id, is_active=True).first()
    if person is None:
        return None
    told = Contact.objects.filter(person_id=id).values_list("phone", "email", "account").first()
    phone, email, account = told or ("", "", "")
    return Address(phone, account or person.username, person.language, email)


def of_reporter(about: UUID) -> Address | None:
    """Return where whoever reported something wishes to be reached, if they left a number and agreed to its use."""
    return next((found for book in _books if (found := book(about)) is not None), None)
