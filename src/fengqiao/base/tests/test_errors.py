"""An error is a name, a kind and a sentence in the reader's language."""

import pickle

from fengqiao.base.errors import Conflict, Invalid, NotAllowed
from fengqiao.base.words import Words, _


class SameHandsHTTPAgain(NotAllowed):
    message = _("Whoever did “{other}” may not do “{move}”.")


CHINESE = {
    "Whoever did “{other}” may not do “{move}”.": "做过“{other}”的人不得“{move}”。",
    "Verify": "核实",
    "Feed back": "反馈",
}


def test_the_code_is_the_name_in_small_letters() -> None:
    assert SameHandsHTTPAgain.code == "same_hands_http_again"
    assert Conflict.code == "conflict"
    assert SameHandsHTTPAgain.kind == "not_allowed"


def test_a_sentence_and_the_words_in_its_holes_are_translated() -> None:
    error = SameHandsHTTPAgain(other=_("Feed back"), move=Words("Verify"))
    assert error.say() == str(error) == "Whoever did “Feed back” may not do “Verify”."
    assert error.say(lambda text: CHINESE.get(text, text)) == "做过“反馈”的人不得“核实”。"


def test_a_fact_with_braces_in_it_is_left_alone() -> None:
    assert "{0}" in SameHandsHTTPAgain(other="{0}", move="x").say()


def test_an_invalid_form_names_its_fields_and_survives_the_post() -> None:
    error = pickle.loads(pickle.dumps(Invalid(fields={"text": "Needed."})))
    assert error.fields == {"text": "Needed."}
