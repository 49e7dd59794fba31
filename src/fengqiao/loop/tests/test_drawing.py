"""A loop is drawn from its data, in the reader's words."""

import re

from fengqiao.base.words import _
from fengqiao.loop.alphabet import C, F, H, R, V
from fengqiao.loop.definition import Loop, Path
from fengqiao.loop.drawing import mermaid
from fengqiao.loop.tests.cast import GRID

CRISIS = Loop("crisis", _("Crisis"), Path(R, H, F, V, C), titles={H: _("Somebody is: there")})


def test_every_state_and_every_arrow_of_the_path_is_drawn_and_no_other() -> None:
    drawn = mermaid(CRISIS)
    assert re.findall(r" as (\w)\n", drawn) == ["C", "Z", "R", "H", "F", "V"]
    arrows = {tuple(arrow) for arrow in re.findall(r"(\w) --> (\w)", drawn)}
    assert arrows == {("R", "H"), ("H", "F"), ("F", "V"), ("F", "H"), ("V", "C"), ("C", "Z"), ("R", "F")}


def test_words_are_the_loops_own_and_are_translated() -> None:
    chinese = {"Somebody is: there": "有人在场", "Confirm": "核实通过"}
    drawn = mermaid(CRISIS, lambda text: chinese.get(text, text))
    assert 'state "有人在场" as H' in drawn
    assert "F --> V : 核实通过" in drawn
    assert 'state "Somebody is· there" as H' in mermaid(CRISIS), "a colon would end the label"


def test_what_is_open_everywhere_is_drawn_once() -> None:
    drawn = mermaid(GRID)
    assert drawn.count("Transfer out") == drawn.count("Withdraw\n") == 1
    assert "open --> O : Transfer out" in drawn
