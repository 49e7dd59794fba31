"""New ids sort by birth; derived ids are always the same."""

import time
from uuid import RFC_4122

from fengqiao.base.clock import now
from fengqiao.base.ids import derived_id, new_id


def test_a_new_id_is_a_uuid_of_version_seven() -> None:
    made = new_id()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert abs((made.int >> 80) / 1000 - now().timestamp()) < 5


def test_ids_made_later_sort_later_and_never_meet() -> None:
    first = new_id()
    time.sleep(0.002)
    assert first < new_id()
    assert len({new_id() for _ in range(2000)}) == 2000


def test_the_same_parts_give_the_same_id_and_no_others_do() -> None:
    assert derived_id("ab", "c") == derived_id("ab", "c")
    assert derived_id("ab", "c") != derived_id("a", "bc")
    assert derived_id("1:a") != derived_id("a")
