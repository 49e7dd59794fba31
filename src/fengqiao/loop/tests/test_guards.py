"""Each rule of the loop, refused and allowed: refused, twice, late, by the wrong hands, without what is needed."""

from datetime import datetime, timedelta

import pytest

from fengqiao.base.errors import FengqiaoError
from fengqiao.loop.alphabet import A, C, D, F, H, M, O, P, R, S, T, V, W, X, Z
from fengqiao.loop.definition import ORGANISATION, PERSON, Loop, Move
from fengqiao.loop.engine import Doer, Standing, Step, decide, possible
from fengqiao.loop.tests.cast import (
    ANSWERS,
    COLLEAGUE,
    DEVICES,
    DISPATCHER,
    EVERYTHING,
    GRID,
    HANDLER,
    HELPER,
    MACHINE_HAND,
    NOW,
    RESIDENT,
    TOMORROW,
    WHOLE,
    WORKER,
    fed_back,
    standing,
)


def make(case: Standing, move: str, by: Doer = DISPATCHER, loop: Loop = GRID, at: datetime = NOW, **asked: object) -> Step:
    return decide(loop, case, move, by=by, at=at, asked=asked)


def refused(code: str, case: Standing, move: str, by: Doer = DISPATCHER, loop: Loop = GRID, at: datetime = NOW, **asked: object) -> None:
    with pytest.raises(FengqiaoError) as caught:
        make(case, move, by, loop, at, **asked)
    assert caught.value.code == code
    assert "{" not in caught.value.say(), "every hole of the sentence is filled"


# --- the state ---------------------------------------------------------------------------------------------------


def test_a_move_is_refused_in_the_wrong_state() -> None:
    refused("not_now", standing(R), "close")
    refused("not_now", standing(Z), "note", text="late")
    refused("not_now", standing(None), "accept")
    refused("not_now", standing(A), "report")


def test_a_move_made_twice_is_refused_the_second_time() -> None:
    case = standing(R)
    refused("not_now", case.after(make(case, "accept")), "accept")


def test_an_unknown_move_is_not_found() -> None:
    refused("unknown_move", standing(R), "mediate")
    refused("unknown_move", standing(F), "auto_recheck", MACHINE_HAND)


# --- taking in ---------------------------------------------------------------------------------------------------


def test_only_what_residents_report_and_can_be_seen_is_checked_first() -> None:
    defect = {"physical": True, "channel": "qr"}
    assert make(standing(R, **defect), "pre_check", WORKER).target is R
    refused("nothing_to_see", standing(R, channel="qr"), "pre_check", WORKER)
    refused("not_from_residents", standing(R, physical=True, channel="iot"), "pre_check", WORKER)
    refused("too_urgent_to_check", standing(R, **defect, sla="S1"), "pre_check", WORKER)


def test_a_rejection_gives_a_reason_and_names_the_proper_channel() -> None:
    refused("reason_missing", standing(R), "reject", remedy="the court")
    refused("reason_missing", standing(R), "reject", reason="  ", remedy="the court")
    refused("remedy_missing", standing(R), "reject", reason="not_ours")
    assert make(standing(R), "reject", reason="not_ours", remedy="the court").target is X


def test_cases_of_different_confidentiality_are_never_merged() -> None:
    refused("master_missing", standing(A, master_conf=1), "merge")
    refused("across_confidentiality", standing(A, master_conf=3), "merge", master="m")
    refused("across_confidentiality", standing(A), "merge", master="m")
    assert make(standing(A, master_conf=1), "merge", master="m").target is M


def test_only_marked_categories_are_settled_on_the_spot_and_with_a_photo() -> None:
    refused("not_for_the_spot", standing(R), "settle_on_spot", WORKER, files=["p"])
    refused("evidence_missing", standing(R, spot_ok=True), "settle_on_spot", WORKER)
    assert make(standing(R, spot_ok=True), "settle_on_spot", WORKER, photos=["before", "after"]).target is F


# --- triage and assignment ---------------------------------------------------------------------------------------


def test_triage_needs_a_category_and_known_terms() -> None:
    refused("category_missing", standing(A), "triage")
    refused("unknown_term", standing(A), "triage", category="0505", sla="S9")
    refused("unknown_term", standing(A), "triage", category="0505", confidentiality=7)
    refused("unknown_term", standing(A), "triage", category="0505", confidentiality=True)
    step = make(standing(A), "triage", category="0505", sla="S1", confidentiality=2, level="district")
    assert dict(step.changes) == {"category": "0505", "sla": "S1", "confidentiality": 2, "level": "district"}


def test_confidentiality_is_raised_by_anybody_and_lowered_by_the_privacy_officer() -> None:
    assert make(standing(A), "triage", category="1", confidentiality=3).changes["confidentiality"] == 3
    refused("lowered", standing(A, confidentiality=3), "triage", category="1", confidentiality=1)
    officer = make(standing(A, confidentiality=3), "triage", category="1", confidentiality=1, privacy_officer=True)
    assert officer.changes["confidentiality"] == 1


def test_an_assignment_names_a_lead_that_is_not_complained_of() -> None:
    refused("lead_missing", standing(T), "assign")
    accused = standing(T, complained_of=frozenset({"water-station"}))
    refused("lead_complained_of", accused, "assign", lead="water-station")
    refused("lead_complained_of", accused, "assign", lead="x", assisting=["water-station"])
    step = make(standing(T), "assign", lead="x", assisting=["y", "x"])
    assert dict(step.changes) == {"lead": "x", "assisting": frozenset({"y"})}


def test_the_third_objection_goes_to_the_district() -> None:
    for times in (0, 1):
        step = make(standing(D, objections=times), "object", HANDLER, reason="not ours")
        assert (step.target, step.changes["objections"], step.changes["lead"]) == (T, times + 1, "")
    third = standing(S, objections=2)
    refused("third_objection", third, "object", HANDLER, reason="not ours")
    refused("third_objection", third, "object", HANDLER, reason="not ours", granted=True)
    asked = standing(S, objections=2, pending=frozenset({"objection"}))
    refused("third_objection", asked, "object", HANDLER, reason="not ours", granted=True)
    assert make(asked, "object", Doer("he", "district"), reason="not ours", granted=True).target is T


def test_a_third_objection_is_refused_before_the_form_is_opened() -> None:
    offered = {each.move.name: each.why_not for each in possible(GRID, standing(D, objections=2), HANDLER, NOW)}
    assert offered["object"] is not None
    assert offered["sign"] is None


# --- handling ----------------------------------------------------------------------------------------------------


def test_handling_begins_with_a_contact_or_an_arrival() -> None:
    refused("nobody_contacted", standing(S), "start", HANDLER)
    assert make(standing(S), "start", HANDLER, contact="phone").target is H
    assert make(standing(S), "start", HANDLER, arrival=True).target is H
    assert make(standing(S, doers={"contact": (HANDLER,)}), "start", HANDLER).target is H


def test_a_limit_is_extended_once_and_never_where_life_is_in_danger() -> None:
    assert make(standing(H), "extend", reason="rain").changes["extensions"] == 1
    refused("reason_missing", standing(H), "extend")
    refused("extended_already", standing(H, extensions=1), "extend", reason="rain")
    refused("never_for_s0", standing(H, sla="S0"), "extend", reason="rain")


def test_a_pause_has_a_reason_of_the_list_and_an_end_that_lies_ahead() -> None:
    refused("pause_reason_unknown", standing(H), "pause", reason="busy", resume_on=TOMORROW)
    refused("resume_date_missing", standing(H), "pause", reason="appraisal")
    refused("resume_date_missing", standing(H), "pause", reason="appraisal", resume_on="soon")
    refused("resume_date_past", standing(H), "pause", reason="appraisal", resume_on=NOW)
    # Midnight in Shanghai, where it is ten in the morning of the 25th already.
    refused("resume_date_past", standing(H), "pause", reason="appraisal", resume_on="2026-11-25")
    step = make(standing(H), "pause", reason="appraisal", resume_on="2026-11-26")
    assert step.target is P
    assert step.changes["resume_on"].isoformat() == "2026-11-26T00:00:00+08:00"  # type: ignore[attr-defined]


def test_a_result_needs_a_code_and_evidence() -> None:
    refused("result_missing", standing(H), "feed_back", HANDLER, files=["p"])
    refused("evidence_missing", standing(H), "feed_back", HANDLER, result="resolved")
    refused("evidence_missing", standing(H), "feed_back", HANDLER, result="resolved", files=[])
    assert make(standing(H), "feed_back", HANDLER, result="resolved", documents=["minutes"]).target is F
    assert make(standing(H), "feed_back", HANDLER, ANSWERS, outcome="explained").target is F


# --- verifying ---------------------------------------------------------------------------------------------------


def test_whoever_fed_back_may_not_verify() -> None:
    refused("same_hands", fed_back(), "verify_pass", HANDLER, files=["p"])
    refused("same_hands", fed_back(), "verify_fail", HANDLER, reason="no")
    refused("same_hands", fed_back(), "verify_pass", Doer("zhang", "elsewhere"), files=["p"])


def test_neither_the_lead_nor_whoever_assists_may_verify() -> None:
    refused("same_organisation", fed_back(), "verify_pass", COLLEAGUE, files=["p"])
    refused("same_organisation", fed_back(), "verify_pass", HELPER, files=["p"])
    assert make(fed_back(), "verify_pass", WORKER, files=["p"]).target is V
    assert make(fed_back(), "verify_pass", RESIDENT, statement="it is dry").target is V


def test_what_a_worker_settled_a_colleague_of_the_village_may_verify() -> None:
    settled = standing(F, lead="village-3", doers={"settle_on_spot": (WORKER,)})
    refused("same_hands", settled, "verify_pass", WORKER, files=["p"])
    assert make(settled, "verify_pass", Doer("sun", "village-3"), files=["p"]).target is V


def test_a_strict_loop_wants_another_known_organisation_and_a_mild_one_another_person() -> None:
    strict = Loop("a", GRID.title, WHOLE, (Move("verify_pass", apart_from=("feed_back", ORGANISATION)),))
    refused("same_organisation", fed_back(), "verify_pass", RESIDENT, strict, statement="dry")
    mild = Loop("b", GRID.title, WHOLE, (Move("verify_pass", apart_from=("feed_back", PERSON)),))
    assert make(fed_back(), "verify_pass", COLLEAGUE, mild, files=["p"]).target is V


def test_the_organisation_complained_of_does_not_verify() -> None:
    accused = fed_back(complained_of=frozenset({"village-3"}))
    refused("verifier_complained_of", accused, "verify_pass", WORKER, files=["p"])


def test_a_check_says_how_and_is_near_and_fresh() -> None:
    refused("not_checked", fed_back(), "verify_pass", WORKER)
    refused("too_far", fed_back(), "verify_pass", WORKER, files=["p"], distance_m=300, accuracy_m=20)
    refused("too_old", fed_back(), "verify_pass", WORKER, files=["p"], taken_at=NOW - timedelta(hours=25))
    refused("too_far", fed_back(), "verify_pass", WORKER, files=["p"], distance_m=3000, accuracy_m=99_999)
    assert make(fed_back(), "verify_pass", WORKER, files=["p"], distance_m=65, accuracy_m=20).target is V
    assert make(fed_back(), "verify_pass", WORKER, files=["p"], distance_m=300, override_reason="fence").target is V


def test_a_photo_alone_says_from_where_when_it_is_known_what_it_should_show() -> None:
    refused("place_missing", fed_back(), "verify_pass", WORKER, files=["p"], has_point=True)
    refused("place_missing", fed_back(), "verify_pass", WORKER, files=["p"], has_point=True, note="it is dry")
    here = {"lon": 118.9, "lat": 31.9}
    for more in ({"place": here}, {"override_reason": "fence"}, {"statement": "it is dry"}, {"has_point": False}):
        assert make(fed_back(), "verify_pass", WORKER, **{"files": ["p"], "has_point": True, **more}).target is V
    assert make(fed_back(), "verify_pass", MACHINE_HAND, has_point=True).target is V


def test_sending_back_needs_a_reason_and_counts() -> None:
    refused("reason_missing", fed_back(), "verify_fail", WORKER)
    step = make(fed_back(), "verify_fail", WORKER, reason="still wet")
    assert (step.target, step.changes["reworks"]) == (H, 1)


def test_a_device_confirms_alone_with_enough_normal_samples() -> None:
    enough = {"loop": DEVICES, "normal_samples": 4}
    assert make(fed_back(), "auto_recheck", MACHINE_HAND, **enough).target is V  # type: ignore[arg-type]
    refused("machine_only", fed_back(), "auto_recheck", WORKER, **enough)  # type: ignore[arg-type]
    refused("not_normal", fed_back(), "auto_recheck", MACHINE_HAND, DEVICES, normal_samples=3)
    refused("not_normal", fed_back(), "auto_recheck", MACHINE_HAND, DEVICES)
    refused("chosen_for_sample", fed_back(), "auto_recheck", MACHINE_HAND, sampled=True, **enough)  # type: ignore[arg-type]


# --- closing and after -------------------------------------------------------------------------------------------


def test_a_parent_closes_only_after_its_required_children() -> None:
    refused("children_open", standing(V, required_children_open=2), "close")
    assert make(standing(V), "close").changes["closed_at"] == NOW


def test_a_rating_has_one_to_five_stars_once_and_in_time() -> None:
    closed = standing(C, closed_at=NOW)
    for stars in (0, 6, None, True, "5"):
        refused("stars_missing", closed, "rate", RESIDENT, rating=stars)
    rated = closed.after(make(closed, "rate", RESIDENT, rating=5))
    assert rated.rating == 5
    refused("rated_already", rated, "rate", RESIDENT, rating=1)
    assert make(closed, "rate", RESIDENT, at=NOW + timedelta(days=7, hours=13), rating=3).changes["rating"] == 3
    refused("rating_over", closed, "rate", RESIDENT, at=NOW + timedelta(days=7, hours=14), rating=3)


def test_the_reporter_reopens_once_after_a_bad_rating() -> None:
    closed = standing(C, closed_at=NOW, rating=2)
    step = make(closed, "reopen", RESIDENT)
    assert (step.target, step.changes["reopens"]) == (D, 1)
    again = standing(C, closed_at=NOW, rating=1, doers={"reopen": (RESIDENT,)}, reopens=1)
    refused("reopened_already", again, "reopen", RESIDENT)
    refused("satisfied_reporter", standing(C, closed_at=NOW, rating=4), "reopen", RESIDENT)
    refused("satisfied_reporter", standing(C, closed_at=NOW), "reopen", RESIDENT)
    assert make(standing(C, closed_at=NOW), "reopen", RESIDENT, recurrence=True).target is D
    refused("reopen_over", closed, "reopen", RESIDENT, at=NOW + timedelta(days=31))


def test_a_supervisor_reopens_any_time_and_it_does_not_cost_the_reporter_their_own() -> None:
    late = NOW + timedelta(days=300)
    closed = standing(C, closed_at=NOW, rating=5)
    refused("reason_missing", closed, "reopen", DISPATCHER, at=late)
    assert make(closed, "reopen", DISPATCHER, at=late, reason="audit").target is D
    after = standing(C, closed_at=NOW, rating=1, reopens=1, doers={"reopen": (DISPATCHER,)})
    assert make(after, "reopen", RESIDENT).target is D


def test_an_appeal_says_what_is_wrong_and_comes_in_time() -> None:
    rejected = standing(X, closed_at=NOW)
    refused("text_missing", rejected, "appeal", RESIDENT)
    refused("appeal_over", rejected, "appeal", RESIDENT, at=NOW + timedelta(days=31), text="it is yours")
    assert make(rejected, "appeal", RESIDENT, text="it is yours").target is X
    waiting = standing(X, closed_at=NOW, pending=frozenset({"appeal"}))
    refused("appeal_waits", waiting, "appeal", RESIDENT, text="it is yours")


def test_what_became_of_a_transferred_case_is_known_or_asked_again() -> None:
    refused("text_missing", standing(O), "outcome", kind="settled")
    refused("follow_up_missing", standing(O), "outcome", kind="unknown", text="no answer yet")
    refused("follow_up_missing", standing(O), "outcome", kind="unknown", text="no answer yet", follow_up_on=NOW)
    known = make(standing(O), "outcome", kind="suit", text="the court took it")
    again = make(standing(O), "outcome", kind="unknown", text="no answer yet", follow_up_on=TOMORROW)
    assert [(order.op, order.name) for order in known.clocks] == [("stop", "follow_up")]
    assert [(order.op, order.name) for order in again.clocks] == [("start", "follow_up")]
    assert known.target is again.target is O


def test_a_case_climbs_to_the_city_and_no_higher() -> None:
    step = make(standing(H), "upgrade", HANDLER, reason="too big")
    assert (step.target, step.changes["level"], step.changes["lead"]) == (T, "district", "")
    refused("top_level", standing(H, level="city"), "upgrade", HANDLER, reason="too big")
    refused("reason_missing", standing(H), "upgrade", HANDLER)
    assert make(standing(A, level="district"), "upgrade", MACHINE_HAND).changes["level"] == "city"


def test_a_transfer_names_the_body_and_a_day_to_ask() -> None:
    refused("body_missing", standing(H), "transfer", follow_up_on=TOMORROW)
    refused("follow_up_missing", standing(H), "transfer", body="court")
    refused("follow_up_missing", standing(H), "transfer", body="court", follow_up_on=NOW)
    assert make(standing(H), "transfer", body="court", follow_up_on=TOMORROW).target is O


def test_the_emergency_door_is_for_emergencies() -> None:
    refused("only_s0", standing(R), "emergency")
    refused("only_s0", standing(R), "emergency", sla="S1")
    assert make(standing(R), "emergency", sla="S0").changes["sla"] == "S0"
    assert make(standing(R, sla="S0"), "emergency").target is H


def test_who_is_protected_or_in_danger_is_not_withdrawn() -> None:
    refused("protected", standing(H, confidentiality=4), "withdraw", RESIDENT, reason="x")
    refused("never_for_s0", standing(H, sla="S0"), "withdraw", RESIDENT, reason="x")
    refused("continues_ex_officio", standing(H, public_danger=True), "withdraw", RESIDENT, reason="x")
    refused("reason_missing", standing(H), "withdraw", RESIDENT)
    refused("not_now", standing(F), "withdraw", RESIDENT, reason="x")
    assert make(standing(H), "withdraw", RESIDENT, reason="settled").target is W


def test_a_case_is_archived_when_every_window_is_over() -> None:
    closed, later = standing(C, closed_at=NOW), NOW + timedelta(days=31)
    refused("machine_only", closed, "archive", at=later)
    refused("window_open", closed, "archive", MACHINE_HAND, at=NOW + timedelta(days=30))
    asked = standing(C, closed_at=NOW, pending=frozenset({"appeal"}))
    refused("requests_open", asked, "archive", MACHINE_HAND, at=later)
    assert make(closed, "archive", MACHINE_HAND, at=later).target is Z
    assert make(standing(M, closed_at=NOW), "archive", MACHINE_HAND).target is Z
    refused("outcome_unknown", standing(O, closed_at=NOW), "archive", MACHINE_HAND)
    assert make(standing(O, closed_at=NOW), "archive", MACHINE_HAND, outcome="settled").target is Z


def test_a_form_that_holds_everything_passes_every_guard_of_the_form() -> None:
    case = standing(R, physical=True, channel="qr", spot_ok=True, sla="S3", master_conf=1)
    for name in ("pre_check", "accept", "reject", "settle_on_spot", "merge", "transfer", "withdraw", "note"):
        assert decide(GRID, case, name, by=DISPATCHER, at=NOW, asked=EVERYTHING).move == name
