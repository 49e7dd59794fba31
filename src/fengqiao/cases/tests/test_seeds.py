"""The tree of categories is the handbook's: twelve classes, each with its kinds, and what is dangerous is marked so."""

import csv

import pytest

from fengqiao.cases import reference
from fengqiao.cases.limits import EXTENSION
from fengqiao.cases.models import Category, TimeLimit
from fengqiao.cases.seeds import seed_categories, seed_limits
from fengqiao.cases.seeds.categories import SEED
from fengqiao.loop.limits import SEED_EXTENSIONS, SEED_LIMITS
from fengqiao.people.services import bump


def rows():
    with SEED.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def test_twelve_classes_have_at_least_eight_kinds_each():
    classes = [code for code, row in rows().items() if not row["parent"]]
    assert classes == [f"{n:02d}" for n in range(1, 13)]
    assert all(sum(row["parent"] == code for row in rows().values()) >= 8 for code in classes)


def test_every_kind_begins_with_its_class_and_has_both_names():
    assert all(code.startswith(row["parent"]) and row["name"] and row["name_en"] for code, row in rows().items())


def test_a_fallen_wire_is_urgent_and_dangerous_a_street_light_urgent_a_dispute_sealed():
    tree = rows()
    assert (tree["0509"]["sla"], tree["0509"]["public_danger"]) == ("S1", "yes")
    assert (tree["0505"]["sla"], tree["0505"]["confidentiality"]) == ("S1", "1")
    assert {tree[code]["confidentiality"] for code in tree if tree[code]["parent"] == "11"} == {"3"}
    assert {code for code in tree if tree[code]["confidentiality"] == "4"} == {"1204", "1205", "1206"}


def test_what_can_be_settled_on_the_spot_or_checked_first_is_never_a_dispute():
    assert not [code for code, row in rows().items() if row["parent"] in ("09", "11", "12") and (row["spot_ok"] or row["physical"])]


def test_seeding_twice_writes_nothing_and_keeps_what_a_centre_changed(db):
    Category.objects.filter(code="0505").update(sla="S2")
    assert seed_categories() == 0
    assert Category.objects.get(code="0505").sla == "S2"


def test_limits_and_extensions_of_the_handbook_are_rows_and_a_centres_own_stay(db):
    assert TimeLimit.objects.filter(clock=EXTENSION).count() == len(SEED_EXTENSIONS)
    assert TimeLimit.objects.count() == len(SEED_EXTENSIONS) + len(SEED_LIMITS)
    TimeLimit.objects.filter(sla="S3", clock="handle").update(amount=9)
    assert seed_limits() == 0
    assert TimeLimit.objects.get(sla="S3", clock="handle").amount == 9


def test_what_was_retired_keeps_its_name_and_cannot_be_chosen(db):
    Category.objects.filter(code="0505").update(active=False)
    bump("cases")
    assert reference.categories()["0505"].name
    assert "0505" not in {row.code for row in reference.choosable()}
    with pytest.raises(reference.NoSuchCategory):
        reference.category("0505")
