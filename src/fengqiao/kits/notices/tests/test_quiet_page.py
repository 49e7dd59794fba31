"""One's own quiet hours on a page."""

import pytest
from django.test import Client

from fengqiao.kits.notices.models import Wish
from fengqiao.people.models import Person


@pytest.fixture
def client(db):
    found = Client(headers={"Accept-Language": "en"})
    found.force_login(Person.objects.get(username="handler"), backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def test_somebody_sees_the_hours_of_the_house_chooses_their_own_and_goes_back(client):
    page = client.get("/account/quiet-hours/").content.decode()
    assert 'value="22:00"' in page
    assert "hours of the house" in page
    client.post("/account/quiet-hours/", {"quiet_from": "23:30", "quiet_until": "06:15", "days_off": "on", "go": "own"})
    wish = Wish.objects.get()
    assert (wish.quiet_from.isoformat("minutes"), wish.quiet_until.isoformat("minutes"), wish.days_off) == ("23:30", "06:15", True)
    assert 'value="23:30"' in client.get("/account/quiet-hours/").content.decode()
    client.post("/account/quiet-hours/", {"go": "house"})
    assert not Wish.objects.exists()


def test_an_hour_that_is_none_is_said_beside_its_field(client):
    answer = client.post("/account/quiet-hours/", {"quiet_from": "25:00", "quiet_until": "06:15", "go": "own"})
    assert answer.status_code == 422
    assert 'id="id_quiet_from_error"' in answer.content.decode()


def test_a_stranger_has_no_quiet_hours(db):
    assert Client().get("/account/quiet-hours/").status_code == 302
