"""Texts of messages and standard texts: a centre's own words, from a day on, with what was said before kept as it was said."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils.translation import override

from fengqiao.across.configuration import services, subjects
from fengqiao.across.configuration.subjects.base import NotFit
from fengqiao.across.configuration.tests.conftest import MORNING
from fengqiao.across.desk.models import StandardText
from fengqiao.across.duty import telling
from fengqiao.base.ids import new_id
from fengqiao.kits.notices import events, texts, wording
from fengqiao.kits.notices import queries as notices
from fengqiao.kits.notices import services as telling_people

DAY = MORNING.date()
MESSAGE, PHRASE = subjects.of("message"), subjects.of("phrase")
CLOSE = telling.TO_REPORTER["close"]
FACTS = {"number": "990101001202611250000112"}
OWN = "您反映的事项（{number}）已办结，请点开查看。"


def later(act, **delta):
    return replace(act, id=new_id(), at=act.at + timedelta(**delta))


def told(about):
    with override("zh-hans"):
        return [line.text for line in notices.told(about)]


def test_every_message_that_people_get_can_be_found_and_is_in_both_languages(db):
    rows = {row.about for row in MESSAGE.rows(DAY)}
    assert {f"{event.key}/{language}" for event in events.every() for language in ("zh-hans", "en")} <= rows
    said = {str(value) for value in vars(telling).values() if type(value).__name__ == "Words"} | set(map(str, telling.TO_REPORTER.values()))
    assert {str(event.sentence) for event in events.every()} >= said


def test_own_words_count_from_their_moment_and_what_was_said_before_stays_as_it_was_said(admin):
    about = new_id()
    telling_people.tell_reporter(admin, about, CLOSE, FACTS, once="before")
    services.propose(later(admin, hours=1), MESSAGE, "reporter_close/zh-hans", {"text": OWN}, since=DAY)
    telling_people.tell_reporter(later(admin, hours=2), about, CLOSE, FACTS, once="after")
    new, old = told(about)
    assert new == OWN.format(**FACTS)
    assert "请查看结果并评价" in old
    with override("en"):
        assert notices.told(about)[0].text.startswith("Your report")


def test_own_words_planned_for_a_day_count_from_that_day(admin):
    tomorrow = DAY + timedelta(days=1)
    services.propose(admin, MESSAGE, "reporter_close/en", {"text": "Done: {number}."}, since=tomorrow)
    with override("en"):
        assert wording.say(CLOSE, FACTS, "en").startswith("Your report")
        services.take_effect(MORNING + timedelta(days=1))
        assert wording.say(CLOSE, FACTS, "en") == f"Done: {FACTS['number']}."


def test_own_words_are_taken_back_to_those_delivered(admin):
    change = services.propose(admin, MESSAGE, "reporter_close/en", {"text": "Done: {number}."}, since=DAY)
    services.take_back(later(admin, hours=1), change.id)
    with override("en"):
        assert wording.say(CLOSE, FACTS, "en").startswith("Your report")


def test_a_text_message_may_have_shorter_words_of_its_own(admin):
    services.propose(admin, MESSAGE, "reporter_close/en/sms", {"text": "{number}: done"}, since=DAY)
    with override("en"):
        assert wording.say_outside(CLOSE, FACTS, "en", channel="sms") == f"{FACTS['number']}: done"
        assert wording.say_outside(CLOSE, FACTS, "en", channel="email").startswith("Your report")


def test_own_words_that_name_what_must_not_leave_the_house_do_not_leave_it(admin):
    services.propose(admin, MESSAGE, "glass_broken/en", {"text": "{who} opened {number}."}, since=DAY)
    with override("en"):
        assert wording.say_outside(telling.BROKEN, {**FACTS, "who": "Li"}, "en") == str(wording.SOMETHING)
    assert any("“" in sentence for sentence in MESSAGE.touches(admin, "glass_broken/en", None, {"text": "{who} opened {number}."}, DAY))


@pytest.mark.parametrize(
    ("text", "why"),
    [("Done: {numbr}.", "{numbr}"), ("Done: {.", "{number}"), ("Done: {number!r}", "{number}"), ("x" * 301, "300"), ("", "")],
)
def test_a_text_that_cannot_be_is_refused_beside_its_field_in_one_sentence(admin, text, why):
    with pytest.raises(NotFit) as wrong, override("en"):
        services.propose(admin, MESSAGE, "reporter_close/en", {"text": text}, since=DAY)
    assert why in wrong.value.fields["text"]


def test_a_message_nobody_knows_is_not_there(admin):
    for about in ("moon/en", "reporter_close/fr", "reporter_close/en/pigeon", "reporter_close"):
        assert MESSAGE.now(about, DAY) is None


def test_a_text_is_shown_on_the_last_real_message_before_it_counts(admin):
    telling_people.tell_reporter(admin, new_id(), CLOSE, FACTS, once="x")
    shown = MESSAGE.touches(admin, "reporter_close/en", None, {"text": "Done: {number}."}, DAY)
    assert f"Done: {FACTS['number']}." in shown[0]


def test_a_file_of_settings_carries_own_words_and_nothing_that_is_as_delivered(admin):
    assert MESSAGE.every(DAY) == {}
    services.propose(admin, MESSAGE, "reporter_close/en", {"text": "Done: {number}."}, since=DAY)
    assert MESSAGE.every(DAY) == {"reporter_close/en": {"text": "Done: {number}."}}


def test_own_words_are_only_ever_added(admin):
    for number in range(3):
        services.propose(later(admin, hours=number), MESSAGE, "reporter_close/en", {"text": f"Done {number}: {{number}}."}, since=DAY)
    assert texts.Template.objects.count() == 3


def test_a_standard_text_is_added_changed_retired_and_taken_back(admin):
    facts = {"move": "close", "category": "05", "state": "", "title": "已换灯", "title_en": "Lamp changed", "text": "{place}的灯已换。",
             "text_en": "The lamp at {place} was changed.", "active": True}  # fmt: skip
    form = PHRASE.make_form("", facts)
    assert form.is_valid(), form.errors
    about, clean = PHRASE.from_form(form.cleaned_data)
    services.propose(admin, PHRASE, about, clean, since=DAY)
    row = StandardText.objects.get(id=about)
    assert (row.title, row.active) == ("已换灯", True)
    change = services.propose(later(admin, hours=1), PHRASE, about, {**clean, "active": False}, since=DAY)
    assert not StandardText.objects.get(id=about).active
    services.take_back(later(admin, hours=2), change.id)
    assert StandardText.objects.get(id=about).active


def test_a_standard_text_is_shown_on_the_newest_case_before_it_counts(admin, opened):
    case = opened()
    facts = {
        "move": "close",
        "category": "05",
        "state": "",
        "title": "灯",
        "title_en": "",
        "text": "{number}已修好",
        "text_en": "",
        "active": True,
    }
    told = PHRASE.touches(admin, "x", None, facts, DAY)
    assert any(f"{case.number}已修好" in sentence for sentence in told)


def test_a_standard_text_with_a_hole_that_no_case_fills_is_refused(admin):
    about, facts = next(iter(PHRASE.every(DAY).items()))
    with pytest.raises(NotFit) as wrong:
        services.propose(admin, PHRASE, about, {**facts, "text": "亲爱的{name}"}, since=DAY)
    assert "{name}" in wrong.value.fields["text"]


def test_a_standard_text_of_another_house_is_taken_over(admin):
    facts = next(iter(PHRASE.every(DAY).values()))
    about = str(new_id())
    services.propose(admin, PHRASE, about, {**facts, "title": "另一处的话"}, since=DAY)
    assert StandardText.objects.get(id=about).title == "另一处的话"
