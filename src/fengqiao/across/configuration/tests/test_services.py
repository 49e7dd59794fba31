"""A change counts from its day, by two persons where it opens sealed doors, can be taken back, and never vanishes from the record."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fengqiao.access import catalogue
from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.configuration import carrying, policies, services, subjects
from fengqiao.across.configuration.models import Change, JobState
from fengqiao.across.configuration.passes import note_pass
from fengqiao.across.configuration.subjects.base import NotFit
from fengqiao.across.configuration.tests.conftest import acts
from fengqiao.audit.models import Deed
from fengqiao.audit.services import note_deed
from fengqiao.base.ids import new_id
from fengqiao.cases import limits
from fengqiao.cases.models import Category, Clock, TimeLimit
from fengqiao.cases.tests.conftest import MORNING
from fengqiao.cases.tests.test_services import go
from fengqiao.people import models
from fengqiao.people import queries as people

DAY = MORNING.date()
NEXT = DAY + timedelta(days=1)
TOMORROW = MORNING + timedelta(days=1)
LIMIT, CATEGORY, PERMISSION = (subjects.of(key) for key in ("limit", "category", "permission"))


def facts(subject, about: str, **changed):
    return {**subject.now(about, DAY), **changed}


def test_what_is_planned_counts_from_its_day_and_not_an_hour_before(admin):
    change = services.propose(admin, CATEGORY, "0505", facts(CATEGORY, "0505", name_en="Street lamp"), since=NEXT)
    assert services.take_effect(MORNING + timedelta(hours=14)) == 0
    assert Category.objects.get(code="0505").name_en != "Street lamp"
    assert services.take_effect(MORNING + timedelta(hours=15)) == 1  # midnight in the district's zone
    assert Category.objects.get(code="0505").name_en == "Street lamp"
    change.refresh_from_db()
    assert change.state == "in_force"
    assert services.take_effect(TOMORROW) == 0


def test_a_limit_is_written_ahead_and_counts_by_itself(admin):
    services.propose(admin, LIMIT, "S1/handle/0505", {"amount": 2, "unit": "working_hour", "basis": ""}, since=NEXT)
    assert limits.limit("S1", "handle", "0505", DAY).amount == 4
    assert limits.limit("S1", "handle", "0505", NEXT).amount == 2
    assert limits.limit("S1", "handle", "0401", NEXT).amount == 4
    assert services.take_effect(TOMORROW) == 1
    assert Change.objects.get().state == "in_force"


def test_a_change_that_cannot_come_into_force_is_marked_and_the_others_go_on(admin):
    bad = services.propose(admin, CATEGORY, "0505", facts(CATEGORY, "0505", name="路灯不亮了"), since=NEXT)
    good = services.propose(admin, CATEGORY, "0401", facts(CATEGORY, "0401", name="坑洞"), since=NEXT)
    Change.objects.filter(pk=bad.pk).update(after={**bad.after, "loop": "gone"})
    assert services.take_effect(TOMORROW) == 2
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == ("failed", "in_force")
    assert bad.trouble
    assert Deed.objects.filter(what="setting_failed").count() == 1


def test_the_past_cannot_be_set_and_nothing_is_not_a_change(admin):
    with pytest.raises(services.TooEarly):
        services.propose(admin, CATEGORY, "0505", facts(CATEGORY, "0505", name="灯"), since=DAY - timedelta(days=1))
    with pytest.raises(services.NothingChanges):
        services.propose(admin, CATEGORY, "0505", facts(CATEGORY, "0505"), since=DAY)


def test_two_plans_for_one_thing_and_day_do_not_stand_side_by_side(admin):
    services.propose(admin, CATEGORY, "0505", facts(CATEGORY, "0505", name="灯"), since=NEXT)
    with pytest.raises(services.PlannedAlready):
        services.propose(admin, CATEGORY, "0505", facts(CATEGORY, "0505", name="路灯灯"), since=NEXT)


@pytest.mark.parametrize(
    ("about", "changed"),
    [
        ("0505", {"sla": "S9"}),
        ("0505", {"name": ""}),
        ("0505", {"loop": "moon"}),
        ("0505", {"confidentiality": 7}),
        ("05", {"active": False}),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(admin, about, changed):
    with pytest.raises(NotFit) as wrong:
        services.propose(admin, CATEGORY, about, facts(CATEGORY, about, **changed), since=DAY)
    assert set(wrong.value.fields) == set(changed)


def test_nobody_without_the_post_sets_anything_and_no_program_does(admin):
    dispatcher, program = acts("dispatcher"), replace(admin, actor=replace(admin.actor, person=""))
    for act in (dispatcher, program):
        with pytest.raises(policies.NotYourSettings):
            services.propose(act, CATEGORY, "0505", facts(CATEGORY, "0505", name="灯"), since=DAY)
        with pytest.raises(policies.NotYourSettings):
            carrying.write_out(act)


def test_what_opens_sealed_doors_takes_two_persons(admin, director):
    change = services.propose(admin, PERMISSION, "grid_worker/case:read_c3", {"granted": True}, since=DAY)
    assert change.state == "waiting"
    assert "case:read_c3" not in catalogue.post("grid_worker").permissions
    with pytest.raises(services.SamePerson):
        services.confirm(admin, change.id)
    assert services.confirm(replace(director, id=new_id()), change.id).state == "in_force"
    assert "case:read_c3" in catalogue.post("grid_worker").permissions
    with pytest.raises(services.NotWaiting):
        services.confirm(director, change.id)


def test_taking_a_permission_away_needs_nobody_else(admin):
    assert services.propose(admin, PERMISSION, "auditor/audit:read", {"granted": False}, since=DAY).state == "in_force"
    assert "audit:read" not in catalogue.post("auditor").permissions


@pytest.mark.parametrize("deed", services.PUPPETS)
def test_an_account_that_the_first_person_made_or_reset_is_no_second_person(admin, director, deed):
    change = services.propose(admin, PERMISSION, "grid_worker/case:read_c3", {"granted": True}, since=DAY)
    note_deed(replace(admin, at=MORNING - timedelta(days=29)), deed, director.actor.person)
    with pytest.raises(services.MadeByProposer):
        services.confirm(director, change.id)


def test_the_last_key_of_the_settings_cannot_be_taken(admin):
    services.propose(admin, PERMISSION, "district_duty_director/settings:edit", {"granted": False}, since=DAY)
    with pytest.raises(NotFit):
        services.propose(admin, PERMISSION, "sys_admin/settings:edit", {"granted": False}, since=DAY)


def test_what_was_sealed_is_not_opened_by_one_person_alone(admin):
    change = services.propose(admin, CATEGORY, "1101", facts(CATEGORY, "1101", confidentiality=1), since=DAY)
    assert (change.state, Category.objects.get(code="1101").confidentiality) == ("waiting", 3)


def test_a_change_is_taken_back_as_a_change_of_its_own(admin):
    change = services.propose(admin, CATEGORY, "0505", facts(CATEGORY, "0505", sla="S2"), since=DAY)
    back = services.take_back(replace(admin, id=new_id()), change.id)
    assert (Category.objects.get(code="0505").sla, back.reverts_id) == ("S1", change.id)
    with pytest.raises(services.ChangedSince):
        services.take_back(admin, change.id)
    assert Change.objects.count() == 2


def test_what_was_new_cannot_be_taken_back_only_retired(admin):
    change = services.propose(admin, LIMIT, "S1/handle/0505", {"amount": 2, "unit": "working_hour", "basis": ""}, since=DAY)
    with pytest.raises(services.CannotTakeBack):
        services.take_back(admin, change.id)


def test_a_withdrawn_plan_leaves_no_row_behind(admin):
    change = services.propose(admin, LIMIT, "S3/sign", {"amount": 2, "unit": "working_day", "basis": ""}, since=NEXT)
    services.withdraw(admin, change.id)
    assert not TimeLimit.objects.filter(sla="S3", clock="sign", effective_from=NEXT).exists()
    assert services.take_effect(TOMORROW) == 0


def test_the_dry_run_counts_what_would_have_been_in_time_and_what_runs(admin, cast, by, opened):
    dispatcher = cast.actor("town_dispatcher", cast.room)
    quick, slow, waiting = opened(), opened(), opened()
    go(by(dispatcher, MORNING + timedelta(minutes=20)), quick, "accept")
    go(by(dispatcher, MORNING + timedelta(minutes=50)), slow, "accept")
    later = replace(admin, at=MORNING + timedelta(hours=1))
    sla = waiting.sla
    told = LIMIT.touches(later, f"{sla}/accept", None, {"amount": 30, "unit": "working_minute", "basis": ""}, DAY)
    assert "Of 2 that ended" in told[0] or "2 个" in told[0]
    assert "1" in told[0].split("，")[-1]
    assert "1" in told[-1]
    natural = LIMIT.touches(later, f"{sla}/accept", None, {"amount": 30, "unit": "natural_day", "basis": ""}, DAY)
    assert any("2" in sentence and ("比较" in sentence or "compared" in sentence) for sentence in natural[1:])


def test_a_day_off_says_how_many_clocks_run_across_it_and_moves_none(admin, opened, cast, by):
    case = opened()
    with acting(machine_act("test", MORNING)):
        due = Clock.objects.get(case_id=case.id, name="accept").due_at
    year = subjects.of("year")
    before = year.now("2026", DAY)
    after = {"days": {**before["days"], DAY.isoformat(): [False, "停电"]}}
    told = year.touches(admin, "2026", before, after, DAY)
    assert "1" in told[1]
    services.propose(admin, year, "2026", after, since=DAY)
    assert not people.calendar().is_working(DAY)
    with acting(machine_act("test", MORNING)):
        assert Clock.objects.get(case_id=case.id, name="accept").due_at == due
    services.propose(replace(admin, id=new_id()), year, "2026", before, since=DAY)
    assert people.calendar().is_working(DAY)


def test_hours_that_meet_are_refused(admin):
    hours = subjects.of("hours")
    with pytest.raises(NotFit):
        services.propose(admin, hours, "day", {"windows": [["08:00", "12:00"], ["11:00", "17:00"]]}, since=DAY)
    services.propose(admin, hours, "day", {"windows": [["10:00", "14:00"], ["15:30", "19:30"]]}, since=DAY)
    assert people.calendar().windows[0][0].hour == 10


def test_an_organisation_is_added_and_retired(admin):
    body = subjects.of("organisation")
    told = {
        "name": "第二供电所", "name_en": "Second power station", "kind": "station", "area": "990101001", "field": "power",
        "desk": "service",
        "presence": "", "phone": "0579-000", "opening": "", "active": True,
    }  # fmt: skip
    services.propose(admin, body, "990101001-power2", told, since=DAY)
    assert people.organisation_by_code("990101001-power2").field == "power"
    services.propose(admin, body, "990101001-power2", {**told, "active": False}, since=DAY)
    assert "990101001-power2" not in {row.code for row in people.organisations()}
    with pytest.raises(NotFit):
        services.propose(admin, body, "another", {**told, "area": "770000"}, since=DAY)


def test_a_file_is_taken_over_whole_or_not_at_all(admin):
    text = carrying.write_out(admin)
    assert not carrying.compare(admin, text).changed
    broken = text.replace('"S3/handle": {\n    "amount": 5', '"S3/handle": {\n    "amount": 0')
    assert broken != text
    with pytest.raises(Exception, match=r".+"):
        carrying.take_over(admin, broken, DAY)
    assert not Change.objects.exists()
    for nonsense in ("", "[]", "{}", '{"format": "fengqiao-settings"}', text.replace("fengqiao-settings", "other")):
        with pytest.raises(carrying.NotOurFile):
            carrying.compare(admin, nonsense)


def test_every_step_is_on_the_record_of_administration(admin, director):
    change = services.propose(admin, PERMISSION, "grid_worker/audit:read", {"granted": True}, since=DAY)
    services.confirm(director, change.id)
    assert list(Deed.objects.filter(said__change=str(change.id)).order_by("id").values_list("what", flat=True)) == [
        "setting_proposed",
        "setting_confirmed",
    ]


def test_the_health_page_hears_of_a_job_that_fails_and_is_well_again(db):
    note_pass("a:b", 1.0, MORNING)
    note_pass("a:b", 1.0, MORNING + timedelta(minutes=1), failures=3, trouble="OSError: no route")
    row = JobState.objects.get(job="a:b")
    assert (row.failures, row.went_well_at, row.trouble) == (3, MORNING, "OSError: no route")
    note_pass("a:b", 1.0, MORNING + timedelta(minutes=2))
    row.refresh_from_db()
    assert (row.failures, row.trouble) == (0, "")


def test_nobody_appoints_themselves(admin):
    body = models.Organisation.objects.filter(kind="command_room").first()
    with pytest.raises(services.accounts.NotOneself):
        services.appoint(admin, admin.actor.person, services.people_services.Post("auditor", body.id, body.area_id, date(2026, 1, 1)))
