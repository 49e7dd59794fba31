"""Stories that can be played in the demo, step by step: who acts, what they do, what there is to see.

Each step is done when the case's own events say so; so it does not matter whether a visitor did it by hand, as that
person, or let it happen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from fengqiao.access.acting import acting
from fengqiao.access.doors import actor_for, machine_act
from fengqiao.across.intake import services as intake
from fengqiao.across.intake.models import ReportCode
from fengqiao.base.act import Actor
from fengqiao.base.words import Words, _
from fengqiao.cases import numbers, schemas
from fengqiao.cases.models import Case, CaseEvent
from fengqiao.people.models import Appointment
from fengqiao.people.yunxi.staff import HOME_GRID, HOME_VILLAGE, QINGXI
from fengqiao.simulation.cast import Cast, holding_receipt, organisation
from fengqiao.simulation.play import Play, Written, written

RESIDENT = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whose turn it is, where it is done, what to see afterwards, and which events tell that it was done."""

    who: str
    title: Words
    what: Words
    see: Words
    opens: str
    done: tuple[str, ...]
    play: Callable[[Play], None]
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """A story with its steps."""

    key: str
    title: Words
    about: Words
    steps: tuple[Step, ...]
    channel: str
    minutes: int = 4


def as_one(username: str) -> Actor:
    """Return the actor of one of the demo's people, in the post they hold first."""
    rows = Appointment.objects.select_related("person", "organisation", "area").order_by("order")
    return actor_for(rows.get(person__username=username, order=0))


def written_about(category: str) -> Written:
    return next(one for one in written() if one.category == category)


# --- the fallen wire ------------------------------------------------------------------------------------------------


def _report_wire(play: Play) -> None:
    play.what = written_about("0509")
    _report(play, as_one("grid"), "小学门口", pictures=1)


def _send_out(play: Play) -> None:
    power = organisation(QINGXI, "power")
    play.move(as_one("dispatcher"), "send_out", category="0509", lead=power, note="有学生放学经过，请立即到场断电抢修。")


def _go_there(play: Play) -> None:
    play.move(as_one("handler"), "sign")
    play.move(as_one("handler"), "start", contact="arrived", note="已断电，现场拉好警戒线。")


def _repair(play: Play) -> None:
    play.move(as_one("handler"), "feed_back", pictures=1, outcome="fixed", text=written_about("0509").done)


def _check(play: Play) -> None:
    place = schemas.Place(lon=play.case.lon, lat=play.case.lat, accuracy=10) if play.case.lon and play.case.lat else None
    play.move(as_one("grid"), "verify_pass", pictures=1, place=place, note="电线已架好，路口恢复通行。")


def _close(play: Play) -> None:
    play.move(as_one("dispatcher"), "close", message="电线已修复，谢谢您及时报告。")


# --- the code in the stairwell --------------------------------------------------------------------------------------


def _ask(play: Play) -> None:
    play.what = written_about("1001")
    _report(play, play.cast.resident(), "1幢1单元")


def _answer(play: Play) -> None:
    play.move(as_one("clerk"), "answer", category="1001", text=written_about("1001").done)


def _suggest(play: Play) -> None:
    play.what = Written(
        "1008", ("qr",), "建议{spot}路口放学时段加一名志愿者。车太多，孩子要从车缝里穿过去。", "护学岗已排班，下周一起增加一人。"
    )
    _report(play, play.cast.resident(), "1幢1单元")


def _pass_on(play: Play) -> None:
    play.move(as_one("clerk"), "pass_on", reason="涉及校门口交通，社区无力安排，评估后请街道统筹。")


def _to_municipal(play: Play) -> None:
    play.move(as_one("dispatcher"), "assign", lead=organisation(QINGXI, "municipal"), note="请三个工作日内答复居民。")


def _write_answer(play: Play) -> None:
    station = as_one("municipal")
    play.move(station, "sign")
    play.move(station, "start", contact="written")
    play.move(station, "feed_back", outcome="answered", text="护学岗已排班，下周一起增加一人。")


def _deliver(play: Play) -> None:
    play.move(as_one("clerk"), "deliver", review="答复具体，有时间有人员，可以回给居民。")


def _rate(play: Play) -> None:
    play.move(holding_receipt(play.case), "rate", rating=5, text="回得快，说得清楚。")


def _report(play: Play, actor: Actor, where: str, pictures: int = 0) -> None:
    act = play.act(actor, play.channel)
    spot, (lon, lat) = f"{play.village_name}{where}", play.point()
    asked = schemas.Report(
        category=play.what.category, text=play.what.text.format(spot=spot), address=spot,
        place=schemas.Place(lon=lon, lat=lat, accuracy=12), photos=play.photos(act, pictures, mended=False) if pictures else [],
    )  # fmt: skip
    with acting(act):
        play.held = intake.report(act, asked, area=play.grid)
    play.refresh()


FALLEN_WIRE: Final = Story(
    "fallen-wire",
    _("The fallen wire"),
    _("On her round a grid worker sees a wire hanging over the road. Two hours later it is up again, and somebody has looked."),
    (
        Step(
            "grid",
            _("The grid worker reports it"),
            _("Choose “New case”, then the kind “Fallen or hanging wire”; write what you see, take a photo, tap the place."),
            _("The case is urgent and a danger to the public: its clock runs through the night. The receipt has a number and a code."),
            "new",
            ("report",),
            _report_wire,
        ),
        Step(
            "dispatcher",
            _("The town's command room sends it out"),
            _("Open the case. Accept, triage and assign in one form: the power station is proposed, with the reason."),
            _("The order shows who leads and until when. The rule that proposed it is named."),
            "case",
            ("assign",),
            _send_out,
        ),
        Step(
            "handler",
            _("The power station signs and goes there"),
            _("Sign for the order, then start: you have arrived."),
            _("The limit for signing has stopped, the limit for handling runs. The reporter can see who has it."),
            "case",
            ("start",),
            _go_there,
        ),
        Step(
            "handler",
            _("The wire is up again"),
            _("Report the result with a photo."),
            _("You cannot confirm your own work: the button is not there."),
            "case",
            ("feed_back",),
            _repair,
        ),
        Step(
            "grid",
            _("The grid worker checks on the spot"),
            _("Confirm with a photo from the place."),
            _("Three hundred metres away it would have been refused, or asked for a reason."),
            "case",
            ("verify_pass",),
            _check,
        ),
        Step(
            "dispatcher",
            _("Closed, and told"),
            _("Close it with a sentence for whoever reported it."),
            _("The story below the case tells it in sentences, each with its record in a chain that nobody can change."),
            "case",
            ("close",),
            _close,
        ),
    ),
    "grid",
)

STAIRWELL_QR: Final = Story(
    "stairwell-qr",
    _("The code in the stairwell"),
    _(
        "A resident scans the community's code and asks; the clerk answers. A neighbour suggests something bigger: "
        "it goes on to the town, and the answer comes back."
    ),
    (
        Step(
            RESIDENT,
            _("A resident scans the code and asks"),
            _("Choose “Question”, write it, send it. No account, no name."),
            _("The page shows the community's name and what is kept. The receipt has a number and six characters."),
            "code",
            ("report",),
            _ask,
        ),
        Step(
            "clerk",
            _("The community clerk answers"),
            _("Open the question and write the answer."),
            _("One act took it all the way round: accepted, answered, delivered. No state was skipped."),
            "case",
            ("close",),
            _answer,
        ),
        Step(
            RESIDENT,
            _("A neighbour suggests something"),
            _("Scan the same code again and choose “Suggestion”."),
            _("The second message is a case of its own."),
            "code",
            ("report",),
            _suggest,
            1,
        ),
        Step(
            "clerk",
            _("The clerk assesses it and passes it on"),
            _("Choose “Assess and pass on to the town” and say why."),
            _("It is now the town's: level raised, reason noted."),
            "case",
            ("upgrade",),
            _pass_on,
            1,
        ),
        Step(
            "dispatcher",
            _("The town names who answers"),
            _("Assign it to the road maintenance station."),
            _("The clerk still sees it, the station has the order."),
            "case",
            ("assign",),
            _to_municipal,
            1,
        ),
        Step(
            "municipal",
            _("The station writes the answer"),
            _("Sign, start, write the answer."),
            _("It is not delivered yet: the clerk reads it first."),
            "case",
            ("feed_back",),
            _write_answer,
            1,
        ),
        Step(
            "clerk",
            _("The clerk reads it and delivers it"),
            _("Choose “Review and deliver the answer”."),
            _("The reporter's page shows the answer as it stands."),
            "case",
            ("close",),
            _deliver,
            1,
        ),
        Step(
            RESIDENT,
            _("The neighbour gives stars"),
            _("Look the receipt up with its number and code, and rate."),
            _("With one or two stars, “handle again” would be offered, once."),
            "receipt",
            ("rate",),
            _rate,
            1,
        ),
    ),
    "qr",
    6,
)

STORIES: Final = {story.key: story for story in (FALLEN_WIRE, STAIRWELL_QR)}


# --- where a story stands -------------------------------------------------------------------------------------------


def cases_of(story: Story, since: datetime, at: datetime) -> list[tuple[Case, set[str]]]:
    """Return the story's cases since it was begun, in order, each with the moves that were made."""
    person = as_one("grid").person
    with acting(machine_act("simulation", at)):
        found = Case.objects.filter(area__startswith=HOME_VILLAGE, channel__in=_channels(story), created_at__gte=since).order_by(
            "created_at"
        )
        if story.channel == "grid":
            found = found.filter(reporter=person)
        cases = list(found[: 1 + max(step.nth for step in story.steps)])
        moves: dict[UUID, set[str]] = {case.id: set() for case in cases}
        for case_id, move in CaseEvent.objects.filter(case_id__in=moves).values_list("case_id", "move"):
            moves[case_id].add(move)
    return [(case, moves[case.id]) for case in cases]


def _channels(story: Story) -> tuple[str, ...]:
    return ("grid", "desk") if story.channel == "grid" else (story.channel,)


def play_step(story: Story, step: Step, case: Case | None, at: datetime, stage: Cast) -> Case:
    """Let a step happen, by the same services as people use."""
    play = Play(stage, stage.chance, at, written_about("0509"), HOME_GRID, story.channel, held=case)
    step.play(play)
    return play.case


def code() -> str:
    """Return the token of a code that hangs in the home village."""
    found = ReportCode.objects.filter(area=HOME_VILLAGE, revoked_at=None).order_by("made_at", "label").first()
    return found.token if found else ""


def receipt(case: Case) -> tuple[str, str]:
    """Return what stands on the receipt, which in the demo anybody may see."""
    return case.number, numbers.receipt_code(case.number)
