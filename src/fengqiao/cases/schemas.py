"""What each move asks, unless a module asks for something else. Parsed once, at the door.

Every field says for what purpose it is asked (L9 §5-6): a form without purposes cannot be published.
"""

from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr

from fengqiao.base.words import Words, _
from fengqiao.cases import terms
from fengqiao.loop.terms import Level

TO_HANDLE = _("To handle this case")
TO_TELL = _("To tell the reporter what was done")
TO_PROVE = _("To show later what was done and by whom")


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("NUL")
    return text


Text = Annotated[str, AfterValidator(_without_nul)]
Line = Annotated[str, Field(max_length=200), AfterValidator(_without_nul)]


def asked(title: Words, *, widget: str = "text", purpose: Words = TO_HANDLE, default: Any = ..., source: str = "", **more: Any) -> Any:
    """Return a field of a form: its label, its widget (decision 29) and what it is asked for."""
    extra: dict[str, Any] = {"x-widget": widget, "x-purpose": purpose, "x-title": title}
    for name in [name for name in more if name.startswith("x_")]:
        extra[name.replace("_", "-")] = more.pop(name)
    if source:
        extra["x-source"] = source
    if "default_factory" in more:
        return Field(title=str(title), json_schema_extra=extra, **more)
    return Field(default, title=str(title), json_schema_extra=extra, **more)


class Asked(BaseModel):
    """The root of everything a move asks: nothing unknown is accepted, white space at the ends is dropped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, use_enum_values=True)
    _before: "Asked | None" = PrivateAttr(None)

    def facts(self) -> dict[str, Any]:
        """Return what was said, as plain values."""
        return self.model_dump()

    def sent(self) -> dict[str, Any]:
        """Return what came in at the door, without what the house has added since: by this a resend is recognised."""
        return (self._before or self).facts()

    def together(self, wider: type["Wider"], **known: Any) -> "Wider":
        """Return what was said together with what the house knows of it, such as for which organisation somebody answers."""
        whole = wider(**{**self.facts(), **known})
        whole._before = self._before or self
        return whole


Wider = TypeVar("Wider", bound=Asked)


class Note(Asked):
    """A move that asks nothing but lets one say something."""

    note: Text = asked(_("Note"), widget="long_text", default="", max_length=2000)


class Place(Asked):
    """Where something is, WGS 84."""

    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    accuracy: float | None = Field(None, ge=0, le=100_000)


class Report(Asked):
    """t01: what is wrong, and where."""

    category: str = asked(_("Kind of matter"), widget="category", default="", max_length=8)
    text: Text = asked(_("What is the matter?"), widget="long_text", min_length=2, max_length=4000)
    title: Line = asked(_("Title"), default="", x_hidden_on_report=True)
    place: Place | None = asked(_("Place on the map"), widget="place", default=None)
    address: Line = asked(_("Address or place in words"), default="")
    area: str = asked(
        _("Village, community or grid"), widget="choice_remote", source="/api/areas", default="", max_length=15, pattern=r"^\d*$"
    )
    photos: list[UUID] = asked(_("Photos"), widget="photo", default_factory=list, max_length=9)
    name: Annotated[str, AfterValidator(_without_nul)] = asked(_("Your name"), default="", max_length=60, purpose=TO_TELL)
    phone: Annotated[str, AfterValidator(_without_nul)] = asked(
        _("Telephone"), default="", max_length=30, pattern=r"^[0-9+\- ]*$", purpose=TO_TELL
    )


class Reject(Asked):
    """t04: the coded reason and where to go instead."""

    reason: terms.Reject = asked(_("Reason"), widget="choice", purpose=TO_TELL)
    remedy: Text = asked(_("What the reporter can do instead"), widget="long_text", min_length=4, max_length=1000, purpose=TO_TELL)


class Merge(Asked):
    """t05: the case that goes on for both."""

    master: UUID = asked(_("Goes on as"), widget="choice_remote", source="/api/cases?box=all")
    reason: Line = asked(_("Why it is the same"), default="")


class Triage(Asked):
    """t06: what it is, how fast it must go and who may see it."""

    category: str = asked(_("Kind of matter"), widget="category", min_length=2, max_length=8)
    sla: str | None = asked(
        _("Limit class"), widget="choice", default=None, pattern=r"^S[0-5]$", x_choices=["S0", "S1", "S2", "S3", "S4", "S5"]
    )
    confidentiality: int | None = asked(_("Confidentiality"), widget="number", default=None, ge=0, le=4)
    level: Level | None = asked(_("Level that owns it"), widget="choice", default=None)
    public_danger: bool | None = asked(_("Danger to the public: the clock runs through the night"), widget="switch", default=None)
    note: Text = asked(_("Note"), widget="long_text", default="", max_length=2000)


class Assign(Asked):
    """t08: one lead and any number of assisting organisations."""

    lead: UUID = asked(_("Lead organisation"), widget="organisation", source="/api/organisations")
    assisting: list[UUID] = asked(
        _("Assisting organisations"), widget="organisations", source="/api/organisations", default_factory=list, max_length=10
    )
    note: Text = asked(_("Order"), widget="long_text", default="", max_length=2000)


class Object(Asked):
    """t10: not competent, and why."""

    reason: Text = asked(_("Why this is not ours"), widget="long_text", min_length=4, max_length=1000)
    whose: UUID | None = asked(_("Whose it is"), widget="organisation", source="/api/organisations", default=None)


class Start(Asked):
    """t11: the first contact, or being there."""

    contact: str = asked(
        _("First contact"), widget="choice", default="called", pattern=r"^(called|arrived|written|guarded)$",
        x_choices=["called", "arrived", "written", "guarded"],
    )  # fmt: skip
    note: Text = asked(_("What was said or seen"), widget="long_text", default="", max_length=2000)
    place: Place | None = asked(_("Place"), widget="place", default=None, purpose=TO_PROVE)


class Pause(Asked):
    """t13: the clock stops for a reason of the closed list, until a date."""

    reason: str = asked(
        _("Why the clock stops"), widget="choice", pattern=r"^(appraisal|party_materials|force_majeure|court_time)$",
        x_choices=["appraisal", "party_materials", "force_majeure", "court_time"],
    )  # fmt: skip
    resume_on: datetime = asked(_("Goes on at"), widget="datetime")
    note: Text = asked(_("Note"), widget="long_text", default="", max_length=1000)


class Extend(Asked):
    """t12: more time, once, with a reason that the reporter is told."""

    amount: int = asked(_("How many more"), widget="number", ge=1, le=60)
    unit: str = asked(_("Unit"), widget="choice", default="working_day", pattern=r"^(working_hour|working_day|natural_day)$",
                      x_choices=["working_hour", "working_day", "natural_day"])  # fmt: skip
    reason: Text = asked(_("Reason, told to the reporter"), widget="long_text", min_length=4, max_length=1000, purpose=TO_TELL)


class Evidence(Asked):
    """A result with something that shows it."""

    outcome: terms.Outcome = asked(_("Result"), widget="choice", purpose=TO_TELL)
    text: Text = asked(_("What was done"), widget="long_text", min_length=2, max_length=4000, purpose=TO_TELL)
    files: list[UUID] = asked(_("Photos or documents"), widget="photo", default_factory=list, max_length=9, purpose=TO_PROVE)


class SettleOnSpot(Asked):
    """t07: done on the spot, with pictures of before and after."""

    text: Text = asked(_("What was done"), widget="long_text", min_length=2, max_length=2000, purpose=TO_TELL)
    files: list[UUID] = asked(_("Pictures, before and after"), widget="photo", default_factory=list, max_length=9, purpose=TO_PROVE)


class VerifyPass(Asked):
    """t15: somebody else confirms: a photo from the spot, what the reporter says, or the papers."""

    files: list[UUID] = asked(_("Photos from the spot"), widget="photo", default_factory=list, max_length=9, purpose=TO_PROVE)
    statement: Text = asked(_("What the reporter says"), widget="long_text", default="", max_length=2000, purpose=TO_PROVE)
    place: Place | None = asked(_("Where you stand"), widget="place", default=None, purpose=TO_PROVE)
    taken_at: datetime | None = asked(_("When the photo was taken"), widget="hidden", default=None, purpose=TO_PROVE)
    override_reason: Line = asked(_("If you are not near the place: why it can be checked from here"), default="", purpose=TO_PROVE)
    note: Text = asked(_("What was found"), widget="long_text", default="", max_length=2000, purpose=TO_PROVE)


class VerifyFail(Asked):
    """t16: not done, and what is missing."""

    reason: Text = asked(_("What is still missing"), widget="long_text", min_length=4, max_length=2000)
    files: list[UUID] = asked(_("Photos"), widget="photo", default_factory=list, max_length=9, purpose=TO_PROVE)


class Close(Asked):
    """t17: what the reporter is told."""

    message: Text = asked(_("Message to the reporter"), widget="long_text", default="", max_length=2000, purpose=TO_TELL)


class Rate(Asked):
    """t18: one to five stars."""

    rating: int = asked(_("Stars"), widget="number", ge=1, le=5, x_stars=True)
    text: Text = asked(_("What was good or bad"), widget="long_text", default="", max_length=1000)


class Reopen(Asked):
    """t19: it is not right yet, or the same thing has come back."""

    reason: Text = asked(_("What is not right yet"), widget="long_text", min_length=2, max_length=2000)
    recurrence: bool = asked(_("The same thing has come back"), widget="switch", default=False)


class Reason(Asked):
    """A move that must say why."""

    reason: Text = asked(_("Why"), widget="long_text", min_length=2, max_length=2000)


class Transfer(Asked):
    """t21: to a body outside, with a date to ask again."""

    body: Line = asked(_("Handed to"), min_length=2)
    external_number: Annotated[str, AfterValidator(_without_nul)] = asked(_("Their number"), default="", max_length=60)
    follow_up_on: datetime = asked(_("Ask again on"), widget="datetime")
    note: Text = asked(_("Note"), widget="long_text", default="", max_length=2000)


class Became(Asked):
    """f06: what became of it at the body outside; while that is not known, the day to ask again."""

    kind: terms.Elsewhere = asked(_("What became of it"), widget="choice", purpose=TO_TELL)
    text: Text = asked(_("In words"), widget="long_text", min_length=2, max_length=2000, purpose=TO_TELL)
    follow_up_on: datetime | None = asked(_("If it is not known yet: ask again on"), widget="datetime", default=None)


class Supervise(Asked):
    """t24: a reminder, a yellow or a red card; the reply is due in one working day."""

    kind: str = asked(
        _("What is sent"), widget="choice", default="reminder", pattern=r"^(reminder|yellow|red)$", x_choices=["reminder", "yellow", "red"]
    )
    text: Text = asked(_("Text"), widget="long_text", default="", max_length=1000)


class PreCheck(Asked):
    """t02: somebody was there before the case is filed."""

    finding: str = asked(_("What was found"), widget="choice", pattern=r"^(true|false|other)$", x_choices=["true", "false", "other"])
    note: Text = asked(_("Note"), widget="long_text", default="", max_length=2000)
    files: list[UUID] = asked(_("Photos"), widget="photo", default_factory=list, max_length=9, purpose=TO_PROVE)
    place: Place | None = asked(_("Where you stand"), widget="place", default=None, purpose=TO_PROVE)


class Remark(Asked):
    """f01, f05: something that must be said in words."""

    text: Text = asked(_("Text"), widget="long_text", min_length=2, max_length=2000)
    files: list[UUID] = asked(_("Photos or documents"), widget="photo", default_factory=list, max_length=9)


class Contact(Asked):
    """f02: the reporter was reached."""

    how: str = asked(
        _("How"), widget="choice", default="called", pattern=r"^(called|written|visited)$", x_choices=["called", "written", "visited"]
    )
    note: Text = asked(_("What was said or seen"), widget="long_text", default="", max_length=2000)


class Arrive(Asked):
    """f03: somebody is on the spot; it may be guarded until it is repaired."""

    guarded: bool = asked(_("The spot is guarded"), widget="switch", default=False)
    place: Place | None = asked(_("Where you stand"), widget="place", default=None, purpose=TO_PROVE)
    note: Text = asked(_("What was said or seen"), widget="long_text", default="", max_length=2000)
    files: list[UUID] = asked(_("Photos"), widget="photo", default_factory=list, max_length=9, purpose=TO_PROVE)


class Emergency(Asked):
    """t23: forces go at once; what was skipped is filled in within a day."""

    sla: str = asked(_("Limit class"), widget="hidden", default="S0", pattern="^S0$")
    lead: UUID | None = asked(_("Lead organisation"), widget="organisation", source="/api/organisations", default=None)
    note: Text = asked(_("Order"), widget="long_text", default="", max_length=2000)


class FillIn(Triage):
    """f04: the steps that an emergency skipped."""

    lead: UUID | None = asked(_("Lead organisation"), widget="organisation", source="/api/organisations", default=None)


class Archive(Asked):
    """t26: by the machine, when all windows are over."""

    outcome: Line = asked(_("What became of it"), default="")


DEFAULTS: dict[str, type[Asked]] = {
    "report": Report, "pre_check": PreCheck, "accept": Note, "reject": Reject, "merge": Merge, "triage": Triage,
    "settle_on_spot": SettleOnSpot, "assign": Assign, "sign": Note, "object": Object, "start": Start, "extend": Extend,
    "pause": Pause, "resume": Note, "feed_back": Evidence, "verify_pass": VerifyPass, "verify_fail": VerifyFail, "close": Close,
    "rate": Rate, "reopen": Reopen, "upgrade": Reason, "transfer": Transfer, "auto_recheck": Note, "emergency": Emergency,
    "supervise": Supervise, "withdraw": Reason, "archive": Archive, "note": Remark, "contact": Contact, "arrive": Arrive,
    "fill_in": FillIn, "appeal": Remark, "outcome": Became,
}  # fmt: skip


class AskWhistle(Asked):
    """B6: who must come, by which whistle, on which lawful ground."""

    whistle: str = asked(
        _("Which whistle"),
        widget="choice",
        default="daily",
        pattern=r"^(daily|tough|emergency)$",
        x_choices=["daily", "tough", "emergency"],
    )
    ground: str = asked(_("Ground"), widget="choice", pattern=r"^(beyond_town|joint_enforcement|emergency)$",
                        x_choices=["beyond_town", "joint_enforcement", "emergency"])  # fmt: skip
    organisations: list[UUID] = asked(_("Who must come"), widget="organisations", source="/api/organisations", min_length=1, max_length=10)
    reason: Text = asked(_("What for"), widget="long_text", min_length=4, max_length=1000)


class AskAssistance(Asked):
    """Another organisation's help, which it may refuse with a reason."""

    organisation: UUID = asked(_("Whose help"), widget="organisation", source="/api/organisations")
    reason: Text = asked(_("What for"), widget="long_text", min_length=4, max_length=1000)


class AskSupervision(Asked):
    """Pressing for completion (督办): the reply is due in one working day."""

    text: Text = asked(_("What must be answered"), widget="long_text", min_length=4, max_length=1000)


ASKS: dict[str, type[Asked]] = {
    terms.RequestKind.EXTENSION: Extend,
    terms.RequestKind.PAUSE: Pause,
    terms.RequestKind.ASSISTANCE: AskAssistance,
    terms.RequestKind.SUPERVISION: AskSupervision,
    terms.RequestKind.WHISTLE: AskWhistle,
    terms.RequestKind.OBJECTION: Object,
    terms.RequestKind.APPEAL: Remark,
}


class Answer(Asked):
    """The outcome of a side request."""

    granted: bool = asked(_("Granted"), widget="switch")
    reply: Text = asked(_("Reply"), widget="long_text", default="", max_length=1000)
    lead: UUID | None = asked(_("Lead organisation"), widget="organisation", source="/api/organisations", default=None)
