"""Whatever way it comes in: a code says where, a rule says who, a receipt says how it goes on."""

from datetime import time, timedelta

import pytest

from fengqiao.access.acting import acting
from fengqiao.across.intake import duplicates, routing, services
from fengqiao.across.intake.models import CodeUse, RoutingRule
from fengqiao.across.intake.schemas import FiledFor
from fengqiao.across.intake.terms import Spot
from fengqiao.cases import numbers
from fengqiao.cases.models import Case, CaseEvent
from fengqiao.cases.schemas import Place, Report
from fengqiao.cases.tests.cast import MORNING, TOWN, VILLAGE
from fengqiao.people import queries as people


def send(act, text="路灯不亮了", category="0505", **more):
    with acting(act):
        return services.report(act, Report(text=text, category=category, **more), area=VILLAGE)


def test_a_street_light_is_proposed_to_the_power_station_with_the_reason(cast, by):
    case = send(by(cast.resident()))
    assert case.kind == "incident"
    assert case.suggestion["organisation"] == cast.org("power")
    assert "路灯" in case.suggestion["why"][0]["text"]


def test_a_fallen_wire_is_danger_to_the_public_at_once(cast, by):
    case = send(by(cast.resident()), text="电线掉在路上了")
    assert (case.category, case.sla, case.public_danger) == ("0509", "S1", True)


def test_a_report_sent_again_is_the_same_one_even_when_the_rules_have_changed_meanwhile(cast, by):
    act = by(cast.resident())
    case = send(act, text="电线掉在路上了")
    RoutingRule.objects.filter(becomes="0509").delete()
    assert send(act, text="电线掉在路上了").id == case.id


def test_a_dispute_needs_a_name_and_a_telephone(cast, by):
    with pytest.raises(services.ContactNeeded) as wrong:
        send(by(cast.resident()), text="楼上漏水，他不肯修", category="1101")
    assert set(wrong.value.fields) == {"name", "phone"}
    case = send(by(cast.resident()), text="楼上漏水，他不肯修", category="1101", name="王某", phone="13800000000")
    assert case.confidentiality == 3


def test_a_question_goes_to_the_community(cast, by):
    case = send(by(cast.resident()), text="老年卡怎么办", category="1001")
    assert (case.kind, case.level) == ("qr_suggest", "village")


def test_codes_are_made_in_batches_counted_and_revoked(cast, by):
    clerk = by(cast.actor("village_clerk", area=VILLAGE))
    with acting(clerk):
        codes = services.make_codes(clerk, VILLAGE, Spot.STAIRWELL, ["1幢1单元", "1幢2单元", " "])
    assert [code.label for code in codes] == ["1幢1单元", "1幢2单元"]
    visitor = by(cast.resident())
    with acting(visitor):
        services.scanned(visitor, codes[0].token)
        services.scanned(visitor, codes[0].token.upper())
    assert CodeUse.objects.get(code=codes[0]).scans == 2
    with acting(clerk):
        services.revoke_code(clerk, codes[0].token, why="换新")
    with acting(visitor), pytest.raises(services.RevokedCode):
        services.scanned(visitor, codes[0].token)


def test_a_clerk_makes_no_codes_for_a_neighbours_village(cast, by):
    clerk = by(cast.actor("village_clerk", area=VILLAGE))
    other = next(row.code for row in people.parts(TOWN) if row.code != VILLAGE)
    with acting(clerk), pytest.raises(services.policies.NotYourCodes):
        services.make_codes(clerk, other, Spot.HOUSE, ["甲"])


def test_the_same_form_sent_twice_opens_one_case(cast, by):
    act = by(cast.resident())
    assert send(act).number == send(act).number


def test_number_and_code_open_exactly_that_case(cast, by):
    mine, other = send(by(cast.resident())), send(by(cast.resident()), text="井盖翘起来", category="0504")
    grantee = numbers.receipt_grantee(mine.number, numbers.receipt_code(mine.number))
    with acting(by(cast.resident(grantee))):
        assert list(Case.objects.values_list("number", flat=True)) == [mine.number]
    with acting(by(cast.resident(numbers.receipt_grantee(other.number, "AAAAAA")))):
        assert not Case.objects.exists()


def test_the_same_thing_reported_twice_is_noticed_with_reasons(cast, by):
    spot = people.area(VILLAGE)
    first = send(by(cast.resident()), text="小区门口路灯不亮", place=Place(lon=spot.lon, lat=spot.lat))
    again = send(by(cast.resident(), MORNING + timedelta(hours=3)), text="门口的路灯坏了", place=Place(lon=spot.lon + 0.0003, lat=spot.lat))
    send(by(cast.resident()), text="井盖翘起来", category="0504", place=Place(lon=spot.lon, lat=spot.lat))
    send(by(cast.resident(), MORNING - timedelta(hours=80)), place=Place(lon=spot.lon, lat=spot.lat))
    with acting(by(cast.actor("town_dispatcher"))):
        found = duplicates.duplicates(again)
    assert [each.case.number for each in found] == [first.number]
    assert found[0].metres < 50
    assert len(found[0].why) >= 2


def test_a_follower_sees_the_report_with_a_code_of_their_own(cast, by):
    case = send(by(cast.resident()))
    act = by(cast.resident())
    with acting(by(cast.actor("town_dispatcher"))):
        followed, code = services.follow(act, case.id)
    assert code != numbers.receipt_code(case.number)
    with acting(by(cast.resident(numbers.receipt_grantee(followed.number, code)))):
        assert Case.objects.get().number == case.number


def test_a_dry_run_shows_what_other_rules_would_have_done_and_writes_nothing(cast, by):
    case = send(by(cast.resident()))
    other = RoutingRule(position=1, category="0505", level="town", field="enforcement", desk="enforcement", effective_from=MORNING.date())
    with acting(by(cast.actor("town_dispatcher"))):
        changes = routing.dry_run([other], Case.objects.all())
    assert [change.case.number for change in changes] == [case.number]
    assert (changes[0].before.desk, changes[0].after.desk) == ("service", "enforcement")


def test_a_rule_for_the_night_counts_past_midnight_and_not_at_noon(db):
    night = RoutingRule(category="06", from_time=time(22), until_time=time(6), effective_from=MORNING.date())
    late = routing.Matter("0602", VILLAGE, MORNING.replace(hour=23))
    early = routing.Matter("0602", VILLAGE, MORNING.replace(hour=5))
    noon = routing.Matter("0602", VILLAGE, MORNING.replace(hour=12))
    assert [bool(routing.fits(night, matter)) for matter in (late, early, noon)] == [True, True, False]


def test_a_grid_workers_report_comes_by_the_grid(cast, by):
    act = by(cast.actor("grid_worker", area=VILLAGE), channel="desk")
    with acting(act):
        assert services.open_routed(act, "incident", Report(text="路灯不亮", category="0505", area=VILLAGE)).channel == "grid"


def test_whoever_files_for_somebody_notes_how_they_agreed(cast, by):
    act = by(cast.actor("village_clerk", cast.village(), area=VILLAGE), channel="desk")
    with acting(act):
        case = services.open_routed(act, "incident", FiledFor(text="老人家里灯坏了", category="1003", area=VILLAGE, consent="spoken"))
        event = CaseEvent.objects.select_related("said").get(case_id=case.id)
    assert case.channel == "agent"
    assert b'"consent":"spoken"' in bytes(event.said.body)
