"""What happens to a matter beside its main way: requests and their answers, parts, a step up, a step out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.base.act import Actor
from fengqiao.cases import family, limits, requests, schemas
from fengqiao.cases.terms import RequestKind
from fengqiao.simulation import hands
from fengqiao.simulation.cast import organisation
from fengqiao.simulation.play import Play, Written


def _extension(play: Play) -> None:
    longest = limits.longest_extension(play.case.sla, play.case.category, play.at.date())
    if longest is None or play.case.extensions:
        return
    more = {"amount": max(1, longest.amount // 2), "unit": str(longest.unit)}
    ask(play, RequestKind.EXTENSION, hands.handler(play), **more, reason="配件需从外地调运，到货后立即修复。")


def _pause(play: Play) -> None:
    if play.case.sla == "S0":
        return
    resume = play.at + timedelta(days=play.chance.randint(5, 15))
    ask(
        play,
        RequestKind.PAUSE,
        hands.handler(play),
        reason=play.chance.choice(("appraisal", "party_materials")),
        resume_on=resume,
        note="等待第三方鉴定报告。",
    )


def _assistance(play: Play) -> None:
    helper = organisation(play.town, "fire" if str(play.case.lead) != organisation(play.town, "fire") else "municipal")
    ask(play, RequestKind.ASSISTANCE, hands.handler(play), organisation=helper, reason="需要登高设备配合。")


def _supervision(play: Play) -> None:
    ask(play, RequestKind.SUPERVISION, play.cast.centre("supervisor"), text="报告人来电询问，请一个工作日内答复进度。")


def _whistle(play: Play) -> None:
    forces = [organisation(play.town, trade) for trade in ("fire", "market", "enforcement")]
    ask(play, RequestKind.WHISTLE, hands.dispatcher(play), whistle="tough", ground="joint_enforcement", organisations=forces,
         reason="多次劝导无效，请消防、市场、执法联合到场。")  # fmt: skip


def _part(play: Play) -> None:
    act, what = (
        play.act(hands.dispatcher(play)),
        Written("0401", ("desk",), "{spot}开挖后的路面需要恢复。管线修好后由市政补路面。", "路面已恢复平整。"),
    )
    asked = schemas.Report(category=what.category, text=what.text.format(spot=play.spot()), area=play.grid)
    part = Play(play.cast, play.chance, play.at, what, play.grid, "desk", parent=play)
    with acting(act):
        part.held = family.open_part(act, play.case.id, "incident", asked)
    part.refresh()
    play.parts.append(part)
    play.refresh()


def _upgrade(play: Play) -> None:
    handler = hands.handler(play)
    actor = handler if handler.may("incident:upgrade") else hands.dispatcher(play)
    play.move(actor, "upgrade", reason="涉及两个街道的管网，需区里牵头。")


def _transfer(play: Play) -> None:
    play.move(
        hands.dispatcher(play),
        "transfer",
        body="市轨道交通集团",
        external_number="GD-2026-118",
        follow_up_on=play.at + timedelta(days=20),
        note="设施由其管理，已函告。",
    )


def _contact(play: Play) -> None:
    play.move(hands.handler(play), "contact", how="called", note="电话告知报告人进度。")


BESIDE: dict[str, Callable[[Play], None]] = {
    "extension": _extension, "extension_refused": _extension, "pause": _pause, "assistance": _assistance, "supervision": _supervision,
    "whistle": _whistle, "part": _part, "upgrade": _upgrade, "transfer": _transfer, "contact": _contact,
}  # fmt: skip


def ask(play: Play, kind: RequestKind, actor: Actor, **said: object) -> None:
    act = play.act(actor)
    with acting(act):
        ids = requests.ask(act, play.case.id, kind, schemas.ASKS[kind](**said))
    play.asked += [(str(kind), id) for id in ids]
    play.refresh()


def appeal(play: Play, holder: Actor) -> None:
    play.move(holder, "appeal", text="第二次处理后仍有噪声，请重新核查。")
    with acting(machine_act("clock", play.at)):
        asked = requests.SideRequest.objects.filter(case_id=play.case.id, kind=RequestKind.APPEAL, status="pending")
        play.asked += [(str(RequestKind.APPEAL), one.id) for one in asked]


def answer(play: Play) -> None:
    """Answer the request that was asked first."""
    kind, id = play.asked.pop(0)
    addressee = _addressee(kind, id, play.at)
    granted, lead = play.chance.random() < 0.8, None
    if kind == "objection":
        # Whoever has meanwhile reported the result, or was relieved of the case, has nothing left to hand back.
        granted, lead = play.case.state in "DSH", organisation(play.town, "municipal")
        actor = play.cast.centre("district_dispatcher")
        reply = "经核对责任清单，改由市政养护站办理。" if granted else "案件已有进展，无须改派。"
    elif kind == "appeal":
        granted = granted and play.case.reopens < 3
        actor = play.cast.centre("district_dispatcher")
        reply = "经复核，责成重新办理。" if granted else "经区里另派人复核，处理结果属实，维持原结果。"
    elif addressee is not None:
        actor = play.cast.handler(str(addressee)) or hands.dispatcher(play)
        granted, reply = True, {"whistle": "已到场。", "assistance": "同意，今天下午带设备到。"}.get(kind, "正在办理，配件已到，明天完成。")
    else:
        granted = (granted or kind == "pause") and play.case.state == "H"
        actor, reply = hands.dispatcher(play), "同意。" if granted else "请先采取临时措施，不同意。"
    act = play.act(actor)
    with acting(act):
        requests.answer(act, id, schemas.Answer(granted=granted, reply=reply, lead=lead))
    play.refresh()


def _addressee(kind: str, id: UUID, at: datetime) -> UUID | None:
    if kind not in ("whistle", "assistance", "supervision"):
        return None
    with acting(machine_act("clock", at)):
        found: UUID | None = requests.SideRequest.objects.values_list("to_org", flat=True).get(id=id)
    return found
