"""What the moves of a mediation ask."""

from uuid import UUID

from fengqiao.base.words import _
from fengqiao.cases.schemas import TO_PROVE, TO_TELL, Asked, Assign, Line, Report, Start, Text, Triage, asked
from fengqiao.modules.mediation.terms import Ending, Side, Source


class Apply(Report):
    """t01: what the dispute is about, and who the other side is."""

    source: Source = asked(_("How it came to us"), widget="choice", default=Source.APPLICATION)
    respondent: Line = asked(_("The other side: name"), default="")
    respondent_phone: Line = asked(_("The other side: telephone"), default="", pattern=r"^[0-9+\- ]*$")
    wish: Text = asked(_("What would settle it?"), widget="long_text", default="", max_length=2000)


class HandOver(Assign, Triage):
    """A quarrel straight to a committee: taken in and given on in one form."""


class Undertake(Asked):
    """t09: the mediator takes it on, and has no part in it."""

    no_interest: bool = asked(
        _("I am not related to either side and have no interest in the matter"), widget="switch", default=False, purpose=TO_PROVE
    )


class Begin(Start):
    """t11: both sides know their rights and both want it (L1 §11, 17, 23)."""

    rights_told: bool = asked(_("Both sides were told their rights"), widget="switch", default=False, purpose=TO_PROVE)
    applicant_agrees: bool = asked(_("Whoever applied agrees to mediation"), widget="switch", default=False, purpose=TO_PROVE)
    respondent_agrees: bool = asked(_("The other side agrees to mediation"), widget="switch", default=False, purpose=TO_PROVE)


class Conclude(Asked):
    """t14: how it ended; without an agreement, which other ways there are (L1 §26)."""

    outcome: Ending = asked(_("How it ended"), widget="choice", purpose=TO_TELL)
    text: Text = asked(
        _("Of an agreement: who does what, how and by when. Otherwise: what stood in the way"), widget="long_text", min_length=4,
        max_length=4000, purpose=TO_TELL,
    )  # fmt: skip
    remedies: Text = asked(
        _("The other ways that both sides were told: arbitration, review, court"), widget="long_text", default="", max_length=2000,
        purpose=TO_TELL,
    )  # fmt: skip
    files: list[UUID] = asked(_("Agreement and papers"), widget="photo", default_factory=list, max_length=9, purpose=TO_PROVE)


class Declined(Asked):
    """A side says no: it ends here, and both are told the other ways."""

    side: Side = asked(_("Who does not want it"), widget="choice", purpose=TO_PROVE)
    contact: str = asked(
        _("How they said so"), widget="choice", default="called", pattern=r"^(called|arrived|written)$",
        x_choices=["called", "arrived", "written"],
    )  # fmt: skip
    text: Text = asked(_("What they said"), widget="long_text", min_length=2, max_length=2000, purpose=TO_PROVE)
    remedies: Text = asked(
        _("The other ways that both sides were told: arbitration, review, court"), widget="long_text", min_length=4, max_length=2000,
        purpose=TO_TELL,
    )  # fmt: skip


class Refusal(Declined):
    """The same, as the result of the case."""

    outcome: Ending = Ending.PARTY_REFUSED


class OnTheSpot(Asked):
    """The light path: settled there and then by word of mouth, in two minutes (L1 §28: an oral agreement is recorded)."""

    category: str = asked(_("Kind of matter"), widget="category", default="1101", min_length=2, max_length=8)
    applicant_agrees: bool = asked(_("Whoever applied agrees to mediation"), widget="switch", default=False, purpose=TO_PROVE)
    respondent_agrees: bool = asked(_("The other side agrees to mediation"), widget="switch", default=False, purpose=TO_PROVE)
    text: Text = asked(
        _("What they agreed: who does what, and by when"), widget="long_text", min_length=4, max_length=2000, purpose=TO_TELL
    )
    files: list[UUID] = asked(_("A photo, if you like"), widget="photo", default_factory=list, max_length=3, purpose=TO_PROVE)


class Settled(OnTheSpot):
    """The same, with what every move on the way asks."""

    lead: UUID | None
    contact: str = "arrived"
    outcome: Ending = Ending.AGREED_ORALLY


class ReviewFile(Asked):
    """t15: somebody who did not mediate reads the file (B14)."""

    review: Text = asked(
        _("Is everything in the file that must be: application, rights notice, identity, record, agreement?"), widget="long_text",
        min_length=4, max_length=2000, purpose=TO_PROVE,
    )  # fmt: skip
