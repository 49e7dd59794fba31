"""The reference page says what the data says."""

from pathlib import Path

from fengqiao.loop.reference import document

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "loop.md"


def test_the_page_is_the_one_the_data_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == document(), "run: python -m fengqiao.loop.reference > docs/reference/loop.md"
