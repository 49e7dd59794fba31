"""What is filled in at the way in beyond what every report asks."""

from fengqiao.across.intake.terms import Consent
from fengqiao.base.words import _
from fengqiao.cases.schemas import TO_PROVE, Report, asked


class FiledFor(Report):
    """A report that somebody files for somebody else, who agreed to it (agency_filing)."""

    consent: Consent = asked(_("How they agreed"), widget="choice", purpose=TO_PROVE)
