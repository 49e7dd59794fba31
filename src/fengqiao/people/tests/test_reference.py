"""The memory of reference data."""

from fengqiao.people import reference


def counting(edition: str):
    calls = []

    @reference.cached(edition, size=2)
    def load(key: str = "") -> int:
        calls.append(key)
        return len(calls)

    return load, calls


def test_what_was_read_once_is_not_read_again():
    load, calls = counting("t1")
    assert load("a") == load("a") == 1
    assert calls == ["a"]


def test_another_edition_drops_what_is_held():
    load, calls = counting("t2")
    reference.check({"t2": 5})
    load("a")
    reference.check({"t2": 5})
    load("a")
    assert len(calls) == 1
    reference.check({"t2": 6})
    load("a")
    assert len(calls) == 2


def test_an_edition_that_went_back_drops_too():
    load, calls = counting("t3")
    reference.check({"t3": 6})
    load("a")
    reference.check({"t3": 5})
    load("a")
    assert len(calls) == 2


def test_another_edition_leaves_the_rest_alone():
    load, calls = counting("t4")
    reference.check({"t4": 1, "t5": 1})
    load("a")
    reference.check({"t4": 1, "t5": 2})
    load("a")
    assert len(calls) == 1


def test_what_was_being_read_while_the_edition_changed_is_given_but_not_kept():
    calls = []

    @reference.cached("t6")
    def load() -> int:
        calls.append(1)
        if len(calls) == 1:
            reference.forget("t6")
        return len(calls)

    assert load() == 1
    assert load() == 2
    assert load() == 2


def test_the_memory_does_not_grow_without_end():
    load, _calls = counting("t7")
    for key in "abcdefgh":
        load(key)
    assert len(load._answers) <= 2


def test_an_empty_answer_is_remembered_too():
    calls = []

    @reference.cached("t8")
    def load() -> None:
        calls.append(1)

    load()
    load()
    assert calls == [1]
