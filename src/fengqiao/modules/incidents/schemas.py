"""What the moves of this module ask beyond what every case asks."""

from uuid import UUID

from fengqiao.base.words import _
from fengqiao.cases import terms
from fengqiao.cases.schemas import TO_PROVE, TO_TELL, Asked, Assign, Line, Text, Triage, asked


class SendOut(Assign, Triage):
    """t03, t06 and t08 in one form: what it is and whose it is."""


class SpotPictures(Asked):
    """t07: done on the spot; one picture of before and one of after."""

    text: Text = asked(_("What was done"), widget="long_text", min_length=2, max_length=2000, purpose=TO_TELL)
    files: list[UUID] = asked(_("Pictures, before and after"), widget="photo", default_factory=list, max_length=9, purpose=TO_PROVE)


class Answer(Asked):
    """The clerk's own answer, which goes to the reporter's page as it stands."""

    category: str = asked(_("Kind of matter"), widget="category", default="1001", min_length=2, max_length=8)
    outcome: terms.Outcome = asked(_("Result"), widget="choice", default=terms.Outcome.ANSWERED, purpose=TO_TELL)
    text: Text = asked(_("Answer, in plain words"), widget="long_text", min_length=4, max_length=4000, purpose=TO_TELL)
    files: list[UUID] = asked(_("Photos or documents"), widget="photo", default_factory=list, max_length=9, purpose=TO_TELL)


class Answered(Answer):
    """An answer together with who gave it: the clerk's organisation leads, and the reporter was written to."""

    lead: UUID | None
    contact: str = "written"


class Review(Asked):
    """t15 of an answer: the clerk reads what a department wrote before the reporter does."""

    review: Text = asked(
        _("Is every question answered, in plain words?"), widget="long_text", min_length=2, max_length=1000, purpose=TO_PROVE
    )


class PassOn(Asked):
    """The clerk's assessment, with which the town goes on (B35)."""

    reason: Text = asked(
        _("Assessment: what it is about, and why the town must take it"), widget="long_text", min_length=4, max_length=2000
    )


class Convert(Asked):
    """It turned out to be something else."""

    kind: str = asked(_("Goes on as"), widget="choice_remote", source="/api/loops", pattern=r"^[a-z_]+$", max_length=30)
    category: str = asked(_("Kind of matter"), widget="category", min_length=2, max_length=8)
    reason: Text = asked(_("Why"), widget="long_text", default="", max_length=1000)
    name: Line = asked(_("Name of whoever reported, for a dispute"), default="", purpose=TO_TELL)
    phone: Line = asked(_("Their telephone, for a dispute"), default="", purpose=TO_TELL)


class Converted(Convert):
    """A conversion together with the case that goes on."""

    master: UUID
