"""Accounts one by one: add, correct, block, let in again, a first password. Many at once come from files (``people.district``)."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from fengqiao.audit.services import note_deed
from fengqiao.base.act import Act
from fengqiao.base.errors import Conflict, Invalid, NotAllowed
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.people import models
from fengqiao.people.district.writing import masked
from fengqiao.people.services import NoSuchPerson, bump

PEOPLE = "people:edit"
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


class NotYourPeople(NotAllowed):
    """The post writes no persons."""

    message = _("Your post may not change accounts.")


class NameTaken(Conflict):
    """Two accounts of one name."""

    message = _("There is an account of this name already. Choose another name to sign in with.")


class NotOneself(NotAllowed):
    """Nobody looks after their own account here."""

    message = _("Nobody does this to their own account. Ask a second administrator.")


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a person: names, how to reach them, which language they read."""

    name: str
    name_en: str = ""
    phone: str = ""
    email: str = ""
    language: str = "zh-hans"
    account: str = ""


@transaction.atomic
def add_person(act: Act, username: str, told: Told) -> models.Person:
    """Make an account without a password; nobody can sign in with it before it is given one."""
    _need(act)
    if not username.strip() or not told.name.strip():
        raise Invalid
    try:
        with transaction.atomic():
            person = models.Person.objects.create(
                id=new_id(), username=username.strip(), name=told.name, name_en=told.name_en, language=told.language,
                masked_phone=masked(told.phone), password=make_password(None), joined_at=act.at,
            )  # fmt: skip
    except IntegrityError as error:
        raise NameTaken(fields={"username": str(NameTaken.message)}) from error
    models.Contact.objects.create(person=person, phone=told.phone, email=told.email, account=told.account)
    note_deed(act, "person_added", str(person.pk))
    bump()
    return person


@transaction.atomic
def change_person(act: Act, id: UUID | str, told: Told) -> models.Person:
    """Correct what is known of a person."""
    _need(act)
    person = _held(id)
    person.name, person.name_en, person.language, person.masked_phone = told.name, told.name_en, told.language, masked(told.phone)
    person.save(update_fields=["name", "name_en", "language", "masked_phone"])
    reached = {"phone": told.phone, "email": told.email, "account": told.account}
    models.Contact.objects.update_or_create(person=person, defaults=reached)
    note_deed(act, "person_changed", str(person.pk))
    bump()
    return person


@transaction.atomic
def block(act: Act, id: UUID | str) -> models.Person:
    """Shut somebody out; their posts and what they did stay on the record."""
    return _let(act, id, active=False)


@transaction.atomic
def let_in(act: Act, id: UUID | str) -> models.Person:
    """Let somebody in again."""
    return _let(act, id, active=True)


@transaction.atomic
def give_password(act: Act, id: UUID | str) -> str:
    """Give a new first password; it is returned once and kept nowhere."""
    _need(act)
    person = _held(id)
    _other(act, person)
    first = "-".join("".join(secrets.choice(ALPHABET) for _letter in range(4)) for _group in range(3))
    person.password = make_password(first)
    person.save(update_fields=["password"])
    note_deed(act, "password_given", str(person.pk))
    return first


def _let(act: Act, id: UUID | str, *, active: bool) -> models.Person:
    _need(act)
    person = _held(id)
    _other(act, person)
    person.is_active = active
    person.save(update_fields=["is_active"])
    note_deed(act, "person_let_in" if active else "person_blocked", str(person.pk))
    bump()
    return person


def _held(id: UUID | str) -> models.Person:
    person = models.Person.objects.select_for_update().filter(pk=id).first()
    if person is None:
        raise NoSuchPerson
    return person


def _other(act: Act, person: models.Person) -> None:
    if act.actor.person == str(person.pk):
        raise NotOneself


def _need(act: Act) -> None:
    if not act.actor.may(PEOPLE) or not act.actor.person:
        raise NotYourPeople
