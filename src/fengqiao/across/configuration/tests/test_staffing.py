"""Persons from a file, somebody standing in, opening hours: on the pages an administrator uses."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook

from fengqiao.across.configuration import services, subjects
from fengqiao.across.configuration.tests.conftest import MORNING, acts
from fengqiao.audit.models import Deed
from fengqiao.base.clock import now
from fengqiao.kits.notices import addresses
from fengqiao.people import accounts, queries
from fengqiao.people import services as people_services
from fengqiao.people.models import Appointment, Contact, Person

PAGE = "/settings/persons/file/"
ROOM = "990101001-room"
HEAD = "账号,姓名,手机,邮箱,政务账号,岗位,所属机构,任职起"
GOOD = f"""{HEAD}
new1,新一,13900000001,new1@gov.example,10001,town_dispatcher,{ROOM},2026-01-01
new1,新一,13900000001,new1@gov.example,10001,town_duty_leader,{ROOM},2026-01-01
new2,新二,,,,town_dispatcher,{ROOM},2026-01-01
"""
DAY = MORNING.date()


def file(text, name="名单.csv", encoding="utf-8"):
    content = BytesIO(text.encode(encoding))
    content.name = name
    return content


def send(seat, text, go="try", **more):
    return seat("admin").post(PAGE, {"file": file(text), "go": go, **more})


def test_a_file_is_shown_first_and_then_all_of_it_counts(seat):
    shown = send(seat, GOOD).content.decode()
    assert shown.count('<span class="mark green">new</span>') == 2
    assert "checked" in shown.partition('name="passwords"')[2].partition(">")[0]
    assert not Person.objects.filter(username="new1").exists()
    held = shown.partition('name="held" value="')[2].partition('"')[0]
    done = seat("admin").post(PAGE, {"held": held, "name": "名单.csv", "passwords": "on", "go": "count"}).content.decode()
    person = Person.objects.get(username="new1")
    assert person.check_password(done.partition('<td data-label="First password"><code>')[2].partition("<")[0])
    assert sorted(Appointment.objects.filter(person=person).values_list("post", flat=True)) == ["town_dispatcher", "town_duty_leader"]
    assert (person.contact.email, person.contact.account) == ("new1@gov.example", "10001")
    assert Deed.objects.filter(what="person_added").count() == 2
    assert Deed.objects.filter(what="person_appointed").count() == 3
    assert "stands already" in send(seat, GOOD).content.decode()


def test_everything_that_is_wrong_is_said_by_row_and_column_and_nothing_is_written(seat):
    wrong = GOOD.replace("new2,新二,,,,town_dispatcher", "new2,,,,,king").replace(f"{ROOM},2026-01-01\nnew2", "nowhere,someday\nnew2")
    answer = send(seat, wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in (
        "名单.csv, row 3, column “organisation”: there is no organisation nowhere.",
        "名单.csv, row 3, column “since”: “someday” is no date",
        "名单.csv, row 4, column “name”: this cell may not be empty.",
        "名单.csv, row 4, column “post”: there is no post “king”.",
    ):
        assert sentence in page
    assert 'value="count"' not in page
    assert "so nothing was written" in send(seat, wrong, go="count").content.decode()
    assert not Person.objects.filter(username="new1").exists()


def test_a_workbook_and_a_file_of_an_old_office_are_read_as_well(seat):
    book = Workbook()
    for line in GOOD.strip().splitlines():
        book.active.append(line.split(","))
    content = BytesIO()
    book.save(content)
    content.seek(0)
    content.name = "staff of ours.xlsx"
    assert seat("admin").post(PAGE, {"file": content, "go": "try"}).content.decode().count("mark green") == 2
    assert seat("admin").post(PAGE, {"file": file(GOOD, encoding="gb18030"), "go": "try"}).status_code == 200


def test_a_column_that_is_not_there_changes_nothing_and_an_empty_cell_does(seat, admin):
    send(seat, GOOD, go="count")
    short = f"账号,姓名,岗位,所属机构,任职起\nnew1,新的名字,town_dispatcher,{ROOM},2026-01-01\n"
    assert "Corrected: Full name" in send(seat, short).content.decode()
    send(seat, short, go="count")
    contact = Contact.objects.get(person__username="new1")
    assert (contact.person.name, contact.phone) == ("新的名字", "13900000001")


def test_a_post_that_is_held_for_other_days_is_said_and_one_that_stands_is_left(seat):
    send(seat, GOOD, go="count")
    other = f"{HEAD}\nnew2,新二,,,,town_dispatcher,{ROOM},2026-02-01\n"
    assert "held here already from 2026-01-01" in send(seat, other).content.decode()


def test_nobody_writes_themselves_from_a_file(seat):
    me = f"{HEAD}\nadmin,我,,,,town_dispatcher,{ROOM},2026-01-01\n"
    assert str(accounts.NotOneself.message) in send(seat, me).content.decode()


@pytest.mark.parametrize(
    ("name", "text"), [("notes.txt", "hello"), ("staff.xlsx", "not a workbook"), ("staff.csv", ""), ("staff.csv", "a,b\n1,2")]
)
def test_what_is_no_such_table_is_said_in_a_sentence(seat, name, text):
    answer = seat("admin").post(PAGE, {"file": file(text or "\n", name), "go": "try"})
    assert answer.status_code == 422
    assert "note bad" in answer.content.decode() or "id_file_error" in answer.content.decode()


def test_without_a_file_the_form_asks_for_one(seat):
    assert "Choose a file" in seat("admin").post(PAGE, {"go": "try"}).content.decode()


def test_the_empty_table_is_read_as_a_table_without_persons(seat):
    body = seat("admin").get(PAGE + "template/").content.decode("utf-8-sig")
    assert "账号" in body
    assert "holds no person" in send(seat, body).content.decode()


def test_only_whoever_writes_persons_brings_files(seat):
    assert seat("director").get(PAGE, headers={"Accept": "text/html"}).status_code == 403


def test_work_notices_go_to_the_account_of_the_office_system(seat):
    send(seat, GOOD, go="count")
    person = Person.objects.get(username="new1")
    assert addresses.of_person(person.pk).account == "10001"
    assert addresses.of_person(Person.objects.get(username="new2").pk).account == "new2"


# --- standing in ------------------------------------------------------------------------------------------------------


def test_whoever_stands_in_holds_the_same_posts_for_those_days_and_no_longer(admin):
    absent, other = (Person.objects.get(username=name) for name in ("dispatcher", "handler2"))
    made = services.stand_in(admin, absent.pk, other.pk, DAY, DAY + timedelta(days=7))
    held = Appointment.objects.filter(person=other, temporary=True)
    assert {one.post for one in made} == {one.post for one in held} == {"town_dispatcher"}
    assert {(one.since, one.until) for one in held} == {(DAY, DAY + timedelta(days=7))}
    room = queries.organisation_by_code(ROOM).id
    assert str(other.pk) in {row.id for row in queries.holders(room, "town_dispatcher", DAY)}
    assert str(other.pk) not in {row.id for row in queries.holders(room, "town_dispatcher", DAY + timedelta(days=7))}
    with pytest.raises(services.NothingToStandInFor):
        services.stand_in(admin, absent.pk, other.pk, DAY, DAY + timedelta(days=7))


def test_nobody_stands_in_for_themselves_or_lets_themselves_stand_in(admin):
    absent = Person.objects.get(username="dispatcher")
    with pytest.raises(people_services.OneselfAsSubstitute):
        services.stand_in(admin, absent.pk, absent.pk, DAY, DAY + timedelta(days=1))
    with pytest.raises(accounts.NotOneself):
        services.stand_in(admin, absent.pk, Person.objects.get(username="admin").pk, DAY, DAY + timedelta(days=1))


def test_standing_in_is_asked_on_the_page_of_whoever_is_away(seat):
    absent, day = Person.objects.get(username="dispatcher"), now().date()
    page = f"/settings/persons/{absent.pk}/"
    said = {"go": "stand-in", "first": day.isoformat(), "last": day.isoformat()}
    assert "Nobody signs in with this name" in seat("admin").post(page, {**said, "substitute": "moon"}).content.decode()
    done = seat("admin").post(page, {**said, "substitute": "Handler2"}, follow=True).content.decode()
    assert "stands in with 1 post" in done
    listed = seat("admin").get("/settings/persons/?blocked=acting").content.decode()
    assert "handler2" in listed
    assert f"/settings/persons/{absent.pk}/" not in listed


# --- opening hours ----------------------------------------------------------------------------------------------------


def test_opening_hours_are_set_said_and_refused_in_a_sentence(admin, seat):
    body = subjects.of("organisation")
    facts = body.now(ROOM, DAY)
    with pytest.raises(subjects.base.NotFit) as wrong:
        services.propose(admin, body, ROOM, {**facts, "opening": "often"}, since=DAY)
    assert "often" in wrong.value.fields["opening"]
    services.propose(admin, body, ROOM, {**facts, "opening": "周一至周五 9:00-17:00"}, since=DAY)
    assert queries.organisation_by_code(ROOM).opening == "1-5 09:00-17:00"
    assert queries.is_open(queries.organisation_by_code(ROOM), MORNING)
    assert "Mon to Fri 09:00–17:00" in seat("admin").get(f"/settings/organisation/of/{ROOM}/").content.decode()


def test_a_file_of_settings_from_before_there_were_opening_hours_still_fits(admin):
    body = subjects.of("organisation")
    facts = {name: value for name, value in body.now(ROOM, DAY).items() if name != "opening"}
    assert body.checked(ROOM, facts, DAY)["opening"] == ""
    assert acts("admin").actor.may("settings:edit")
