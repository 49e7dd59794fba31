"""A resident with a telephone and no account goes from the code on the wall to a result, and nothing typed is lost."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fengqiao.access.acting import acting
from fengqiao.across.intake import lookups, services
from fengqiao.across.intake.terms import Spot
from fengqiao.base.clock import now
from fengqiao.cases import forms, registry, requests, schemas
from fengqiao.cases import services as cases
from fengqiao.cases.models import Case, CaseEvent, Reporter
from fengqiao.cases.reference import SealedDeskMissing
from fengqiao.cases.schemas import Report
from fengqiao.cases.tests.cast import VILLAGE
from fengqiao.kits.files import services as files
from fengqiao.kits.files.models import File
from fengqiao.people import queries as people
from fengqiao.people.models import Person


def hidden(page) -> dict[str, str]:
    """Return what a page's form carries along, as a browser would send it."""
    text = page.content.decode()
    form = text[text.index('enctype="multipart/form-data"') :]
    form = form[: form.index("</form>")]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        kind = re.search(r'type="(\w+)"', tag)
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if kind and name and kind[1] in ("hidden", "text"):
            found[name[1]] = value[1] if value else ""
    area = re.search(r'<textarea[^>]*name="(\w+)"[^>]*>\s*([^<]*)</textarea>', form)
    if area:
        found[area[1]] = area[2].strip()
    chosen = re.search(r'<select[^>]*name="(\w+)".*?<option value="([^"]*)" selected', form, re.S)
    if chosen:
        found[chosen[1]] = chosen[2]
    return found


def walk(client, url, text, **last):
    """Go through the steps as a browser does; returns the answer to the last one."""
    page = client.get(url)
    page = client.post(url, {**hidden(page), "text": text, "go": "next", **last.pop("what", {})})
    for _step in range(3):
        if page.status_code != 200:
            return page
        said = hidden(page)
        page = client.post(url, {**said, "go": "next", **(last if said["step"] == "who" else {})})
    return page


def test_the_code_shows_the_communitys_name_and_the_privacy_notice(client, code):
    page = client.get(f"/q/{code.token}/")
    assert people.area(VILLAGE).name in page.content.decode()
    assert "保存" in page.content.decode()
    assert len(page.content) < 100_000


def test_a_report_without_account_ends_in_a_receipt_that_opens_it_again(client, code, photo, seen):
    url = f"/q/{code.token}/defect/0505/"
    page = walk(client, url, "一楼路灯不亮", what={"photo": photo})
    assert page.status_code == 302, page.content.decode()[-3000:]
    number = page["Location"].split("/")[2]
    receipt = client.get(page["Location"]).content.decode()
    secret = re.search(r"data-code>(\w{6})<", receipt)[1]
    (case,) = seen(number=number)
    assert (case.channel, case.category, case.area[:12]) == ("qr", "0505", VILLAGE)
    assert case.lon == pytest.approx(code.lon)
    (file,) = File.objects.filter(case_id=case.id)
    assert client.get(f"/files/{file.id}/?thumb").status_code == 200
    client.cookies.clear()
    assert client.get(f"/files/{file.id}/?thumb").status_code == 404
    looked = client.post("/query/", {"number": f"{number[:9]} {number[9:]}", "code": secret.lower()})
    assert looked.status_code == 302
    assert 'data-state="R"' in client.get(looked["Location"]).content.decode()


def test_a_dispute_asks_for_a_contact_and_keeps_every_word(client, code, seen):
    url = f"/q/{code.token}/complaint/1101/"
    page = walk(client, url, "楼上漏水十年了，他不肯修")
    text = page.content.decode()
    assert page.status_code == 422
    assert "楼上漏水十年了，他不肯修" in text
    assert "wrong" in text
    again = client.post(url, {**hidden(page), "category": "0505", "go": "next"})
    assert again.status_code == 302
    assert seen(number=again["Location"].split("/")[2])[0].category == "0505"


def test_the_same_form_sent_twice_gives_the_same_receipt(client, code):
    url = f"/q/{code.token}/defect/0504/"
    page = client.get(url)
    page = client.post(url, {**hidden(page), "text": "井盖翘起来了", "go": "next"})
    page = client.post(url, {**hidden(page), "go": "next"})
    said = {**hidden(page), "go": "next"}
    assert client.post(url, said)["Location"] == client.post(url, said)["Location"]


def test_too_short_a_text_is_said_in_one_sentence_and_nothing_is_lost(client, code):
    url = f"/q/{code.token}/defect/0504/"
    page = client.post(url, {**hidden(client.get(url)), "text": "", "address": "门口", "go": "next"})
    assert page.status_code == 422
    assert 'value="门口"' in page.content.decode()


def test_a_picture_that_is_none_is_refused_in_words(client, code):
    url = f"/q/{code.token}/defect/0504/"
    bad = SimpleUploadedFile("x.jpg", b"MZ not a picture", "image/jpeg")
    page = client.post(url, {**hidden(client.get(url)), "text": "井盖翘起来了", "photo": bad, "go": "next"})
    assert page.status_code == 422
    assert "井盖翘起来了" in page.content.decode()


def test_a_tap_on_the_map_moves_the_place(client, code):
    url = f"/q/{code.token}/defect/0504/"
    page = client.post(url, {**hidden(client.get(url)), "text": "井盖翘起来了", "go": "next"})
    before = hidden(page)
    after = hidden(client.post(url, {**before, "tap.x": "150", "tap.y": "120"}))
    assert (before["lon"], before["lat"]) != (after["lon"], after["lat"]) or after["lon"] == before["lon"]
    assert after["text"] == "井盖翘起来了"
    assert client.get(f"/place/{VILLAGE}.svg?lon={after['lon']}&lat={after['lat']}")["Content-Type"] == "image/svg+xml"


def test_what_was_reported_near_by_is_shown_first_and_can_be_followed(client, code, seen):
    url = f"/q/{code.token}/defect/0504/"
    assert walk(client, url, "井盖翘起来了").status_code == 302
    client.cookies.clear()
    page = client.post(url, {**hidden(client.get(url)), "text": "井盖松动", "go": "next"})
    page = client.post(url, {**hidden(page), "go": "next"})
    text = page.content.decode()
    assert "/follow/" in text
    assert "井盖翘起来了" not in text
    followed = client.post(re.search(r'action="(/follow/[^"]+)"', text)[1], {"form_token": hidden(page)["form_token"]})
    assert followed.status_code == 302
    number = followed["Location"].split("/")[2]
    client.get(followed["Location"])
    status = client.get(f"/query/{number}/").content.decode()
    assert 'data-state="R"' in status
    assert "井盖翘起来了" not in status
    assert len(seen()) == 1


def test_a_wrong_code_opens_nothing_and_guessing_is_slowed(client, code):
    number = walk(client, f"/q/{code.token}/defect/0504/", "井盖翘起来了")["Location"].split("/")[2]
    client.cookies.clear()
    for _try in range(lookups.MOST):
        assert client.post("/query/", {"number": number, "code": "AAAAAA"}).status_code == 422
    assert client.post("/query/", {"number": number, "code": "AAAAAA"}, headers={"accept": "text/html"}).status_code == 429


def test_a_status_without_its_receipt_asks_for_it(client, code):
    number = walk(client, f"/q/{code.token}/defect/0504/", "井盖翘起来了")["Location"].split("/")[2]
    client.cookies.clear()
    assert client.get(f"/query/{number}/")["Location"] == f"/query/?number={number}"
    assert client.get(f"/receipt/{number}/").status_code == 302


@pytest.fixture
def officers(cast, by, photo):
    """Those who carry a case on, by the desk's own door."""
    actors = {
        "dispatcher": cast.actor("town_dispatcher", cast.org("command")),
        "handler": cast.actor("station_handler", cast.org("power")),
        "worker": cast.actor("grid_worker", area=VILLAGE),
        "district": cast.actor("district_dispatcher", area=VILLAGE[:6], level="district"),
    }

    def go(who, number, move, pictures=0, **said):
        act = by(actors[who], now(), "desk")
        with acting(act):
            if pictures:
                said["files"] = [files.keep(act, photo).id]
            case = Case.objects.get(number=number)
            if move == "answer_appeal":
                return requests.answer(act, case.requests.get(kind="appeal").id, schemas.Answer(**said))
            return cases.dispatch(act, case.id, move, forms.asks_of(registry.loop(case.kind), move)(**said))

    def id_of(number):
        with acting(by(actors["dispatcher"])):
            return Case.objects.get(number=number).id

    go.id_of = id_of
    return go


def finish(officers, number, result="灯泡已换"):
    officers("handler", number, "sign")
    officers("handler", number, "start", contact="arrived")
    officers("handler", number, "feed_back", pictures=1, outcome="fixed", text=result)
    officers("worker", number, "verify_pass", pictures=1, override_reason="楼道内收不到定位")
    officers("dispatcher", number, "close", message="谢谢您的反映")


def send(client, number, move, **said):
    page = client.get(f"/query/{number}/").content.decode()
    token = re.search(r'name="form_token" value="([^"]+)"', page)[1]
    return client.post(f"/query/{number}/{move}/", {"form_token": token, **said})


def test_from_report_to_appeal_the_reporter_sees_it_all(client, code, officers, cast):
    number = walk(client, f"/q/{code.token}/defect/0505/", "一楼路灯不亮")["Location"].split("/")[2]
    client.get(f"/receipt/{number}/")
    officers("dispatcher", number, "send_out", category="0505", lead=cast.org("power"))
    page = client.get(f"/query/{number}/").content.decode()
    assert 'data-state="D"' in page
    assert people.organisation(cast.org("power")).name in page
    assert "<time datetime" in page
    finish(officers, number)
    page = client.get(f"/query/{number}/").content.decode()
    assert "灯泡已换" in page
    assert "谢谢您的反映" in page
    assert "?thumb" in page
    assert "/reopen/" not in page
    assert send(client, number, "rate", stars="2", text="晚上又灭了").status_code == 302
    assert send(client, number, "reopen", reason="晚上又灭了").status_code == 302
    page = client.get(f"/query/{number}/").content.decode()
    assert 'data-state="D" data-reopens="1"' in page
    finish(officers, number, "换了整盏灯")
    page = client.get(f"/query/{number}/").content.decode()
    assert "换了整盏灯" in page
    assert send(client, number, "rate", stars="1", text="还是不亮").status_code == 302
    page = client.get(f"/query/{number}/").content.decode()
    assert "/reopen/" not in page
    assert "/appeal/" in page
    assert send(client, number, "appeal", reason="修了两次都没修好").status_code == 302
    assert "/appeal/" not in client.get(f"/query/{number}/").content.decode()
    officers("district", number, "answer_appeal", granted=True, reply="换一家单位再修")
    page = client.get(f"/query/{number}/").content.decode()
    assert "换一家单位再修" in page
    assert 'data-state="D" data-reopens="2"' in page


def test_a_refusal_says_why_and_what_to_do_and_can_be_appealed(client, code, officers):
    number = walk(client, f"/q/{code.token}/defect/0505/", "邻区的路灯不亮")["Location"].split("/")[2]
    officers("dispatcher", number, "reject", reason="other_area", remedy="请拨打邻区 12345")
    page = client.get(f"/query/{number}/").content.decode()
    assert "请拨打邻区 12345" in page
    assert "other_area" not in page
    assert "/appeal/" in page


def test_what_goes_on_as_another_kind_stays_the_reporters_own(client, code, officers, cast, by):
    number = walk(client, f"/q/{code.token}/suggestion/1008/", "垃圾房又满了")["Location"].split("/")[2]
    act = by(cast.actor("village_clerk", cast.village(), area=VILLAGE), now(), "desk")
    with acting(act):
        old = Case.objects.get(number=number)
        cases.dispatch(act, old.id, "convert", forms.asks_of(registry.loop("qr_suggest"), "convert")(kind="incident", category="0503"))
    page = client.get(f"/query/{number}/").content.decode()
    other = re.search(r'href="/query/(\d+)/"', page)[1]
    assert other != number
    assert send(client, other, "withdraw", reason="已经有人来清了").status_code == 302


def test_whoever_reported_the_same_sees_how_the_other_one_goes(client, code, officers, cast):
    url = f"/q/{code.token}/defect/0505/"
    first = walk(client, url, "一楼路灯不亮")["Location"].split("/")[2]
    second = walk(client, url, "楼道灯坏了")["Location"].split("/")[2]
    officers("dispatcher", second, "merge", master=officers.id_of(first), reason="同一盏灯")
    officers("dispatcher", first, "send_out", category="0505", lead=cast.org("power"))
    finish(officers, first)
    page = client.get(f"/query/{second}/").content.decode()
    assert 'data-state="M"' in page
    assert first in page
    assert "灯泡已换" in page


def test_a_name_on_a_code_is_shown_as_it_is_written(cast, by, client):
    clerk = by(cast.actor("village_clerk", area=VILLAGE))
    with acting(clerk):
        code = services.make_codes(clerk, VILLAGE, Spot.HOUSE, ["<script>alert(1)</script>"])[0]
    client.force_login(Person.objects.get(username="clerk"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "<script>alert" not in client.get(f"/codes/poster/{code.token}/").content.decode()
    assert "<script>alert" not in client.get(f"/q/{code.token}/").content.decode()


def test_a_map_is_drawn_of_a_community_only(client, db):
    assert client.get("/place/99.svg").status_code == 404
    assert client.get(f"/place/{VILLAGE}.svg").status_code == 200


def test_a_report_is_withdrawn_with_a_reason(client, code, seen):
    number = walk(client, f"/q/{code.token}/defect/0505/", "一楼路灯不亮")["Location"].split("/")[2]
    assert send(client, number, "withdraw", reason="自己好了").status_code == 302
    assert seen(number=number)[0].state == "W"


def test_a_number_nobody_gave_looks_like_a_wrong_code(client, db):
    page = client.post("/query/", {"number": "9" * 23, "code": "ABCDEF"})
    assert page.status_code == 422


def test_my_data_shows_what_is_kept_and_a_request_gets_its_own_number(client, code, seen):
    number = walk(client, f"/q/{code.token}/defect/0504/", "井盖翘起来了", name="王某", phone="138 0000 0000")["Location"].split("/")[2]
    page = client.get(f"/my-data/{number}/").content.decode()
    assert "王某" in page
    token = re.search(r'name="form_token" value="([^"]+)"', page)[1]
    asked = client.post(f"/my-data/{number}/", {"wish": "photo", "text": "", "form_token": token})
    other = asked["Location"].split("/")[2]
    assert other != number
    (case,) = seen(number=other)
    assert (case.category, case.sla) == ("1009", "S4")
    assert seen(Reporter, case__number=number)[0].consent == "2026-11"


def test_pages_about_violence_have_a_quick_way_out(client, code):
    page = client.get(f"/q/{code.token}/complaint/1206/").content.decode()
    assert "data-leave" in page
    assert "110" in page


def test_what_must_stay_sealed_is_taken_in_person_and_never_typed_here(client, code, cast, by):
    url = f"/q/{code.token}/complaint/1206/"
    assert "<textarea" not in client.get(url).content.decode()
    act = by(cast.resident())
    with acting(act), pytest.raises(SealedDeskMissing):
        services.report(act, Report(category="1206", text="隔壁经常传来打人的声音"), area=VILLAGE)


def test_everything_is_there_in_english_too(client, code):
    client.cookies["language"] = "en"
    for path in (
        "/",
        "/report/",
        f"/q/{code.token}/",
        f"/q/{code.token}/complaint/",
        f"/q/{code.token}/defect/0504/",
        "/query/",
        "/my-data/",
    ):
        page = client.get(path)
        assert page.status_code == 200, path
        assert 'lang="en"' in page.content.decode()
        assert len(page.content) < 100_000


def test_every_story_event_has_plain_words(client, code):
    number = walk(client, f"/q/{code.token}/inquiry/1001/", "老年卡怎么办")["Location"].split("/")[2]
    assert CaseEvent.objects.count() == 0  # nobody is acting here, so nothing is seen
    assert "老年卡怎么办" in client.get(f"/query/{number}/").content.decode()


def test_whoever_has_an_account_finds_their_reports_without_a_receipt(client, code):

    neighbour = Person.objects.get(username="grid2")
    client.force_login(neighbour, backend="allauth.account.auth_backends.AuthenticationBackend")
    number = walk(client, f"/q/{code.token}/defect/0504/", "井盖翘起来了")["Location"].split("/")[2]
    session = client.session
    session["receipts"] = {}
    session.save()
    assert f"/my-data/{number}/" in client.get("/my-data/").content.decode()
    assert "井盖翘起来了" in client.get(f"/my-data/{number}/").content.decode()
    assert 'data-state="R"' in client.get(f"/query/{number}/").content.decode()


def test_an_officer_files_for_a_neighbour_who_agreed(client, code, seen):

    client.force_login(Person.objects.get(username="clerk"), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = walk(client, f"/q/{code.token}/defect/0505/", "老人家门口的灯坏了", consent="spoken", name="王某", phone="13800000000")
    assert page.status_code == 302, page.content.decode()[-1500:]
    (case,) = seen(number=page["Location"].split("/")[2])
    assert case.channel == "agent"


def test_one_address_sends_only_so_many_anonymous_reports_and_keeps_what_was_typed(client, code, settings):
    settings.FENGQIAO_ANONYMOUS_REPORTS = 1
    url = f"/q/{code.token}/defect/0505/"
    assert walk(client, url, "一楼路灯不亮").status_code == 302
    refused = walk(client, url, "三楼水管在漏")
    assert (refused.status_code, "三楼水管在漏" in refused.content.decode()) == (422, True)
