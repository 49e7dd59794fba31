"""Reference data of cases, held in the process and dropped when its edition changes."""

from collections.abc import Mapping

from fengqiao.base.errors import Invalid
from fengqiao.base.words import _
from fengqiao.cases.models import Category
from fengqiao.loop.terms import C4
from fengqiao.people import reference


class NoSuchCategory(Invalid):
    """The code is not in the tree, or only a class."""

    message = _("There is no kind of matter with the code “{code}”. Choose one from the list.")


class SealedDeskMissing(Invalid):
    """C4 is dealt with in a compartment of its own; a house without such a desk must not take it in and hide it."""

    message = _("Matters of this kind are taken in person and kept sealed. Call 110 in danger, 12338 for women, 12355 for young people.")


@reference.cached("cases")
def categories() -> Mapping[str, Category]:
    """Return the whole tree by code; what was retired is still called by its name on the cases that stand."""
    return {row.code: row for row in Category.objects.all()}


def choosable() -> tuple[Category, ...]:
    """Return what a new case may be: everything that was not retired."""
    return tuple(row for row in categories().values() if row.active)


def category(code: str) -> Category:
    """Return one kind of matter; raises ``NoSuchCategory``."""
    found = categories().get(code)
    if found is None or found.parent_id is None or not found.active:
        raise NoSuchCategory(code=code, fields={"category": str(NoSuchCategory.message)})
    if found.confidentiality >= C4:
        raise SealedDeskMissing(fields={"category": str(SealedDeskMissing.message)})
    return found
