"""Whoever reported gets their words back; the record holds, and what the law keeps is refused with the day it may go."""

from datetime import timedelta

import pytest
from django.utils.translation import gettext

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.cases import continuing, erasing, queries, verifying, views
from fengqiao.cases.ledger import bigrams
from fengqiao.cases.models import Case, CaseEvent, CaseKey, Payload, Reporter
from fengqiao.cases.policies import NotYourMove
from fengqiao.cases.retention import NotKeeper
from fengqiao.cases.tests.cast import MORNING
from fengqiao.kits.files.models import File, Leftover
from fengqiao.loop.guards.verifying import SameOrganisation
from fengqiao.modules.privacy import policies
from fengqiao.modules.privacy.queries import concerned

WORDS = "三楼李家门口路灯不亮"


def decide(go, cast, request, **said):
    return go(
        cast.officer, request, "feed_back", **{"outcome": "deleted", "part": "report_words", "text": "已核实本人，予以删除。", **said}
    )


def confirm(go, cast, request):
    return go(cast.dispatcher, request, "verify_pass", review="本人申请，已办结，可删")


def seen(case, purpose="test"):
    act = machine_act("clock", MORNING, purpose=purpose)
    with acting(act):
        return views.detail(act, queries.current(case.id))


def house(read):
    with acting(machine_act("clock", MORNING, purpose="test")):
        return read()


def search_words(case):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE fengqiao_engine")
        cursor.execute("SELECT words::text FROM case_search WHERE case_id = %s", [case.id])
        (words,) = cursor.fetchone()
        cursor.execute("RESET ROLE")
    return words


def test_a_granted_deletion_takes_the_words_and_leaves_a_tombstone_that_verifies(cast, go, rejected, asked):
    case = rejected()
    request = asked(case)
    assert decide(go, cast, request).state == "F"
    assert house(lambda: Case.objects.get(id=case.id)).text == WORDS, "nothing goes before a second person has read the decision"
    assert confirm(go, cast, request).state == "V"
    row = house(lambda: Case.objects.get(id=case.id))
    assert (row.text, row.title, row.address, row.lon, row.suggestion) == ("", "", "", None, None)
    told = house(lambda: Reporter.objects.get(case_id=case.id))
    assert (told.name, told.phone, told.anonymous) == ("", "", True)
    assert not File.objects.filter(case_id=case.id).exists()
    assert Leftover.objects.count() == 1, "its bytes go as soon as the act has ended well"
    assert not set(bigrams(WORDS)) & set(search_words(case).replace("'", "").split())
    shown = seen(case)
    assert WORDS not in str(shown)
    assert "王秀英" not in str(shown)
    assert shown["timeline"][-1]["text"] == gettext(erasing.NOTED["erased_report_words"])
    kept = house(lambda: {e.move: e.said.body is not None for e in CaseEvent.objects.filter(case_id=case.id).select_related("said")})
    assert (kept["report"], kept["triage"], kept["transfer"]) == (False, True, True)
    found = verifying.verify()
    assert found.faults == []
    assert found.erased == 1


def test_everything_goes_with_what_officers_wrote(cast, go, rejected, asked):
    case = rejected()
    request = asked(case)
    decide(go, cast, request, part="everything")
    confirm(go, cast, request)
    left = house(lambda: list(Payload.objects.filter(case_id=case.id, body__isnull=False)))
    assert len(left) == 1, "only the note that says what was done"
    assert verifying.verify().faults == []


def test_only_the_photos_or_only_the_contact_may_go_while_the_matter_is_open(cast, go, reported, asked):
    case = reported()
    request = asked(case, "photo")
    decide(go, cast, request, part="photos")
    confirm(go, cast, request)
    shown = seen(case)
    assert shown["text"] == WORDS
    assert [event["files"] for event in shown["timeline"]] == [[], []]
    request = asked(case, "contact")
    decide(go, cast, request, part="contact_data")
    confirm(go, cast, request)
    assert seen(case)["reporter"]["name"] == ""
    assert verifying.verify().faults == []


def test_what_is_still_needed_is_not_deleted(cast, go, reported, asked):
    request = asked(reported())
    with pytest.raises(erasing.StillOpen):
        decide(go, cast, request)
    refused = decide(go, cast, request, outcome="still_needed", part=None, text="事情还在办，办结后可再申请。")
    assert confirm(go, cast, refused).state == "V"


def test_a_case_that_was_taken_up_again_meanwhile_stops_the_deletion(cast, go, rejected, asked, monkeypatch):
    case = rejected()
    request = asked(case)
    decide(go, cast, request)
    monkeypatch.setattr(erasing, "ENDINGS", frozenset())
    with pytest.raises(erasing.StillOpen):
        confirm(go, cast, request)
    monkeypatch.undo()
    assert house(lambda: Case.objects.get(id=request.id)).state == "F"
    assert house(lambda: Case.objects.get(id=case.id)).text == WORDS


def test_the_file_of_a_dispute_stays_until_its_day_and_goes_afterwards(cast, go, by, rejected, asked):
    case = rejected(category="1101")
    request = asked(case)
    with pytest.raises(erasing.KeptByLaw) as refused:
        decide(go, cast, request, part="everything")
    assert "2036-11-23" in str(refused.value)
    late = MORNING + timedelta(days=3660)
    act = machine_act("retention", late, key="late")
    with acting(act):
        erasing.erase(act, case.id, erasing.Part.EVERYTHING, "1")
    assert verifying.verify().faults == []


def test_a_sealed_case_goes_with_its_key(cast, go, rejected, asked):
    case = rejected(category="0901")
    assert house(lambda: Case.objects.get(id=case.id)).confidentiality == 3
    before = house(lambda: bytes(CaseKey.objects.get(case_id=case.id).wrapped))
    request = asked(case)
    with pytest.raises(erasing.OneSeal):
        decide(go, cast, request)
    decide(go, cast, request, part="everything")
    confirm(go, cast, request)
    assert house(lambda: bytes(CaseKey.objects.get(case_id=case.id).wrapped)) != before
    assert not File.objects.filter(case_id=case.id).exists()
    shown = seen(case)
    assert "王秀英" not in str(shown)
    assert WORDS not in str(shown)
    assert shown["timeline"][-1]["text"] == gettext(erasing.NOTED["erased_everything"])
    assert verifying.verify().faults == []


def test_what_is_gone_cannot_be_deleted_again(cast, go, rejected, asked):
    case = rejected()
    first, second = asked(case), asked(case)
    decide(go, cast, first)
    decide(go, cast, second)
    confirm(go, cast, first)
    events = house(lambda: CaseEvent.objects.filter(case_id=case.id).count())
    confirm(go, cast, second)
    assert house(lambda: CaseEvent.objects.filter(case_id=case.id).count()) == events, "the second one finds nothing left to do"
    with pytest.raises(erasing.NothingLeft):
        decide(go, cast, asked(case))


def test_a_case_that_went_on_as_another_goes_with_it(cast, go, by, reported, asked):
    case = reported()
    act = by(cast.town)
    with acting(act):
        fresh = continuing.go_on(act, case, "qr_suggest", continuing.report_of(case, category="1008"))
    request = asked(case)
    assert [each.id for each in house(lambda: concerned(request))] == [case.id, fresh.id]
    with pytest.raises(erasing.StillOpen):
        decide(go, cast, request)


def test_a_correction_is_noted_beside_what_was_said(cast, go, reported, asked):
    case = reported()
    request = asked(case, "correct")
    with pytest.raises(policies.CorrectionMissing):
        decide(go, cast, request, outcome="corrected", part=None)
    decide(go, cast, request, outcome="corrected", part=None, correction="是四楼，不是三楼。", text="已更正。")
    confirm(go, cast, request)
    shown = seen(case)
    assert (shown["text"], shown["timeline"][-1]["text"]) == (WORDS, "是四楼，不是三楼。")


def test_a_decision_says_what_goes_and_needs_a_report(cast, go, rejected, asked):
    with pytest.raises(policies.PartMissing):
        decide(go, cast, asked(rejected()), part=None)
    with pytest.raises(policies.NothingConcerned):
        decide(go, cast, asked(None))


def test_only_the_privacy_officer_decides_and_never_confirms(cast, go, rejected, asked):
    request = asked(rejected())
    steward = cast.actor("station_handler", cast.data, area="990101", level="district")
    with pytest.raises(NotKeeper):
        go(steward, request, "feed_back", outcome="deleted", part="report_words", text="予以删除。")
    decide(go, cast, request)
    with pytest.raises(NotYourMove):
        go(cast.officer, request, "verify_pass", review="可以")
    colleague = cast.actor("district_dispatcher", cast.data, area="990101", level="district")
    with pytest.raises(SameOrganisation):
        go(colleague, request, "verify_pass", review="可以")
