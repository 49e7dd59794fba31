"""Editions across real transactions: a change is seen by all, and one that was rolled back by nobody."""

from django.db import connection, transaction

from fengqiao.people import models, queries, reference, services
from fengqiao.people.yunxi import bodies, staff

ROOM = bodies.organisation_id(staff.QINGXI, "room")


def test_every_bump_gives_a_number_that_differs_from_the_last_ones_of_other_transactions(real_db):
    numbers = set()
    for _n in range(3):
        with transaction.atomic():
            numbers.add(services.bump("t"))
    with transaction.atomic():
        numbers.add(services.bump("t"))
        transaction.set_rollback(True)
    with transaction.atomic():
        numbers.add(services.bump("t"))
    assert len(numbers) == 5


def test_what_was_rolled_back_is_forgotten_at_the_next_look(real_db):
    def editions() -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, number FROM people_edition")
            return dict(cursor.fetchall())

    reference.check(editions())
    name = queries.organisation(ROOM).name
    with transaction.atomic():
        models.Organisation.objects.filter(id=ROOM).update(name="A dream")
        services.bump()
        reference.check(editions())
        assert queries.organisation(ROOM).name == "A dream"
        transaction.set_rollback(True)
    reference.check(editions())
    assert queries.organisation(ROOM).name == name
