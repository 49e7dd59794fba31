"""Who hears what: asked of the roster at that moment, once, and one rung up where nobody has duty."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.duty import jobs as duty
from fengqiao.across.duty import roster, services, telling
from fengqiao.across.duty.models import Heard, Interview, RedCard
from fengqiao.audit import services as audit
from fengqiao.cases import jobs, numbers, requests, schemas
from fengqiao.cases.models import Case, CaseEvent, SideRequest
from fengqiao.cases.services import open_case
from fengqiao.cases.terms import RequestKind
from fengqiao.cases.tests.conftest import MORNING
from fengqiao.cases.tests.test_services import go
from fengqiao.kits.notices.models import Delivery
from fengqiao.people import models, queries, reference

ROOM, OFFICE, CENTRE = "990101001-room", "990101001-office", "990101-centre"


def after(**time):
    return MORNING + timedelta(**time)


def assigned(cast, by, opened, at=MORNING):
    dispatcher = cast.actor("town_dispatcher", cast.room)
    case = opened()
    go(by(dispatcher, at), case, "accept")
    go(by(dispatcher, at), case, "triage", category="0505")
    go(by(dispatcher, at), case, "assign", lead=cast.power)
    return case


def work(at):
    """Let the worker do its passes."""
    jobs.relay(at)
    duty.catch_up(at)


def holders(org, post):
    return {row.id for row in queries.holders(org, post, MORNING.date())}


def test_an_order_reaches_the_lead_organisations_handlers_on_duty(cast, by, opened, heard):
    assigned(cast, by, opened)
    work(MORNING)
    orders = heard(word="New order")
    assert orders
    assert {str(one.person_id) for one in orders} == {
        row.id for row in queries.staff(cast.power, MORNING.date()) if row.post in ("station_handler", "dept_handler", "police_liaison")
    }


def test_told_twice_is_told_once(cast, by, opened, heard):
    case = assigned(cast, by, opened)
    work(MORNING)
    before = len(heard())
    services.follow(machine_act("test", after(hours=1)), case.id)
    duty.catch_up(after(hours=1))
    assert len(heard()) == before


def test_what_a_killed_relay_did_not_tell_is_told_by_the_next_pass(cast, by, opened, heard, monkeypatch):
    case = assigned(cast, by, opened)
    go(by(cast.actor("town_duty_leader", cast.room)), case, "supervise", kind="yellow", text="请尽快处置")
    with monkeypatch.context() as killed:
        killed.setattr(jobs.registry, "reactions", lambda topic: ())
        jobs.relay(MORNING)
    assert heard() == []
    assert duty.catch_up(after(seconds=5)) == 1
    assert heard(word="New order")
    assert heard(word="Yellow card")
    assert duty.catch_up(after(seconds=9)) == 0


def test_a_telling_that_breaks_half_way_has_told_nothing_and_is_done_again(cast, by, opened, heard, monkeypatch):
    case = assigned(cast, by, opened)
    with monkeypatch.context() as broken:
        broken.setattr(services, "tell_reporter", lambda what: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.follow(machine_act("test", MORNING), case.id)
    assert heard() == []
    services.follow(machine_act("test", MORNING), case.id)
    assert heard(word="New order")


def test_a_case_at_which_the_pass_stumbles_again_and_again_does_not_stop_the_others(cast, by, opened, heard, monkeypatch):
    broken, sound = assigned(cast, by, opened), assigned(cast, by, opened)
    monkeypatch.setattr(jobs.registry, "reactions", lambda topic: ())
    jobs.relay(MORNING)
    follow = services.follow
    monkeypatch.setattr(services, "follow", lambda act, case_id: 1 / 0 if case_id == broken.id else follow(act, case_id))
    for _pass in range(40):
        duty.catch_up(after(seconds=_pass))
    assert {one.facts["number"] for one in heard(word="New order")} == {sound.number}


def test_the_ladder_reaches_the_handler_the_leader_on_duty_and_the_district_on_duty(cast, by, opened, heard, rostered):
    assigned(cast, by, opened)
    at = MORNING
    for _hour in range(24 * 9):
        at += timedelta(hours=1)
        jobs.sweep(at)
        work(at)
    reminder, yellow, red = heard(word="three quarters"), heard(word="Yellow card"), heard(word="Red card")
    assert min(len(reminder), len(yellow), len(red)) > 0
    assert str(yellow[0].person_id) == rostered(OFFICE, "town_duty_leader", yellow[0].at)
    assert str(red[0].person_id) == rostered(CENTRE, "district_dispatcher", red[0].at)
    assert reminder[0].at < yellow[0].at < red[0].at


def test_a_substitute_hears_instead_of_the_one_on_the_roster(cast, by, opened, heard, rostered):
    case = opened()
    shift = models.Shift.objects.get(organisation__code=ROOM, post="town_dispatcher", starts__lte=MORNING, ends__gt=MORNING)
    other = models.Appointment.objects.filter(organisation__code=ROOM, post="town_dispatcher").exclude(person=shift.person).first()
    models.Shift.objects.filter(pk=shift.pk).update(substitute=other.person)
    reference.forget()
    case = assigned(cast, by, opened)
    go(by(cast.actor("station_handler", cast.power)), case, "object", reason="不属于供电所职责")
    work(MORNING)
    assert {str(one.person_id) for one in heard(word="handed back")} == {str(other.person_id)}


def test_where_nobody_has_duty_the_notice_goes_one_rung_up_and_says_so(cast, by, opened, heard, rostered):
    models.Appointment.objects.filter(organisation_id=cast.power).update(until=MORNING.date())
    reference.forget()
    assigned(cast, by, opened)
    work(MORNING)
    (order,) = heard(word="New order")
    assert str(order.person_id) == rostered(ROOM, "town_dispatcher")
    assert order.because.startswith("Nobody has duty at")


def test_where_nobody_at_all_has_duty_the_supervisors_hear_of_the_hole(cast, by, opened, heard):
    models.Shift.objects.all().delete()
    models.Appointment.objects.exclude(post="supervisor").update(until=MORNING.date())
    reference.forget()
    assigned(cast, by, opened)
    work(MORNING)
    holes = heard(word="Nobody at all")
    assert {str(one.person_id) for one in holes} == holders(queries.organisation_by_code(CENTRE).id, "supervisor")


def test_a_yellow_card_asks_the_lead_organisation_for_a_reply_once(cast, by, opened, heard):
    case = assigned(cast, by, opened)
    at = MORNING
    for _hour in range(24 * 9):
        at += timedelta(hours=1)
        jobs.sweep(at)
        work(at)
    work(at)
    with acting(machine_act("test", at)):
        asked = list(SideRequest.objects.filter(case_id=case.id, kind=RequestKind.SUPERVISION))
    assert len(asked) == 1
    assert str(asked[0].to_org) == cast.power
    assert heard(word="answer for the delay")


def test_a_reply_is_given_on_the_desk_and_the_leader_hears_of_it(cast, by, opened, heard, rostered):
    case = assigned(cast, by, opened)
    go(by(cast.actor("town_duty_leader", cast.room)), case, "supervise", kind="yellow", text="请尽快处置")
    work(MORNING)
    handler = by(cast.actor("station_handler", cast.power), after(hours=1))
    with acting(machine_act("test", MORNING)):
        one = SideRequest.objects.get(case_id=case.id)
    with acting(handler):
        requests.answer(handler, one.id, schemas.Answer(granted=True, reply="今天完成"))
    work(after(hours=1))
    (reply,) = heard(word="has answered")
    assert str(reply.person_id) == rostered(OFFICE, "town_duty_leader", after(hours=1))


def test_a_reply_that_does_not_come_is_told_to_the_district_once(cast, by, opened, heard):
    case = assigned(cast, by, opened)
    go(by(cast.actor("town_duty_leader", cast.room)), case, "supervise", kind="red", text="请尽快处置")
    work(MORNING)
    assert duty.replies(after(hours=2)) == 0
    assert duty.replies(after(days=2)) == 1
    assert duty.replies(after(days=2, hours=1)) == 0
    assert heard(word="has not answered")


def test_three_red_cards_in_a_quarter_call_for_one_interview(cast, by, opened, heard):
    leader = cast.actor("town_duty_leader", cast.room)
    for number in range(4):
        case = assigned(cast, by, opened)
        go(by(leader), case, "supervise", kind="red", text="逾期")
        work(MORNING)
        assert Interview.objects.count() == (number >= 2)
    assert RedCard.objects.filter(organisation=cast.power, quarter="2026Q4").count() == 4
    asked_in = heard(word="is to be asked in")
    assert {str(one.person_id) for one in asked_in} == holders(queries.organisation_by_code(CENTRE).id, "supervisor")
    assert heard(word="is asked in for")


def test_a_red_card_stays(cast, by, opened):
    from django.db import IntegrityError, transaction

    case = assigned(cast, by, opened)
    go(by(cast.actor("town_duty_leader", cast.room)), case, "supervise", kind="red", text="逾期")
    work(MORNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        RedCard.objects.all().delete()


def test_a_whistle_reaches_every_organisation(cast, by, opened, heard):
    case = opened()
    dispatcher = cast.actor("town_dispatcher", cast.room)
    go(by(dispatcher), case, "accept")
    act = by(dispatcher)
    with acting(act):
        whistle = schemas.AskWhistle(whistle="tough", ground="beyond_town", organisations=[cast.power, cast.enforcement], reason="请到现场")
        requests.ask(act, case.id, RequestKind.WHISTLE, whistle)
    work(MORNING)
    came = {str(one.person_id) for one in heard(word="Whistle")}
    for org in (cast.power, cast.enforcement):
        assert came & {row.id for row in queries.staff(org, MORNING.date())}


def test_an_appeal_is_told_to_the_district_and_its_answer_to_whoever_reported(cast, by, opened, heard, told):
    case = opened()
    go(by(cast.actor("town_dispatcher", cast.room)), case, "reject", reason="repeat", remedy="已有他人处理")
    go(by(cast.resident(numbers.receipt_grantee(case.number, numbers.receipt_code(case.number)))), case, "appeal", text="是两件事")
    work(MORNING)
    assert {str(one.person_id) for one in heard(word="Appeal")} == set(roster.district(MORNING).persons)
    act = by(cast.actor("district_dispatcher", area="990101", level="district"))
    with acting(act):
        (asked,) = SideRequest.objects.filter(case_id=case.id)
        requests.answer(act, asked.id, schemas.Answer(granted=False, reply="确为同一件事"))
    work(MORNING)
    assert told(case)[-1] == "Your appeal about report {number} was decided. The answer stands on its page."


def test_a_reporter_is_told_of_every_turn_once(cast, by, opened, told):
    taken, refused = opened(), opened()
    go(by(cast.actor("town_dispatcher", cast.room)), taken, "accept")
    go(by(cast.actor("town_dispatcher", cast.room)), refused, "reject", reason="repeat", remedy="已有他人处理")
    work(MORNING)
    services.follow(machine_act("test", MORNING), taken.id)
    assert told(taken) == ["Your report {number} was taken in."]
    assert [sentence[:37] for sentence in told(refused)] == ["Your report {number} was not taken in"]


def test_what_is_told_late_goes_to_whoever_has_duty_then(cast, by, opened, heard, rostered):
    case = assigned(cast, by, opened)
    go(by(cast.actor("station_handler", cast.power)), case, "object", reason="不属于供电所职责")
    late = after(hours=26)
    services.follow(machine_act("test", late), case.id)
    (one,) = heard(word="handed back")
    assert (str(one.person_id), one.at) == (rostered(ROOM, "town_dispatcher", late), late)


def test_nobody_is_rung_up_for_what_happened_long_ago_but_the_reporters_page_keeps_it(cast, by, opened, heard, told):
    case = assigned(cast, by, opened)
    services.follow(machine_act("test", after(days=10)), case.id)
    assert heard() == []
    assert len(told(case)) == 1
    assert Heard.objects.get(case_id=case.id).seq == 4


def test_a_notice_names_neither_the_reporter_nor_what_was_said(cast, by, opened, heard):
    assigned(cast, by, opened)
    work(MORNING)
    for one in heard():
        assert "路灯" not in str(one.facts) + one.sentence
        assert set(one.facts) <= {"number", "kind", "town", "clock", "organisation", "missed", "what", "due"}


def test_a_sealed_case_reaches_the_officers_at_once(cast, by, opened, heard):
    case = opened()
    act = machine_act("test", MORNING)
    with acting(act):
        sealed, event = Case.objects.get(id=case.id), CaseEvent.objects.get(case_id=case.id)
        sealed.confidentiality, sealed.category = 4, "1205"
        telling.ONLY_SEALED["report"](telling.Happening(act, sealed, event, {}, fresh=True))
    (one,) = heard(word="sealed case")
    assert one.quiet
    assert models.Appointment.objects.filter(person_id=one.person_id, post="child_protection_officer").exists()


def test_a_fault_in_telling_stops_no_other_reaction_and_is_made_good(cast, by, opened, heard, monkeypatch):
    case = assigned(cast, by, opened)
    go(by(cast.actor("town_duty_leader", cast.room)), case, "supervise", kind="reminder", text="")
    other = []
    with monkeypatch.context() as broken:
        broken.setitem(jobs.registry._reactions, "matter.supervise", [lambda act, case_id: other.append(case_id)])
        broken.setattr(services, "tell_reporter", lambda what: 1 / 0)
        jobs.relay(MORNING)
    assert other == [case.id]
    assert heard() == []
    duty.catch_up(after(seconds=9))
    assert heard(word="New order")


def test_what_cannot_wait_is_told_by_the_relay_itself(cast, by, opened, heard):
    case = assigned(cast, by, opened)
    go(by(cast.actor("town_duty_leader", cast.room)), case, "supervise", kind="yellow", text="请尽快处置")
    jobs.relay(MORNING)
    assert heard(word="Yellow card")


def test_an_import_tells_nobody_and_is_passed_over_in_one_look(cast, by, opened, heard):
    case = opened()
    act = machine_act("import", MORNING)
    go(act, case, "accept")
    jobs.relay(MORNING)
    assert duty.catch_up(MORNING) == 0
    assert not Heard.objects.filter(case_id=case.id).exists()


def test_many_events_are_gone_through_in_one_pass(cast, by, opened, heard):
    for _case in range(3):
        assigned(cast, by, opened)
    jobs.relay(MORNING)
    assert duty.catch_up(MORNING, limit=2) == 3
    assert duty.catch_up(MORNING, limit=2) == 0


def test_whoever_breaks_the_glass_of_a_sealed_case_is_told_of_to_the_officers_once(opened, heard):
    case = opened()
    who = models.Person.objects.get(username="director")
    act = replace(machine_act("test", MORNING), actor=replace(machine_act("test", MORNING).actor, person=str(who.pk)))
    audit.note_glass(act, case.id, reason="今晚必须确认孩子是否安全")
    assert duty.glasses(after(seconds=5)) == 1
    assert duty.glasses(after(seconds=10)) == 0
    (one,) = heard(word="without a seat")
    assert (one.quiet, one.urgent) == (True, True)


def test_a_reporter_is_written_to_only_with_a_number_left_and_the_notice_agreed_to(cast, by):
    found = []
    for phone, agreed in (("13800000000", "2026-11"), ("13800000000", ""), ("", "2026-11")):
        act = replace(by(cast.resident(), channel="qr"), purpose=agreed)
        with acting(act):
            case = open_case(act, "matter", schemas.Report(text="路灯不亮", category="0505", area="990101001001", phone=phone))
        with acting(machine_act("notices", MORNING)):
            found.append(roster.reporter_of(case.id))
    assert [one.phone if one else None for one in found] == ["13800000000", None, None]


def test_those_whose_reports_were_merged_hear_of_the_end_and_nobody_hears_twice(cast, by, told):
    cases = []
    for phone in ("13800000000", "13800000000", "13900000000"):
        act = replace(by(cast.resident(), channel="qr"), purpose="2026-11")
        with acting(act):
            cases.append(open_case(act, "matter", schemas.Report(text="路灯不亮", category="0505", area="990101001001", phone=phone)))
    master, same, other = cases
    dispatcher = cast.actor("town_dispatcher", cast.room)
    go(by(dispatcher), same, "merge", master=master.id)
    go(by(dispatcher), other, "merge", master=master.id)
    act = machine_act("test", MORNING)
    with acting(act):
        case = Case.objects.get(id=master.id)
        event = CaseEvent.objects.filter(case_id=master.id).last()
        event.move = "close"
        telling.tell_reporter(telling.Happening(act, case, event, {}, fresh=True))
    assert [len(told(one)) for one in cases] == [1, 1, 1]
    assert "together with others" in told(other)[0]
    assert Delivery.objects.count() == 0


def test_of_one_number_left_three_times_only_one_message_leaves_the_house(cast, by, settings):
    settings.FENGQIAO_GATEWAYS = {"sms": {"url": "https://sms.example/", "app": "a", "secret": "s"}}
    found = []
    for phone in ("13800000000", "13800000000", "13900000000"):
        act = replace(by(cast.resident(), channel="qr"), purpose="2026-11")
        with acting(act):
            report = schemas.Report(text="路灯不亮", category="0505", area="990101001001", phone=phone)
            found.append(open_case(act, "matter", report))
    master, *others = found
    for one in others:
        go(by(cast.actor("town_dispatcher", cast.room)), one, "merge", master=master.id)
    act = machine_act("test", MORNING)
    with acting(act):
        event = CaseEvent.objects.filter(case_id=master.id).last()
        event.move = "close"
        telling.tell_reporter(telling.Happening(act, Case.objects.get(id=master.id), event, {}, fresh=True))
    sent = Delivery.objects.values_list("told__about", flat=True)
    assert sorted(sent) == sorted([master.id, others[1].id])


@pytest.mark.parametrize(("sla", "danger", "wakes"), [("S0", False, True), ("S1", True, True), ("S1", False, False)])
def test_only_an_emergency_or_danger_to_the_public_is_told_at_any_hour(cast, by, opened, heard, sla, danger, wakes):
    case = assigned(cast, by, opened)
    act = machine_act("test", MORNING)
    with acting(act):
        found, event = Case.objects.get(id=case.id), CaseEvent.objects.filter(case_id=case.id).last()
        found.sla, found.public_danger = sla, danger
        telling.Happening(act, found, event, {}, fresh=True).tell(roster.district(MORNING), telling.AT_ONCE, urgent=True)
    assert {one.wakes for one in heard(word="Emergency")} == {wakes}
