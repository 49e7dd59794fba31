"""What is published stays as it was: loops by their fingerprints, forms by their purposes (decisions 11 and 30, L9 §5-6)."""

import json
from pathlib import Path

import pytest
from django.utils import translation

from fengqiao.cases import forms, registry
from fengqiao.cases.schemas import ASKS, DEFAULTS, Answer

FINGERPRINTS = Path(__file__).parents[1] / "published.json"


def modules():
    return [loop for loop in registry.published() if loop.key != "matter"]


def test_a_published_loop_is_never_changed_only_followed_by_a_new_version():
    kept = json.loads(FINGERPRINTS.read_text(encoding="utf-8"))
    now = {f"{loop.key} {loop.version}": loop.digest() for loop in modules()}
    assert now == kept, (
        "A published loop was changed. Before the first release: run `python -m fengqiao publish`. "
        "After it: add a new version beside the old one in LOOPS."
    )


def every_form():
    asked = {schema.__name__: schema for schema in (*DEFAULTS.values(), *ASKS.values(), Answer)}
    for loop in modules():
        for name in (*loop.every_move, *(chain.name for chain in loop.chains)):
            schema = forms.asks_of(loop, name)
            if schema is not None:
                asked[schema.__name__] = schema
    return asked


def test_every_field_of_every_form_says_what_it_is_asked_for():
    for name, schema in every_form().items():
        with translation.override("en"):
            form = forms.form(schema, "en")
        without = [field for field, said in form["properties"].items() if not said.get("x-purpose")]
        assert not without, f"{name}: {without} say no purpose"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_form_has_labels_and_choices_in_the_readers_language(language):
    for name, schema in every_form().items():
        with translation.override(language):
            form = forms.form.__wrapped__(schema, language)
        for field, said in form["properties"].items():
            assert said["title"], f"{name}.{field}"
            for choice in said.get("x-choices", ()):
                told = choice["title"] != choice["value"] or choice["value"].startswith("S")
                assert told, f"{name}.{field}: {choice}"
            if language == "zh-hans" and said.get("x-widget") != "hidden":
                assert any("\u4e00" <= sign <= "\u9fff" for sign in said["title"]), f"{name}.{field}: {said['title']} is not Chinese"
