"""An actor may what the post carries, and an act knows its moment."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from fengqiao.base.act import Act, Actor, ActorKind


def dispatcher(*permissions: str) -> Actor:
    return Actor(ActorKind.PERSON, "p1", ranges=(("990101001", "990101001~"),), permissions=frozenset(permissions))


def test_a_permission_for_one_kind_does_not_reach_another() -> None:
    actor = dispatcher("mediation:accept")
    assert actor.may("mediation:accept")
    assert not actor.may("grid_report:accept")


def test_a_star_stands_for_every_kind_but_for_one_move() -> None:
    actor = dispatcher("*:accept")
    assert actor.may("grid_report:accept")
    assert not actor.may("grid_report:close")
    assert not actor.may("accept")


def test_nobody_may_everything_by_asking_for_the_star() -> None:
    assert not dispatcher("grid_report:accept").may("*:accept")


def test_a_range_holds_its_subtree_and_nothing_beside_it() -> None:
    actor = dispatcher()
    assert actor.covers("990101001")
    assert actor.covers("990101001003002")
    assert not actor.covers("990101002")
    assert not actor.covers("990101")


def test_an_act_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Act(UUID(int=1), dispatcher(), datetime(2026, 1, 1))  # noqa: DTZ001  that is the point
    assert Act(UUID(int=1), dispatcher(), datetime(2026, 1, 1, tzinfo=UTC)).channel == "desk"
