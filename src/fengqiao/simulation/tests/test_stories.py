"""A story is played to its end by the same rules as everything else, and only where nobody works in earnest."""

import pytest

from fengqiao.simulation.stories import STORIES

PAGE = {"accept": "text/html"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("key", list(STORIES))
def test_a_story_can_happen_by_itself_step_by_step(client, db, key, language):
    client.cookies["language"] = language
    assert client.get("/stories/", headers=PAGE).status_code == 200
    client.post(f"/stories/{key}/begin/")
    for number in range(1, len(STORIES[key].steps) + 1):
        before = client.get(f"/stories/{key}/", headers=PAGE)
        assert [step["done"] for step in before.context["steps"]].count(True) == number - 1
        client.post(f"/stories/{key}/happen/{number}/", headers=PAGE)
    after = client.get(f"/stories/{key}/", headers=PAGE)
    assert all(step["done"] for step in after.context["steps"])
    assert after.context["over"]


def test_a_step_before_its_turn_does_nothing(client, db):
    client.post("/stories/fallen-wire/begin/")
    client.post("/stories/fallen-wire/happen/3/")
    assert not any(step["done"] for step in client.get("/stories/fallen-wire/", headers=PAGE).context["steps"])


def test_one_press_makes_the_visitor_that_person_and_keeps_the_story(client, db):
    client.post("/stories/fallen-wire/begin/")
    answer = client.post("/stories/act/", {"account": "dispatcher", "next": "/account/"})
    assert answer.url == "/account/"
    assert client.get("/account/", headers=PAGE).status_code == 200
    assert client.get("/stories/fallen-wire/", headers=PAGE).context["begun"]


def test_nobody_is_led_to_a_foreign_place_or_into_an_account_that_is_not_of_the_demo(client, db):
    assert client.post("/stories/act/", {"account": "dispatcher", "next": "https://elsewhere.example/"}).url == "/desk/"
    assert client.post("/stories/act/", {"account": "root", "next": "/"}).status_code == 404


def test_stories_are_shut_where_people_work_in_earnest(client, db, settings):
    settings.MODE = "serve"
    assert client.get("/stories/", headers=PAGE).status_code == 404
    assert client.post("/stories/act/", {"account": "dispatcher"}).status_code == 404


def test_a_story_that_nobody_wrote_is_not_found(client, db):
    assert client.get("/stories/the-dragon/", headers=PAGE).status_code == 404


def test_a_stop_worth_a_look_makes_the_visitor_somebody_who_may_look(client, db):
    page = client.get("/stories/").content.decode()
    assert 'href="/day/"' not in page
    assert client.get("/day/").status_code == 401
    assert client.post("/stories/act/", {"account": "director", "next": "/day/"}, follow=True).status_code == 200
