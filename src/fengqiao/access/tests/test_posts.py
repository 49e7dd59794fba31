"""The seed table of posts: complete by the handbook, with the holes of decision 5 mended, and loaded as it stands."""

import re

import pytest

from fengqiao.access import catalogue
from fengqiao.access.doors import machine
from fengqiao.access.models import Post, PostPermission
from fengqiao.access.seeds import seed_reference, table
from fengqiao.loop.alphabet import MOVES

HANDBOOK = [
    "resident",
    "anonymous_reporter",
    "grid_worker",
    "grid_assistant",
    "grid_leader",
    "grid_supervisor",
    "microgrid_leader",
    "village_clerk",
    "town_dispatcher",
    "town_duty_leader",
    "station_handler",
    "dept_handler",
    "police_liaison",
    "intake_clerk",
    "mediation_acceptor",
    "mediator",
    "mediation_reviewer",
    "assessor",
    "org_admin",
    "party",
    "overseas_party",
    "liaison_witness",
    "judge_liaison",
    "court_clerk",
    "court_steward",
    "notary",
    "bank_user",
    "prosecutor",
    "child_protection_officer",
    "medical_reporter",
    "school_reporter",
    "crisis_lead",
    "counsellor",
    "guard_volunteer",
    "school_admin",
    "campus_operator",
    "volunteer",
    "team_leader",
    "alliance_operator",
    "landlord",
    "tenant",
    "property_manager",
    "merchant",
    "site_manager",
    "risk_analyst",
    "district_dispatcher",
    "district_duty_director",
    "supervisor",
    "performance_assessor",
    "data_steward",
    "privacy_officer",
    "auditor",
    "sys_admin",
]
BESIDES = {"arrive", "contact", "note", "appeal", "link", "lower_confidentiality", "fill_in", "outcome"}
PLAIN = re.compile(
    r"^(case:read|case:read_c[234]|case:read_own|desk:use|requests:(ask|answer)|settings:edit|audit:read|codes:make|import:run|glass:break"
    r"|tokens:make|cockpit:see|duty:edit|people:edit|connectors:edit|consents:see|retention:run|webhooks:edit|cases:export|texts:edit)$"
)

CARRIED = {line.key: set(line.permissions) for line in table()}


def carries(post: str, permission: str) -> bool:
    kind, _colon, move = permission.partition(":")
    return permission in CARRIED[post] or (kind != "*" and f"*:{move}" in CARRIED[post])


def test_every_post_of_the_handbook_is_there_in_both_languages_and_none_twice():
    keys = [line.key for line in table()]
    assert len(keys) == len(set(keys))
    assert set(keys) == {*HANDBOOK, "machine", "import"}
    assert all(line.title and re.search(r"[\u4e00-\u9fff]", line.title_zh) for line in table())
    assert all(line.scope in {"area", "organisation", "own"} for line in table())


@pytest.mark.parametrize("post", sorted(CARRIED))
def test_a_post_carries_only_moves_of_the_alphabet_and_known_permissions(post):
    for permission in CARRIED[post]:
        move = permission.partition(":")[2]
        assert PLAIN.match(permission) or move in MOVES or move in BESIDES, permission
    assert len(CARRIED[post]) == len(set(CARRIED[post]))


def test_every_move_is_carried_by_somebody():
    for move in MOVES:
        assert any(carries(post, f"grid_report:{move}") for post in CARRIED), move


@pytest.mark.parametrize(
    ("post", "permission"),
    [
        ("grid_worker", "grid_report:verify_fail"),
        ("town_dispatcher", "whistle:verify_pass"),
        ("mediation_acceptor", "mediation:assign"),
        ("mediation_reviewer", "mediation:close"),
    ],
)
def test_the_holes_of_the_handbook_are_mended(post, permission):
    assert carries(post, permission)


@pytest.mark.parametrize(
    ("post", "permission"),
    [
        ("station_handler", "grid_report:verify_pass"),
        ("station_handler", "grid_report:close"),
        ("dept_handler", "grid_report:close"),
        ("town_dispatcher", "grid_report:feed_back"),
        ("town_dispatcher", "grid_report:start"),
        ("town_dispatcher", "grid_report:verify_pass"),
        ("intake_clerk", "mediation:feed_back"),
        ("mediation_reviewer", "mediation:feed_back"),
        ("mediator", "mediation:verify_pass"),
        ("grid_leader", "grid_report:settle_on_spot"),
        ("grid_worker", "case:read_c3"),
        ("grid_worker", "case:read_c4"),
        ("supervisor", "case:read_c3"),
        ("alliance_operator", "case:read"),
        ("auditor", "case:read"),
        ("sys_admin", "case:read"),
        ("sys_admin", "glass:break"),
        ("anonymous_reporter", "desk:use"),
        ("resident", "case:read"),
    ],
)
def test_what_the_handbook_says_never_is_never(post, permission):
    assert not carries(post, permission)


def test_whoever_can_do_much_needs_a_second_factor():
    privileged = {line.key for line in table() if line.privileged}
    assert privileged == {"district_dispatcher", "district_duty_director", "auditor", "privacy_officer", "sys_admin"}


def test_only_named_posts_may_read_what_is_sealed():
    assert {post for post in CARRIED if carries(post, "case:read_c4")} == {
        "prosecutor",
        "child_protection_officer",
        "crisis_lead",
        "counsellor",
        "machine",
    }


def test_the_rows_are_the_table(db):
    held = {key: set(entry.permissions) for key, entry in catalogue.posts().items()}
    assert held == CARRIED


def test_seeding_again_keeps_what_the_centre_changed_and_drops_what_the_table_dropped(db):
    PostPermission.objects.filter(post_id="supervisor", permission="*:reopen").update(granted=False, origin="centre")
    PostPermission.objects.create(post_id="volunteer", permission="desk:use", origin="centre")
    PostPermission.objects.create(post_id="volunteer", permission="*:close", origin="seed")
    Post.objects.filter(pk="volunteer").update(title="Changed")
    seed_reference()
    assert "*:reopen" not in catalogue.post("supervisor").permissions
    assert "desk:use" in catalogue.post("volunteer").permissions
    assert "*:close" not in catalogue.post("volunteer").permissions
    assert catalogue.post("volunteer").title == "Volunteer"


def test_a_title_is_in_the_readers_language(db):
    assert catalogue.post("grid_worker").title_in("zh-hans") == "专职网格员"
    assert catalogue.post("grid_worker").title_in("en") == "Grid worker"
    assert catalogue.post("no_such_post").permissions == frozenset()


def test_the_system_may_archive_but_not_assign(db):
    sweeper = machine("sweeper")
    assert sweeper.may("grid_report:archive")
    assert not sweeper.may("grid_report:assign")
    assert machine("import").may("grid_report:assign")
