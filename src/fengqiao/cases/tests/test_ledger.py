"""Sealed text, numbers, search and the small pieces of writing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.cases import numbers, queries, sealing, verifying, views
from fengqiao.cases.ledger import bigrams
from fengqiao.cases.models import Case, CaseEvent, CaseKey, Payload
from fengqiao.cases.tests.conftest import MORNING, TOWN
from fengqiao.cases.tests.test_services import go


@given(st.integers(0, 10**22 - 1))
def test_a_single_wrong_digit_is_always_noticed(value):
    digits = f"{value:022d}"
    number = digits + numbers.check_digit(digits)
    assert numbers.is_number(number)
    for place in range(0, 22, 5):
        wrong = str((int(number[place]) + 1) % 10)
        assert not numbers.is_number(number[:place] + wrong + number[place + 1 :])


def test_numbers_are_given_once_and_say_town_and_day(db):
    given_out = [numbers.next_number(TOWN + "001", date(2026, 11, 23), MORNING) for _each in range(60)]
    assert len(set(given_out)) == 60
    assert all(number.startswith("99010100120261123") for number in given_out)


def test_a_code_read_from_paper_in_small_letters_is_the_same():
    number = "9901010012026112300001" + numbers.check_digit("9901010012026112300001")
    code = numbers.receipt_code(number)
    assert numbers.receipt_grantee(number, code) == numbers.receipt_grantee(number, f" {code.lower()} ")


def test_what_is_said_in_a_dispute_lies_in_the_database_as_ciphertext_only(cast, by, opened):
    secret = "楼上漏水十年了我要找他们算账"
    case = opened(text=secret, category="1101", name="张三", phone="13800000000")
    assert case.confidentiality == 3
    with acting(machine_act("clock", MORNING)):
        row = Case.objects.get(id=case.id)
        payload = Payload.objects.get(case_id=case.id)
        assert (row.title, row.text) == ("", "")
        assert payload.sealed
        assert secret.encode() not in bytes(payload.body)
        event = CaseEvent.objects.select_related("said").get(case_id=case.id)
        assert views.what_was_said(row, event)["text"] == secret
        assert CaseKey.objects.filter(case_id=case.id).count() == 1


def test_a_case_sealed_at_triage_keeps_no_open_words(cast, by, opened):
    secret = "楼上楼下为漏水打起来了"
    case = opened(text=secret, category="0806")
    dispatcher = cast.actor("town_dispatcher", cast.room)
    go(by(dispatcher), case, "accept")
    go(by(dispatcher), case, "triage", category="1101")
    with acting(machine_act("clock", MORNING, purpose="test")) as _editions:
        row = Case.objects.get(id=case.id)
        assert (row.confidentiality, row.title, row.text) == (3, "", "")
        assert all(secret.encode() not in bytes(said.body or b"") for said in Payload.objects.filter(case_id=case.id))
        assert views.detail(machine_act("clock", MORNING, purpose="test"), row)["text"] == secret
        assert verifying.verify().faults == []
        assert queries.page(dispatcher, queries.Filter(q="漏水")) == []


def test_without_its_key_a_sealed_text_is_gone():
    with pytest.raises(sealing.Erased):
        sealing.opened_key("", None)


def test_a_sealed_text_of_another_case_cannot_be_put_in_its_place():
    from uuid import uuid4

    from cryptography.exceptions import InvalidTag

    key, one, other = b"k" * 32, uuid4(), uuid4()
    body = sealing.sealer(key, one)(b"said")
    assert sealing.unseal(key, one, body) == b"said"
    with pytest.raises(InvalidTag):
        sealing.unseal(key, other, body)


def test_two_characters_find_a_case_and_another_town_does_not(cast, by, opened):
    case = opened(text="清溪路口井盖破损，夜里看不见", category="0504")
    with acting(by(cast.actor("town_dispatcher", cast.room))):
        assert [row.id for row in queries.page(cast.actor("town_dispatcher", cast.room), queries.Filter(q="井盖"))] == [case.id]
    stranger = cast.actor("town_dispatcher", area="990101002")
    with acting(by(stranger)):
        assert queries.page(stranger, queries.Filter(q="井盖")) == []


@given(st.text(max_size=80))
def test_any_text_can_be_made_searchable(text):
    assert all(word and len(word) <= 40 for word in bigrams(text))


def test_lists_page_by_keyset_without_doubles(cast, by, opened):
    made = {opened().id for _each in range(7)}
    me = cast.actor("town_dispatcher", cast.room)
    found, after = [], None
    with acting(by(me)):
        while True:
            rows = queries.page(me, queries.Filter(box="to_accept"), after, 3)
            found += [row.id for row in rows]
            if len(rows) < 3:
                break
            after = queries.key_of(rows[-1], "due")
    assert set(found) == made
    assert len(found) == 7


@pytest.mark.parametrize("sort", ["due", "newest"])
def test_a_list_of_several_states_is_in_order_whatever_the_state_and_pages_without_doubles(cast, by, opened, sort):
    me = cast.actor("town_dispatcher", cast.room)
    for number in range(9):
        case = opened(at=MORNING + timedelta(minutes=number))
        if number % 3:
            go(by(me, MORNING + timedelta(hours=1)), case, "accept")
    found, after = [], None
    with acting(by(me)):
        whole = [row.id for row in queries.page(me, queries.Filter(sort=sort))]
        while True:
            rows = queries.page(me, queries.Filter(state="RA", sort=sort), after, 4)
            found += [row.id for row in rows]
            if len(rows) < 4:
                break
            after = queries.key_of(rows[-1], sort)
        assert {row.state for row in queries.page(me, queries.Filter(state="A", sort=sort))} == {"A"}
        assert queries.page(me, queries.Filter(box="to_accept", state="A", sort=sort)) == []
    assert found == whole
    assert len(set(found)) == 9


def test_an_area_beyond_ones_ground_is_no_way_around_it(cast, by, opened):
    opened()
    stranger = cast.actor("town_dispatcher", area="990101002")
    with acting(by(stranger)):
        assert queries.page(stranger, queries.Filter(area=TOWN)) == []
    with acting(machine_act("clock", MORNING)):  # past the second wall: what is asked for is narrowed by the first one too
        assert queries.page(stranger, queries.Filter(area=TOWN)) == []
        assert queries.page(stranger, queries.Filter(area="990101")) == []


def test_words_are_found_in_ones_town_in_the_district_and_wherever_ones_organisation_has_the_order(cast, by, opened):
    case = opened(text="桥栏杆松动，行人小心", category="0504")
    room = cast.actor("town_dispatcher", cast.room)
    go(by(room), case, "accept")
    go(by(room), case, "triage", category="0504")
    go(by(room), case, "assign", lead=cast.power)
    elsewhere = cast.actor("town_dispatcher", cast.power, area="990101002")
    handler = replace(cast.actor("station_handler", cast.power), ranges=())
    two_towns = replace(room, ranges=(("990101001", "990101001~"), ("990101003", "990101003~")))
    village = replace(room, ranges=(("990101001001", "990101001001~"),))
    district = replace(room, ranges=(("990101", "990101~"),))
    for actor in (room, elsewhere, handler, two_towns, village, district):
        with acting(by(actor)), connection.cursor() as cursor:
            cursor.execute("SELECT case_found('''栏杆'''::tsquery, 10)")
            assert cursor.fetchall() == [(case.id,)]
    stranger = cast.actor("town_dispatcher", cast.enforcement, area="990101002")
    for actor in (stranger, replace(stranger, ranges=()), replace(stranger, ranges=(("990101001002", "990101001002~"),))):
        with acting(by(actor)), connection.cursor() as cursor:
            cursor.execute("SELECT case_found('''栏杆'''::tsquery, 10)")
            assert cursor.fetchall() == []


def test_the_word_by_which_search_narrows_to_a_town_is_no_word_of_anybodys(cast, by, opened):
    opened(text="栏杆松动")
    room = cast.actor("town_dispatcher", cast.room)
    with acting(by(room)):
        assert queries.page(room, queries.Filter(q=f"@{TOWN}")) == []
