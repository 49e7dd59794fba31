"""Every stop of a tour is a screen that is there, and that opens for the person who takes the tour."""

import pytest
from django.urls import resolve

from fengqiao.simulation.tours import TOURS

PAGE = {"accept": "text/html"}


def test_a_tour_has_four_to_seven_different_stops():
    for persona, stops in TOURS.items():
        assert 4 <= len(stops) <= 7, persona
        assert len({stop.address for stop in stops}) == len(stops), persona


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("persona", list(TOURS))
def test_every_stop_opens_for_whoever_takes_the_tour(client, db, persona, language):
    client.cookies["language"] = language
    signed = client.post("/stories/act/", {"account": persona, "next": f"/stories/tours/{persona}/"}, follow=True, headers=PAGE)
    assert signed.context["signed_in"]
    for stop in TOURS[persona]:
        resolve(stop.address)
        answer = client.get(stop.address, headers=PAGE)
        assert answer.status_code == 200, stop.address
        assert f'href="{stop.address}"' in signed.content.decode()


def test_the_stories_lead_to_the_tours_and_these_to_each_tour(client, db):
    assert 'href="/stories/tours/"' in client.get("/stories/", headers=PAGE).content.decode()
    listed = client.get("/stories/tours/", headers=PAGE)
    assert [one["username"] for one in listed.context["tours"]] == list(TOURS)


def test_a_visitor_who_is_somebody_else_is_offered_to_sign_in_first(client, db):
    client.post("/stories/act/", {"account": "grid", "next": "/"})
    page = client.get("/stories/tours/admin/", headers=PAGE)
    assert not page.context["signed_in"]
    assert 'name="account" value="admin"' in page.content.decode()


def test_tours_are_shut_where_people_work_in_earnest_and_for_nobody_known(client, db, settings):
    assert client.get("/stories/tours/dragon/", headers=PAGE).status_code == 404
    settings.MODE = "serve"
    assert client.get("/stories/tours/", headers=PAGE).status_code == 404
    assert client.get("/stories/tours/grid/", headers=PAGE).status_code == 404
