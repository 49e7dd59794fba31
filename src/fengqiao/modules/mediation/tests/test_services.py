"""Both sides or nothing; a no is the end of it; and whoever mediated does not read the file."""

from dataclasses import replace

import pytest

from fengqiao.access.acting import acting
from fengqiao.cases import figures, queries, views
from fengqiao.cases import services as cases
from fengqiao.cases.models import CaseEvent
from fengqiao.cases.policies import Covered
from fengqiao.cases.tests.cast import VILLAGE
from fengqiao.loop.guards.verifying import SameOrganisation
from fengqiao.modules.mediation import policies
from fengqiao.modules.mediation.figures import FIGURES
from fengqiao.modules.mediation.schemas import OnTheSpot
from fengqiao.modules.mediation.terms import CHOICES, Ending

BOTH = {"rights_told": True, "applicant_agrees": True, "respondent_agrees": True}
COURT = "可以向人民法院起诉，或者申请仲裁。"


def said_in(case, by, actor, move):
    with acting(by(actor, "to settle it")):
        event = CaseEvent.objects.select_related("said").filter(case_id=case.id, move=move).latest("seq")
        return views.what_was_said(queries.current(case.id), event)


def test_a_dispute_is_agreed_its_file_read_by_another_organisation_and_closed(cast, by, go, taken_on):
    go(cast.mediator, taken_on, "start", **BOTH)
    ended = go(cast.mediator, taken_on, "feed_back", outcome="agreed", text="12月1日前由李建国修好防水，费用各半。")
    assert ended.state == "F"
    go(cast.reviewer, taken_on, "verify_pass", review="申请、告知、身份、记录、协议齐全")
    assert go(cast.reviewer, taken_on, "close").state == "C"


@pytest.mark.parametrize("missing", BOTH)
def test_nothing_begins_without_the_notice_of_rights_and_both_sides(cast, go, taken_on, missing):
    with pytest.raises(policies.NotBoth) as refused:
        go(cast.mediator, taken_on, "start", **{**BOTH, missing: False})
    assert list(refused.value.fields) == [missing]


def test_whoever_has_a_part_in_it_does_not_mediate(cast, go, applied):
    case = applied()
    go(cast.acceptor, case, "hand_over", category="1101", lead=cast.committee)
    with pytest.raises(policies.NotImpartial):
        go(cast.mediator, case, "sign", no_interest=False)


def test_a_clear_no_ends_it_tells_the_other_ways_and_never_climbs(cast, by, go, taken_on):
    ended = go(cast.mediator, taken_on, "decline", side="respondent", text="不愿意调解，让他去告", remedies=COURT)
    assert ended.state == "F"
    said = said_in(ended, by, cast.mediator, "feed_back")
    assert (said["outcome"], said["remedies"]) == (Ending.PARTY_REFUSED, COURT)
    with pytest.raises(policies.RefusalStands):
        go(cast.reviewer, taken_on, "verify_fail", reason="再去劝一劝")
    with pytest.raises(policies.RefusalStands):
        go(cast.mediator, taken_on, "upgrade", reason="请区里接着调")
    go(cast.reviewer, taken_on, "verify_pass", review="告知书在卷")
    assert go(cast.reviewer, taken_on, "close").state == "C"


def test_without_an_agreement_both_are_told_where_else_to_go(cast, go, taken_on):
    go(cast.mediator, taken_on, "start", **BOTH)
    with pytest.raises(policies.RemediesUntold):
        go(cast.mediator, taken_on, "feed_back", outcome="gap_too_wide", text="一个要三万，一个只给五千")
    assert go(cast.mediator, taken_on, "feed_back", outcome="gap_too_wide", text="差距太大", remedies=COURT).state == "F"


def test_whoever_mediated_does_not_read_the_file_nor_does_a_colleague(cast, go, taken_on):
    go(cast.mediator, taken_on, "start", **BOTH)
    go(cast.mediator, taken_on, "feed_back", outcome="agreed", text="十天内修好")
    colleague = cast.actor("mediation_reviewer", cast.committee)
    with pytest.raises(SameOrganisation):
        go(colleague, taken_on, "verify_pass", review="我看过了")


def test_a_quarrel_settled_in_the_village_by_word_of_mouth_takes_one_form(cast, by, go, applied):
    case = applied(level="village")
    done = go(cast.clerk, case, "settle_orally", applicant_agrees=True, respondent_agrees=True, text="李建国明天清走楼道里的柜子")
    assert (done.state, done.level, str(done.lead)) == ("F", "village", cast.village())
    assert said_in(done, by, cast.clerk, "feed_back")["outcome"] == Ending.AGREED_ORALLY
    with pytest.raises(policies.NotBoth):
        go(cast.clerk, applied(level="village"), "settle_orally", applicant_agrees=True, text="他说他会搬")


def test_the_same_settlement_sent_again_from_another_post_is_told_the_same(cast, by, applied):
    case, first = applied(level="village"), by(cast.clerk)
    asked = OnTheSpot(applicant_agrees=True, respondent_agrees=True, text="李建国明天清走楼道里的柜子")
    for org in (cast.village(), cast.committee, ""):
        act = replace(first, actor=replace(first.actor, org=org))
        with acting(act):
            done = cases.dispatch(act, case.id, "settle_orally", asked)
        assert (done.state, str(done.lead)) == ("F", cast.village())


def test_what_a_clerk_hands_over_is_closed_to_the_clerk_and_open_to_the_mediator(cast, by, go, applied):
    case = applied(level="village")
    go(cast.clerk, case, "hand_over", category="1101", lead=cast.committee)
    looking = by(cast.clerk, "to look")
    with acting(looking), pytest.raises(Covered):
        queries.read(looking, case.id)
    with acting(looking):
        (row,) = views.rows(cast.clerk, queries.page(cast.clerk, queries.Filter(kind="mediation")), looking.at)
    assert (row["number"], row["state"], row["title"], row["category"]) == (case.number, "D", "", "")
    working = by(cast.mediator, "to settle it")
    with acting(working):
        assert [found.id for found in queries.page(cast.mediator, queries.Filter(box="to_sign"))] == [case.id]
        told = views.detail(working, queries.read(working, case.id))
    assert told["text"] == "楼上漏水十年，谈不拢"


def test_another_committee_and_another_village_see_nothing_of_it(cast, by, applied):
    case = applied()
    other = cast.actor("village_clerk", "", area="990101001002", level="village")
    stranger = cast.actor("mediator", cast.org("municipal"), area="990101002", level="town")
    for actor in (other, stranger):
        act = by(actor, "to look")
        with acting(act), pytest.raises(queries.UnknownCase):
            queries.read(act, case.id)
    assert case.area.startswith(VILLAGE)


def test_every_coded_word_has_a_title():
    assert {*Ending} <= set(CHOICES)
    assert all(str(CHOICES[ending]) for ending in Ending)


def test_the_pattern_of_sixty_and_ninety_is_counted_from_what_was_closed():
    assert {figure.whole for figure in FIGURES} == {"closed"}
    assert all(figure.part in figures.HAPPENED for figure in FIGURES)
