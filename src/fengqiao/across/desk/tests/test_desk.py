"""Views are one's own, texts are rows with holes, many cases are moved one by one, and what is taken away is marked."""

import csv
import io
from dataclasses import replace
from uuid import uuid4

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from fengqiao.access.acting import acting
from fengqiao.across.desk import export, policies, queries, seeds, services
from fengqiao.across.desk.models import StandardText, View
from fengqiao.across.desk.schemas import RowIn, TextIn
from fengqiao.audit.models import Deed
from fengqiao.cases import desks, registry
from fengqiao.cases import queries as cases
from fengqiao.cases import views as shown
from fengqiao.cases.forms import asks_of
from fengqiao.cases.models import Case
from fengqiao.cases.queries import Filter
from fengqiao.cases.tests.conftest import MORNING, TOWN
from fengqiao.cases.tests.test_services import go
from fengqiao.kits.web import tables
from fengqiao.people import queries as people


def asking(move, **asked):
    """Parse what a move asks, as the door does."""

    def parse(kind):
        asks = asks_of(registry.loop(kind), move)
        return asks.model_validate(asked) if asks else None

    return parse


def row(case, key="", version=0):
    return RowIn(id=case.id, version=version or case.version, key=key or uuid4().hex)


@pytest.fixture
def dispatcher(cast):
    return cast.actor("town_dispatcher", cast.room)


# --- views ------------------------------------------------------------------------------------------------------------


def test_a_view_is_kept_changed_under_its_name_and_nobody_elses(by, dispatcher, cast):
    other = cast.actor("town_dispatcher", cast.room)
    kept = services.keep_view(by(dispatcher), "夜里的路灯", {"q": "路灯", "colour": "red"})
    again = services.keep_view(by(dispatcher), " 夜里的路灯 ", {"q": "路灯"})
    assert (again.id, queries.views_of(dispatcher)[0].asked) == (kept.id, {"q": "路灯"})
    assert queries.views_of(other) == []
    with pytest.raises(services.NoSuchView):
        services.drop_view(by(other), kept.id)
    services.drop_view(by(dispatcher), kept.id)
    assert not View.objects.exists()


def test_nobody_keeps_more_views_than_they_can_find_their_way_in(by, dispatcher):
    for number in range(services.MOST_VIEWS):
        services.keep_view(by(dispatcher), f"view {number}", {})
    with pytest.raises(services.TooManyViews):
        services.keep_view(by(dispatcher), "one more", {})
    services.keep_view(by(dispatcher), "view 7", {"box": "all"})


# --- texts ------------------------------------------------------------------------------------------------------------


def test_the_closest_text_comes_first_with_its_holes_filled_from_the_case(by, dispatcher, opened):
    seeds.seed_reference()
    case = opened(address="枫桥路8号")
    with override("zh-hans"), acting(by(dispatcher)):
        found = queries.filled_for(dispatcher, case, MORNING, "feed_back")
    assert found[0]["text"] == "枫桥路8号的路灯已修复，当晚亮灯正常。"
    assert "井盖" not in "".join(one["text"] for one in found)


def test_a_hole_the_case_says_nothing_for_stays_and_is_named(by, dispatcher, opened):
    case = opened()
    text = StandardText(id=uuid4(), title="x", text="请{lead}到{place}，{nothing} {", written_at=MORNING)
    with override("zh-hans"), acting(by(dispatcher)):
        assert queries.filled(text, queries.facts_of(dispatcher, case, MORNING), "zh-hans")["text"] == text.text
    text.text = "请{lead}到{place}"
    with override("zh-hans"), acting(by(dispatcher)):
        filled = queries.filled(text, queries.facts_of(dispatcher, case, MORNING), "zh-hans")
    assert filled["holes"] == ["lead"]
    assert "{lead}" in filled["text"]
    assert "{place}" not in filled["text"]


def test_a_text_is_written_by_right_and_what_it_said_before_is_kept(by, cast, dispatcher):
    asked = TextIn(move="close", title="办结", text="已经修好")
    with pytest.raises(policies.NoTexts):
        services.write_text(by(cast.actor("station_handler", cast.power)), asked)
    written = services.write_text(by(dispatcher), asked)
    services.write_text(by(dispatcher), TextIn(move="close", title="办结", text="修好了", active=False), written.id)
    assert Deed.objects.filter(what="standard text").latest("id").said == {"before": "已经修好", "after": "修好了"}
    assert written.id not in {one.id for one in queries.fitting("0505", "V", "close")}
    with pytest.raises(services.NoSuchText):
        services.write_text(by(dispatcher), asked, uuid4())


def test_seeding_again_leaves_what_the_centre_has_changed(db):
    seeds.seed_reference()
    StandardText.objects.filter(title="已电话告知").update(text="改过")
    count = StandardText.objects.count()
    seeds.seed_reference()
    assert StandardText.objects.count() == count
    assert StandardText.objects.get(title="已电话告知").text == "改过"


# --- many cases ---------------------------------------------------------------------------------------------------------


def test_one_that_is_refused_keeps_none_of_the_others_back(by, dispatcher, opened):
    fresh, stale, other = opened("一号灯"), opened("二号灯"), opened("三号灯")
    go(by(dispatcher), stale, "accept")
    done = services.move_many(by(dispatcher), "accept", asking("accept"), [row(fresh), row(stale, version=1), row(other)])
    assert [one["done"] for one in done] == [True, False, True]
    assert done[1]["message"]
    with acting(by(dispatcher)):
        assert {case.state for case in Case.objects.filter(id__in=[fresh.id, other.id])} == {"A"}


def test_the_same_rows_sent_again_are_done_once(by, dispatcher, opened):
    case = opened()
    rows = [row(case, "the-same-key")]
    first = services.move_many(by(dispatcher), "accept", asking("accept"), rows)
    again = services.move_many(by(dispatcher), "accept", asking("accept"), rows)
    assert first == again
    with acting(by(dispatcher)):
        assert cases.current(case.id).version == first[0]["version"]


def test_many_are_assigned_and_the_wrong_post_assigns_none(by, cast, dispatcher, opened):
    waiting = [opened(f"{number}号灯") for number in range(3)]
    for case in waiting:
        go(by(dispatcher), case, "accept")
        go(by(dispatcher), case, "triage", category="0505")
    with acting(by(dispatcher)):
        waiting = [cases.current(case.id) for case in waiting]
    stranger = cast.actor("station_handler", cast.power)
    refused = services.move_many(by(stranger), "assign", asking("assign", lead=cast.power), [row(case) for case in waiting])
    assert [one["done"] for one in refused] == [False, False, False]
    done = services.move_many(by(dispatcher), "assign", asking("assign", lead=cast.power), [row(case) for case in waiting])
    assert [one["done"] for one in done] == [True, True, True]


def test_what_asks_something_of_each_case_alone_is_not_done_together(by, dispatcher, opened):
    with pytest.raises(services.OneByOne):
        services.move_many(by(dispatcher), "reject", asking("reject"), [row(opened())])


# --- taking lists away ----------------------------------------------------------------------------------------------------


def read_csv(body):
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def test_a_list_is_taken_by_right_and_noted(by, cast, dispatcher, opened):
    with pytest.raises(policies.NoExport):
        policies.check_export(by(cast.actor("station_handler", cast.power)))
    policies.check_export(by(dispatcher))
    case = opened("=1+1灯坏了")
    lines = read_csv(tables.as_csv(export.taken(by(dispatcher), Filter(area=TOWN))))
    found = next(line for line in lines if line[0] == case.number)
    assert found[1] == "'=1+1灯坏了", "a spreadsheet would compute it"
    assert Deed.objects.filter(what="list taken away").latest("at").said["cases"] == len(lines) - 1


def test_a_list_with_confidential_cases_says_who_took_it_and_tells_no_more_than_the_screen(by, cast, dispatcher, opened):
    case = opened("有人放高利贷", category="0102")
    go(by(dispatcher), case, "accept")
    go(by(dispatcher), case, "triage", category="0102", confidentiality=2)
    taker = replace(dispatcher, name="王敏")
    sheet = load_workbook(io.BytesIO(export.as_workbook(export.taken(by(taker), Filter(area=TOWN))))).active
    lines = [[cell or "" for cell in line] for line in sheet.iter_rows(values_only=True)]
    assert "王敏" in lines[0][0]
    assert "王敏" in lines[-1][0]
    found = next(line for line in lines if line[0] == case.number)
    assert "高利贷" not in "".join(found)


def test_a_plain_list_carries_no_mark(by, dispatcher, opened):
    opened()
    assert export.taken(by(dispatcher), Filter(area=TOWN, q="路灯"))[0][0] in ("Number", "编号")


# --- the four desks -----------------------------------------------------------------------------------------------------


def test_an_assigned_case_is_with_the_desk_its_lead_answers_to(by, dispatcher, opened):
    power = next(one for one in people.organisations(area=TOWN, field="power") if one.desk)
    before = {one["key"]: one["count"] for one in desks_of(by, dispatcher)}
    case = opened()
    go(by(dispatcher), case, "accept")
    go(by(dispatcher), case, "triage", category="0505")
    go(by(dispatcher), case, "assign", lead=power.id)
    after = {one["key"]: one for one in desks_of(by, dispatcher)}
    assert after["service"]["count"] == before["service"] + 1
    assert sum(after["service"]["colours"].values()) == after["service"]["count"]
    with acting(by(dispatcher)):
        assert case.id in {one.id for one in cases.page(dispatcher, Filter(desk="service", sort="newest"))}
        assert case.id not in {one.id for one in cases.page(dispatcher, Filter(desk="governance", sort="newest"))}


def test_before_it_is_assigned_a_case_is_with_the_desk_that_was_proposed(by, cast, dispatcher):
    from fengqiao.cases.schemas import Report
    from fengqiao.cases.services import open_case

    act = by(cast.resident(), channel="qr")
    with acting(act):
        case = open_case(
            act, "matter", Report(text="有人占道", category="0502", area=TOWN + "001"), suggestion={"desk": "enforcement", "why": []}
        )
    with acting(by(dispatcher)):
        assert case.id in {one.id for one in cases.page(dispatcher, Filter(desk="enforcement", sort="newest"))}
    assert next(one for one in desks_of(by, dispatcher) if one["key"] == "enforcement")["count"] >= 1


def desks_of(by, actor):
    with acting(by(actor)):
        return desks.counts(actor)


def test_whoever_works_by_order_has_no_desks_to_look_over(by, cast):
    assert desks_of(by, replace(cast.actor("station_handler", cast.power), ranges=())) == []


# --- searching ----------------------------------------------------------------------------------------------------------


def found(by, actor, q):
    with acting(by(actor)):
        return {one.id for one in cases.page(actor, Filter(q=q, years=(2026, 2025)))}


def test_a_case_is_found_by_its_short_number_its_place_and_a_single_character(by, dispatcher, opened):
    case = opened("灯不亮", address="枫桥路8号")
    village = people.area(TOWN + "001")
    assert village is not None
    for sought in (f"{case.number[13:17]}-{case.number[17:22]}", case.number, village.name, "亮", "枫桥", "不亮"):
        assert case.id in found(by, dispatcher, sought), sought
    assert case.id not in found(by, dispatcher, "0101-99999")


# --- merged -------------------------------------------------------------------------------------------------------------


def test_the_master_shows_both_reporters_but_not_one_that_is_kept_closer(by, dispatcher, opened):
    master, double = opened("井盖坏了", name="张三", phone="13800000001"), opened("井盖又坏了", name="李四", phone="13900000002")
    go(by(dispatcher), master, "accept")
    go(by(dispatcher), double, "merge", master=master.id)
    with acting(by(dispatcher)):
        detail = shown.detail(by(dispatcher), cases.current(master.id))
        assert detail["reporter"]["name"] == "张三"
        (merged,) = [one for one in detail["linked"] if one["id"] == double.id]
        assert merged["reporter"] == {"name": "李四", "masked_phone": "139****0002", "anonymous": False}
        other = cases.current(double.id)
        other.confidentiality = 2
        assert shown._linked(by(dispatcher), cases.current(master.id), "merged_into_by", other)["reporter"] is None
