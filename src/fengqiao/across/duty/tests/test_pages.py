"""The pages of duty as a person meets them."""

from datetime import timedelta

import pytest
from django.test import Client

from fengqiao.access.acting import acting
from fengqiao.access.doors import actor_for, anonymous
from fengqiao.across.duty.jobs import catch_up
from fengqiao.base.act import Act
from fengqiao.base.clock import now
from fengqiao.base.ids import new_id
from fengqiao.cases import jobs, numbers, services
from fengqiao.cases.schemas import DEFAULTS, Report
from fengqiao.people import models, reference

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BROWSER = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture
def sit(db):
    """Sit down as somebody, in English."""

    def make(username: str) -> Client:
        client = Client(headers=BROWSER)
        client.force_login(models.Person.objects.get(username=username), backend=BACKEND)
        return client

    return make


def on_duty(code="990101001-room", post="town_dispatcher"):
    """Return the turn that runs now."""
    at = now()
    return models.Shift.objects.get(organisation__code=code, post=post, starts__lte=at, ends__gt=at)


def html(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_page_says_who_is_there_now(sit):
    said = html(sit("dispatcher").get("/duty/"))
    assert on_duty().person.name_en in said
    assert "Nobody" not in said


def test_a_town_sees_itself_and_the_district_and_no_other_town(sit):
    client = sit("dispatcher")
    assert 'value="990101"' in html(client.get("/duty/"))
    other = html(client.get("/duty/?area=990101002"))
    assert 'value="990101001" selected' in other


def test_a_handler_sees_the_rota_and_cannot_change_it(sit):
    said = html(sit("handler").get("/duty/"))
    assert "Put a substitute" not in said
    assert "Write down" in said  # Without a roster everybody who holds the post has duty.


def test_a_resident_has_no_duty_page(db):
    assert Client(headers=BROWSER).get("/duty/").status_code == 302


def test_a_hole_in_the_rota_is_shown(sit):
    models.Shift.objects.filter(pk=on_duty().pk).delete()
    reference.forget()
    assert "gap in the rota" in html(sit("dispatcher").get("/duty/"))


def test_a_turn_is_handed_over_and_taken_on_the_pages(sit):
    shift = on_duty()
    leaving = sit(shift.person.username)
    assert "You have duty until" in html(leaving.get("/duty/"))
    assert "Sign and hand over" in html(leaving.get("/duty/handover/"))
    answer = leaving.post("/duty/handover/", {"remarks": "All quiet"})
    assert answer.status_code == 302
    assert "All quiet" in html(leaving.get(answer.url))
    assert "take over" not in html(leaving.get(answer.url))
    following = models.Shift.objects.get(organisation=shift.organisation, post=shift.post, starts=shift.ends)
    coming = sit(following.person.username)
    assert "I have read it and take over" in html(coming.get(answer.url))
    assert coming.post(answer.url, {"remark": "Seen"}).status_code == 302
    assert "as signed" in html(coming.get(answer.url))


def test_a_wrong_person_gets_a_sentence_and_nothing_is_signed(sit):
    shift = on_duty()
    near = models.Shift.objects.filter(starts__lt=shift.ends + timedelta(hours=1), ends__gt=now() - timedelta(hours=5)).values("person")
    held = models.Appointment.objects.filter(organisation=shift.organisation, post=shift.post)
    wrong = held.exclude(person__in=near).first()
    answer = sit(wrong.person.username).get("/duty/handover/")
    assert answer.status_code == 403
    assert "no turn to hand over" in answer.content.decode()


def test_the_log_book_takes_words_only(sit):
    client = sit(on_duty().person.username)
    client.post("/duty/log/", {"text": "  "})
    assert "Write what the next shift must know" in html(client.get("/duty/"))
    client.post("/duty/log/", {"text": "Water at the crossing"})
    assert "Water at the crossing" in html(client.get("/duty/"))


def test_a_substitute_is_put_on_the_page(sit):
    shift = on_duty()
    later = models.Shift.objects.filter(organisation=shift.organisation, post=shift.post, starts__gt=shift.ends).order_by("starts")[3]
    near = models.Shift.objects.filter(starts__lte=later.ends, ends__gte=later.starts).values("person")
    free = models.Appointment.objects.filter(organisation=shift.organisation, post=shift.post).exclude(person__in=near).first()
    client = sit(shift.person.username)
    client.post(f"/duty/turns/{later.id}/substitute/", {"person": str(free.person_id)})
    assert models.Shift.objects.get(pk=later.pk).substitute_id == free.person_id
    assert "for " in html(client.get("/duty/"))


def test_a_reporters_page_says_what_they_were_told(db):
    seat = models.Appointment.objects.select_related("organisation", "area", "person").get(person__username="dispatcher")
    dispatcher = Act(new_id(), actor_for(seat), now())
    opening = Act(new_id(), anonymous(new_id().hex), now(), channel="qr")
    with acting(opening):
        case = services.open_case(opening, "incident", Report(text="路灯不亮", category="0505", area="990101001001"))
    with acting(dispatcher):
        services.dispatch(dispatcher, case.id, "accept", DEFAULTS["accept"]())
    jobs.relay(now())
    catch_up(now())
    client = Client(headers=BROWSER)
    client.post("/query/", {"number": case.number, "code": numbers.receipt_code(case.number)})
    assert f"Your report {case.number} was taken in." in html(client.get(f"/query/{case.number}/"))
