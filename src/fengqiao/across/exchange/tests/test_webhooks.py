"""What happens is told to whom it concerns: signed, once and again until it is heard, and never more than ids."""

import json
import time
from datetime import timedelta
from uuid import UUID

import pytest

from fengqiao.across.exchange import jobs, signing
from fengqiao.across.exchange.models import Delivery, Endpoint
from fengqiao.across.exchange.terms import PAUSES, TRIES, Status, pause_after
from fengqiao.base.clock import now
from fengqiao.base.ids import new_id
from fengqiao.cases import jobs as case_jobs


def publish(at=None):
    case_jobs.relay(at or now())
    return jobs.draw(at or now())


def deliver_at(at):
    return jobs.deliver(at, wait=True)


def test_a_receiver_that_fails_twice_hears_the_same_message_at_last(webhook, receiver, opened):
    made, case = webhook("incident.*"), opened()
    receiver.answers = [500, 503]
    assert publish() == 1
    at = now()
    for _try in range(3):
        assert deliver_at(at) == 1
        at += timedelta(hours=1)
    assert deliver_at(at) == 0
    told = Delivery.objects.get()
    assert (told.status, told.tries, told.answered) == (Status.DELIVERED, 3, 204)
    assert len({headers["webhook-id"] for headers, _body in receiver.heard}) == 1
    for headers, body in receiver.heard:
        assert signing.verifies(made["secret"], headers, body, int(now().timestamp()))
    said = json.loads(receiver.heard[-1][1])
    assert (said["type"], said["data"]["case"]) == ("incident.report", str(case.id))
    assert "路灯" not in receiver.heard[-1][1].decode()


def test_the_pauses_grow_to_about_three_days_and_then_it_is_given_up(webhook, receiver, opened):
    webhook()
    opened()
    publish()
    receiver.answers = [500] * 99
    at = now()
    for _try in range(TRIES):
        assert deliver_at(at) == 1
        at += timedelta(days=2)
    assert deliver_at(at) == 0
    dead = Delivery.objects.get()
    assert (dead.status, dead.tries, dead.next_at) == (Status.DEAD, TRIES, None)
    assert dead.fault.startswith("HTTP 500")
    assert timedelta(days=2.5) < sum(PAUSES, timedelta()) < timedelta(days=4)


def test_a_receiver_may_ask_for_more_patience_but_not_for_ever():
    assert pause_after(1, timedelta(hours=2)) == timedelta(hours=2)
    assert pause_after(1, timedelta(days=9)) == timedelta(days=1)
    assert pause_after(TRIES) is None


def test_what_was_given_up_is_sent_again_by_hand(admin, webhook, receiver, opened):
    made = webhook()
    opened()
    publish()
    Delivery.objects.update(status=Status.DEAD, next_at=None, tries=TRIES)
    status, page = admin.ask("GET", f"/webhooks/{made['id']}/deliveries?status=dead")
    assert (status, len(page["items"])) == (200, 1)
    again = f"/webhooks/{made['id']}/deliveries/{page['items'][0]['id']}/again"
    assert admin.ask("POST", again)[1]["status"] == "waiting"
    assert admin.ask("POST", again)[0] == 409
    assert deliver_at(now() + timedelta(seconds=1)) == 1
    assert len(receiver.heard) == 1
    Delivery.objects.update(status=Status.DEAD, next_at=None)
    assert admin.ask("POST", f"/webhooks/{made['id']}/again")[1] == {"count": 1}


def test_a_test_event_belongs_to_no_case(admin, webhook, receiver):
    made = webhook("incident.close")
    status, delivery = admin.ask("POST", f"/webhooks/{made['id']}/test")
    assert (status, delivery["topic"], delivery["case"]) == (202, "test", None)
    deliver_at(now())
    assert json.loads(receiver.heard[0][1])["type"] == "test"


def test_only_the_topics_asked_for_on_the_ground_asked_for_are_told(webhook, opened):
    webhook("incident.accept")
    webhook("incident.*", area="990101002")
    webhook("*.report", area="990101001")
    opened()
    assert publish() == 1
    assert Delivery.objects.get().endpoint.topics == ["*.report"]


def test_a_sealed_compartment_is_not_told(webhook, opened, monkeypatch):
    webhook()
    opened()
    monkeypatch.setattr("fengqiao.across.exchange.policies.endpoint_actor", _without_ground)
    assert publish() == 0
    assert Endpoint.objects.get().cursor > 0


def _without_ground(endpoint):
    from fengqiao.base.act import Actor, ActorKind

    return Actor(ActorKind.MACHINE, f"webhook:{endpoint.id}")


def test_what_happened_before_is_not_told_and_what_happens_during_a_pause_is_told_after_it(admin, webhook, receiver, opened):
    opened()
    case_jobs.relay(now())
    made = webhook()
    assert jobs.draw(now()) == 0
    admin.ask("PATCH", f"/webhooks/{made['id']}", {"paused": True})
    opened()
    assert publish() == 0
    admin.ask("PATCH", f"/webhooks/{made['id']}", {"paused": False})
    assert publish() == 1


def test_drawing_twice_tells_once(webhook, opened):
    webhook()
    opened()
    assert publish() == 1
    Endpoint.objects.update(cursor=0)
    jobs.draw(now())
    assert Delivery.objects.filter(case_id__isnull=False).values("event_id").distinct().count() == Delivery.objects.count()


def test_a_try_that_was_killed_is_taken_up_again(webhook, receiver, opened, monkeypatch):
    webhook()
    opened()
    publish()
    monkeypatch.setattr(jobs, "attempt", lambda delivery_id: None)
    assert deliver_at(now()) == 1
    monkeypatch.undo()
    assert deliver_at(now()) == 0
    assert deliver_at(now() + timedelta(minutes=3)) == 1


def test_a_redirect_is_not_followed_and_gone_means_gone(admin, webhook, receiver, opened):
    made = webhook()
    opened()
    publish()
    receiver.answers = [302]
    deliver_at(now())
    assert Delivery.objects.get().answered == 302
    receiver.answers = [410]
    deliver_at(now() + timedelta(hours=1))
    assert Delivery.objects.get().status == Status.DEAD
    assert admin.ask("GET", f"/webhooks/{made['id']}")[1]["paused"] is True


def test_without_leave_no_message_goes_into_the_house(webhook, receiver, opened, settings):
    webhook()
    opened()
    publish()
    settings.FENGQIAO_WEBHOOKS_INWARD = False
    deliver_at(now())
    assert receiver.heard == []
    assert Delivery.objects.get().fault


def test_a_changed_secret_signs_beside_the_old_one_for_a_day(admin, webhook, receiver, opened):
    made = webhook()
    status, changed = admin.ask("POST", f"/webhooks/{made['id']}/secret")
    assert status == 200
    opened()
    publish()
    deliver_at(now())
    headers, body = receiver.heard[0]
    at = int(now().timestamp())
    assert signing.verifies(made["secret"], headers, body, at)
    assert signing.verifies(changed["secret"], headers, body, at)
    later = Endpoint.objects.get(id=UUID(made["id"]))
    assert len(jobs._secrets(later, now() + timedelta(hours=25))) == 1


def test_a_webhook_is_made_once_for_one_key_and_shows_its_secret_only_then(admin, receiver):
    body = {"url": receiver.url, "topics": ["*"]}
    first, second = (admin.ask("POST", "/webhooks", body, key="k")[1] for _time in range(2))
    assert first["id"] == second["id"]
    assert first["secret"].startswith("whsec_")
    assert "secret" not in admin.ask("GET", f"/webhooks/{first['id']}")[1]
    assert admin.ask("DELETE", f"/webhooks/{first['id']}")[0] == 204
    assert admin.ask("GET", f"/webhooks/{first['id']}")[0] == 404


@pytest.mark.parametrize("body", [{"url": "https://x.example/", "topics": []}, {"url": "nonsense", "topics": ["*"]}, {"topics": ["*"]}])
def test_a_bad_webhook_is_refused_with_a_sentence_beside_the_field(admin, body):
    status, problem = admin.ask("POST", "/webhooks", body)
    assert status == 422
    assert problem["fields"]


def test_a_dispatcher_ties_no_other_systems(db):
    from fengqiao.across.exchange.tests.conftest import Signed

    dispatcher = Signed("dispatcher")
    assert dispatcher.ask("GET", "/webhooks")[0] == 403
    assert dispatcher.ask("GET", "/tokens")[0] == 403


def test_a_slow_receiver_holds_up_nobody(receiver, real_db):
    """Tries are made in threads with connections of their own: the job is back at once, the answers come when they come."""
    receiver.pause = 0.5
    sealed = signing.sealed(signing.new_secret())
    endpoint = Endpoint.objects.create(id=new_id(), url=receiver.url, topics=["*"], area="990101", secret=sealed, made_at=now())
    for _each in range(4):
        Delivery.objects.create(id=new_id(), endpoint=endpoint, event_id=new_id(), topic="test", happened_at=now(), next_at=now())
    began = time.monotonic()
    assert jobs.deliver(now()) == 4
    assert time.monotonic() - began < 0.4
    for one in list(jobs._flying):
        one.result(20)
    assert Delivery.objects.filter(status=Status.DELIVERED).count() == 4
    assert len(receiver.heard) == 4
