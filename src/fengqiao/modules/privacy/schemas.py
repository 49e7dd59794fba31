"""What a request about personal data asks beyond what every case asks."""

from fengqiao.base.words import _
from fengqiao.cases.erasing import Part
from fengqiao.cases.schemas import TO_PROVE, TO_TELL, Asked, Assign, Report, Text, Triage, asked
from fengqiao.modules.privacy.terms import Decision, Wish


class Ask(Report):
    """t01: what is wanted."""

    wish: Wish = asked(_("What do you want?"), widget="choice", default=Wish.WHY)


class HandOver(Assign, Triage):
    """t03, t06 and t08 in one form: it goes to the privacy officer."""

    category: str = asked(_("Kind of matter"), widget="category", default="1009", min_length=2, max_length=8)


class Decide(Asked):
    """t14: the decision; nothing is deleted before a second person has read it."""

    outcome: Decision = asked(_("Decision"), widget="choice", purpose=TO_TELL)
    part: Part | None = asked(_("If it is granted: what is deleted"), widget="choice", default=None)
    correction: Text = asked(_("If it is corrected: what is right"), widget="long_text", default="", max_length=2000)
    text: Text = asked(_("What whoever asked is told, with the reason"), widget="long_text", min_length=4, max_length=2000, purpose=TO_TELL)


class Confirm(Asked):
    """t15: a second person has read the request and the decision."""

    review: Text = asked(
        _("Is it theirs, does the law let it go, is everything answered?"), widget="long_text", min_length=2, max_length=1000,
        purpose=TO_PROVE,
    )  # fmt: skip
