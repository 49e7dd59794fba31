"""Notices: told once, in the reader's language, seen by nobody else; and what may leave the house."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act, person_actor
from fengqiao.base.act import Act
from fengqiao.base.ids import new_id
from fengqiao.base.words import _
from fengqiao.kits.notices import queries, services, wording
from fengqiao.kits.notices.models import Delivery, Notice
from fengqiao.people import reference
from fengqiao.people.models import Person
from fengqiao.people.yunxi.staff import QINGXI

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
SENTENCE = _("New order: case {number}, {kind} in {town}. Sign for it in time.")
FACTS = {"number": "990101001202611250000112", "kind": wording.words("Incident"), "town": wording.area(QINGXI)}


@pytest.fixture(autouse=True)
def _nothing_remembered():
    reference.forget()
    yield
    reference.forget()


@pytest.fixture
def zhang(db):
    return Person.objects.get(username="handler")


@pytest.fixture
def li(db):
    return Person.objects.get(username="handler2")


def tell(person, once="a", at=AT, sentence=SENTENCE, facts=FACTS, **more):
    return services.tell(machine_act("test", at), [person.pk], sentence, facts, "/desk/cases/1", once=once, **more)


def of(person, at=AT):
    return Act(new_id(), person_actor(person), at)


def notices_of(person):
    act = of(person)
    with acting(act):
        return queries.of_person(act)


def test_a_person_is_told_a_thing_once(zhang):
    assert [tell(zhang), tell(zhang), tell(zhang, once="b")] == [1, 0, 1]
    assert len(notices_of(zhang)) == 2


def test_a_notice_is_said_in_the_language_of_whoever_reads_it(zhang):
    tell(zhang)
    (notice,) = notices_of(zhang)
    with override("en"):
        assert "Qingxi" in queries.text_of(notice)
    with override("zh-hans"):
        assert "清溪" in queries.text_of(notice)


def test_a_notice_is_seen_by_nobody_else_even_without_a_filter(zhang, li):
    tell(zhang)
    with acting(of(li)):
        assert list(Notice.objects.all()) == []
    with acting(of(zhang)):
        assert Notice.objects.count() == 1


def test_whoever_tells_need_not_see_what_they_told(zhang, li):
    act = of(li)
    with acting(act):
        assert services.tell(act, [zhang.pk], SENTENCE, FACTS, once="x") == 1
        assert Notice.objects.count() == 0


def test_reading_is_noted_the_first_time(zhang):
    tell(zhang)
    (notice,) = notices_of(zhang)
    services.read(of(zhang, AT + timedelta(minutes=1)), notice.id)
    again = services.read(of(zhang, AT + timedelta(minutes=9)), notice.id)
    assert again.read_at == AT + timedelta(minutes=1)


def test_nobody_reads_for_somebody_else(zhang, li):
    tell(zhang)
    (notice,) = notices_of(zhang)
    with pytest.raises(services.UnknownNotice):
        services.read(of(li), notice.id)


def test_reading_everything_leaves_what_came_later(zhang):
    tell(zhang)
    tell(zhang, once="later", at=AT + timedelta(minutes=5))
    assert services.read_all(of(zhang), AT) == 1
    act = of(zhang)
    with acting(act):
        assert queries.unread(act) == 1


def test_outside_the_house_a_sentence_with_a_name_says_nothing():
    with override("en"):
        said = wording.say_outside(_("{who} hands over to you."), {"who": wording.person(new_id())}, "en")
    assert said == "There is a notice for you. Sign in to read it."


def test_outside_the_house_a_place_is_no_closer_than_its_town(zhang):
    near = {**FACTS, "town": wording.area(f"{QINGXI}001001")}
    with override("en"):
        assert wording.say_outside(SENTENCE, near, "en") == wording.say(SENTENCE, FACTS, "en")


def test_of_a_quiet_notice_not_even_the_number_leaves_the_house(zhang):
    with override("en"):
        assert FACTS["number"] not in wording.say_outside(SENTENCE, FACTS, "en", quiet=True)


def test_without_a_gateway_nothing_waits_to_be_sent(zhang):
    tell(zhang, urgent=True)
    assert Delivery.objects.count() == 0


def test_what_a_reporter_was_told_is_kept_with_its_date(db):
    about = new_id()
    for _time in range(2):
        services.tell_reporter(machine_act("test", AT), about, _("Your report {number} was taken in."), {"number": "1"}, once="e1")
    with override("en"):
        assert queries.told(about) == [queries.Line(AT, "Your report 1 was taken in.")]


# --- the API ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def client(zhang):
    found = Client(headers={"Accept-Language": "en"})
    found.force_login(zhang, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def test_the_desk_asks_for_what_is_unread(client, zhang):
    tell(zhang)
    answer = client.get("/api/notices", {"unread": "true"}).json()
    assert (answer["unread"], len(answer["items"]), answer["next"]) == (1, 1, None)
    assert answer["items"][0]["link"] == "/desk/cases/1"


def test_a_list_of_notices_goes_on_where_it_stopped(client, zhang):
    for number in range(5):
        tell(zhang, once=str(number), at=AT + timedelta(minutes=number // 2))
    seen, after = [], ""
    for _page in range(3):
        answer = client.get("/api/notices", {"limit": 2, "after": after}).json()
        seen += [item["id"] for item in answer["items"]]
        after = answer["next"] or ""
    assert len(seen) == len(set(seen)) == 5


def test_a_stranger_is_told_nothing(db):
    assert Client().get("/api/notices").status_code == 401


def test_reading_through_the_api_lowers_the_count(client, zhang):
    tell(zhang)
    id = client.get("/api/notices").json()["items"][0]["id"]
    assert client.post(f"/api/notices/{id}/read").json()["read_at"]
    assert client.get("/api/notices").json()["unread"] == 0
    assert client.post(f"/api/notices/{new_id()}/read").status_code == 404


def test_only_the_administrator_sees_what_was_given_up(client):
    assert client.get("/api/notices/given-up").status_code == 403
